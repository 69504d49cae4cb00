"""Screenshots of the key screens, each at three widths, from a fresh demo: `make shots`.

Needs Chromium (Debian: apt-get install chromium) and playwright, which the development
environment holds. Writes `shots/<page>-<width>.png` and fails when a page answers with an error.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from leeward.demo.people import PASSPHRASE

WIDTHS = {1366: 768, 1180: 820, 390: 844}
PATIENCE_S = 90
# Long enough for the first vital signs to arrive and be painted.
SETTLE_MS = 3500


@dataclass(frozen=True)
class Shot:
    """A page: who opens it, where to begin, and links to follow from there by pattern."""

    name: str
    login: str | None
    begin: str
    follow: tuple[str, ...] = ()


UUID = "[0-9a-f-]{36}"
SHOTS = (
    Shot("front", None, "/"),
    Shot("sign-in", None, "/sign-in/"),
    Shot("help", None, "/help/"),
    Shot("board", "bea", "/board/"),
    Shot("session", "bea", "/board/", (rf"/sessions/{UUID}/$",)),
    Shot("discharge", "bea", "/board/", (rf"/sessions/{UUID}/discharge/$",)),
    Shot("patients", "dev", "/patients/"),
    Shot("import", "dev", "/patients/import/"),
    Shot("schedule", "dev", "/schedule/"),
    Shot("limits", "eve", "/limits/"),
    Shot("chart", "adams", "/patients/?search=Beatty", (rf"/patients/{UUID}/$",)),
    Shot("candidacy", "adams", "/patients/?search=Mercado",
         (rf"/patients/{UUID}/$", rf"/patients/{UUID}/candidacy/$")),
    Shot("plan", "adams", "/patients/?search=Delgado",
         (rf"/patients/{UUID}/$", rf"/patients/{UUID}/plan/$")),
    Shot("outcomes", "adams", "/patients/?search=Delgado",
         (rf"/patients/{UUID}/$", rf"/patients/{UUID}/outcomes/$")),
    Shot("note", "adams", "/board/",
         (rf"/sessions/{UUID}/discharge/$", rf"/sessions/{UUID}/note/$")),
    Shot("portal", "rosa", "/portal/"),
    Shot("questionnaire", "rosa", "/portal/", (rf"/portal/.*{UUID}",)),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("shots"))
    parser.add_argument("--only", default="", help="comma list of pages")
    parser.add_argument("--width", type=int, action="append", choices=sorted(WIDTHS))
    args = parser.parse_args()
    wanted = [s for s in SHOTS if not args.only or s.name in args.only.split(",")]
    args.out.mkdir(parents=True, exist_ok=True)
    with served_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        faults = [
            fault
            for width in args.width or WIDTHS
            for fault in take(browser, address, wanted, width, args.out)
        ]
        browser.close()
    print("\n".join(faults) or f"{len(wanted)} pages in {args.out}/", file=sys.stderr)
    return 1 if faults else 0


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        sys.exit("Chromium is not installed. On Debian: apt-get install chromium")
    return found


@contextmanager
def served_demo() -> Iterator[str]:
    """A fresh demo in a home that is thrown away; gives its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tempfile.mkdtemp(prefix="leeward-shots-")
    process = subprocess.Popen(
        [sys.executable, "-m", "leeward.cli.main", "demo", "--port", str(port)],
        env=os.environ | {"LEEWARD_HOME": home}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(address: str, process: subprocess.Popen) -> None:
    give_up_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_s and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/sign-in/", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit("the demo does not answer")


def take(
    browser: Browser, address: str, wanted: list[Shot], width: int, out: Path
) -> Iterator[str]:
    """Take every page at one width; yields what went wrong."""
    contexts: dict[str | None, Page] = {}
    for shot in wanted:
        if shot.login not in contexts:
            page = browser.new_page(viewport={"width": width, "height": WIDTHS[width]})
            contexts[shot.login] = page
            if shot.login:
                _sign_in(page, address, shot.login)
        page = contexts[shot.login]
        errors: list[str] = []
        page.on("console", lambda m, to=errors: to.append(m.text) if m.type == "error" else None)
        if fault := _open(page, address, shot):
            yield f"{shot.name} at {width}: {fault}"
            continue
        page.wait_for_timeout(SETTLE_MS if "board" in shot.begin else 400)
        whole = shot.name not in ("board", "session")
        page.screenshot(path=out / f"{shot.name}-{width}.png", full_page=whole)
        yield from (f"{shot.name} at {width}: console: {text}" for text in errors)


def _sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.locator("input[type=text], input[name=login], input[name=username]").first.fill(login)
    page.locator("input[type=password]").fill(PASSPHRASE)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_load_state()
    if "/sign-in/" in page.url:
        sys.exit(f"{login} could not sign in: {page.locator('main').inner_text()[:300]}")


def _open(page: Page, address: str, shot: Shot) -> str | None:
    answer = page.goto(f"{address}{shot.begin}")
    for pattern in shot.follow:
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        found = next((link for link in links if re.search(pattern, link)), None)
        if found is None:
            return f"no link like {pattern} on {page.url}"
        answer = page.goto(found)
    if answer is None or answer.status >= 400:
        return f"{page.url} answers {answer.status if answer else 'nothing'}"
    return None


if __name__ == "__main__":
    sys.exit(main())
