"""What is done at the chair while the infusion runs."""

import re

from playwright.sync_api import expect

from tests.e2e import walk
from tests.e2e.visitor import PATIENCE_MS, Visitor
from tests.e2e.walk import Course


def again(visitor: Visitor, course: Course) -> None:
    """After a difference both work it out again, and agree."""
    page = visitor.page
    page.get_by_text("Do it again").click()
    walk.time_out(visitor, course, "time-out-first")
    visitor.sees("Second person:")
    walk.time_out(visitor, course, "time-out-second")
    visitor.sees("Both agree")


def sees_live_numbers(visitor: Visitor) -> None:
    """Numbers with their age arrive from the replayed monitor through the gateway."""
    heart_rate = visitor.page.locator('.bignums [data-channel="hr"]')
    expect(heart_rate.locator(".v__n")).to_have_text(re.compile(r"\d"), timeout=PATIENCE_MS)
    expect(heart_rate.locator(".v__a")).to_have_text(re.compile(r"\d+ s"), timeout=PATIENCE_MS)


def tap_effect(visitor: Visitor, label: str) -> None:
    visitor.page.locator(".fx button", has_text=label).first.click()
    expect(visitor.page.locator(".fx__on", has_text=label)).to_be_visible()


def undo(visitor: Visitor, label: str) -> None:
    visitor.page.get_by_role("button", name=re.compile(f"^Undo .*{label}")).first.click()
    expect(visitor.page.locator(".fx__on", has_text=label)).to_have_count(0)


def change_rate(visitor: Visitor, rate_ml_per_h: str, reason: str) -> None:
    page = visitor.page
    page.locator("summary", has_text="Rate").click()
    page.locator("#rate-new").fill(rate_ml_per_h)
    page.locator("#rate-why").fill(reason)
    visitor.press("The rate is changed")
    expect(page.locator(".inf__rows")).to_contain_text(f"{rate_ml_per_h} mL/h")


def pause(visitor: Visitor, reason: str) -> None:
    page = visitor.page
    page.locator("summary", has_text="Pause").click()
    page.locator("#pause-why").fill(reason)
    visitor.press("The pump is paused")
    expect(page.locator(".inf__left")).to_contain_text("paused")


def resume(visitor: Visitor, rate_ml_per_h: str) -> None:
    page = visitor.page
    page.locator("#resume-rate").fill(rate_ml_per_h)
    visitor.press("The pump runs again")
    expect(page.locator(".inf__left")).to_contain_text("left")


def acknowledge_alarm(visitor: Visitor) -> None:
    """The recording crosses a limit of this clinic; the alarm appears by itself."""
    page = visitor.page
    bar = page.locator("[data-alarm] .alarm--medium, [data-alarm] .alarm--high")
    expect(bar.first).to_be_visible(timeout=60_000)
    button = page.get_by_role("button", name="acknowledge").first
    expect(button).to_be_visible(timeout=PATIENCE_MS)
    button.click()
    expect(page.locator("#body .rows").first).to_contain_text("seen")


def stop(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("summary", has_text="Stop").click()
    page.locator("#stop-why").select_option(value="patient asked")
    page.locator("#stop-volume").fill("0.5")
    visitor.press("The infusion is stopped for good")
    expect(page.get_by_role("link", name="Recovery and discharge")).to_be_visible()
