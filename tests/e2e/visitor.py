"""One person at a browser. What the console says against a page is kept and fails the story."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.cast import PASSWORD

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
WIDE = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
# The browser logs every answer that is not a success, also one that a page expects.
EXPECTED = ("status of 422",)
PATIENCE_MS = 20_000


@dataclass
class Visitor:
    """A browser of their own, signed in or not."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    awaited: str = "status of 200"

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on(
            "pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}")
        )

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open a page that answers so; what the browser says about another status is expected."""
        self.awaited = f"status of {status}"
        answer = self.page.goto(path if path.startswith("http") else self.address + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def sign_in(self, login: str) -> "Visitor":
        self.go("/sign-in/")
        self.page.get_by_label("Login").fill(login)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")
        expect(self.page).not_to_have_url(f"{self.address}/sign-in/")
        return self

    def press(self, name: str, *, within: str = "main", last: bool = False) -> None:
        found = self.page.locator(within).get_by_role("button", name=name)
        (found.last if last else found.first).click()

    def sees(self, text: str, *, within: str = "main") -> None:
        expect(self.page.locator(within).get_by_text(text).first).to_be_visible(
            timeout=PATIENCE_MS
        )

    def _hear(self, message: ConsoleMessage) -> None:
        text = message.text
        if message.type in ("error", "warning") and not _expected(text, self.awaited):
            self.complaints.append(f"{self.page.url}: {message.text}")


def _expected(text: str, awaited: str) -> bool:
    return any(words in text for words in (*EXPECTED, awaited))


@contextmanager
def visit(
    browser: Browser, address: str, *, size: dict | None = None, locale: str = "en-US"
) -> Iterator[Visitor]:
    """A fresh browser profile; leaving it fails on anything the console said."""
    context: BrowserContext = browser.new_context(
        viewport=size or WIDE, locale=locale, reduced_motion="reduce", accept_downloads=True
    )
    visitor = Visitor(context.new_page(), address)
    try:
        yield visitor
    finally:
        context.close()
    assert visitor.complaints == []
