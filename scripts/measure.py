"""Measures what a user waits for: bytes on the wire and the time to the first vital sign.

Makes a demo home of its own, serves it, opens the board and the chair side in Chromium, cold and
warm, and prints a table. Beside it stands the limit: the same machine fetching the page alone.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
PASSWORD = "harbor demo phrase"
FIRST_VALUE = (
    "() => [...document.querySelectorAll('[data-channel] .v__n')]"
    ".some(n => /[0-9]/.test(n.textContent))"
)
RUNS = 5


def main() -> int:
    if not CHROMIUM:
        print("Chromium is missing. On Debian: apt-get install chromium")
        return 1
    with tempfile.TemporaryDirectory(prefix="leeward-measure-") as home:
        began = time.perf_counter()
        env = os.environ | {"LEEWARD_HOME": home + "/demo"}
        leeward = [sys.executable, "-m", "leeward.cli.main"]
        subprocess.run([*leeward, "demo", "--no-serve"], env=env, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        port = _free_port()
        server = subprocess.Popen([*leeward, "run", "--port", str(port)], env=env,
                                  start_new_session=True)  # fmt: skip
        try:
            _wait(port)
            print(f"demo made and first page served: {time.perf_counter() - began:.1f} s")
            _measure(f"http://127.0.0.1:{port}")
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(timeout=20)
    return 0


def _measure(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        print(f"{'page':<10}{'':<6}{'bytes':>9}{'requests':>10}{'first value, ms':>17}")
        for name, find in (("board", _board), ("session", _session)):
            cold = [_visit(browser, base, find, warm=False) for _ in range(RUNS)]
            warm = [_visit(browser, base, find, warm=True) for _ in range(RUNS)]
            for words, seen in (("cold", cold), ("warm", warm)):
                middle = sorted(seen, key=lambda s: s[2])[RUNS // 2]
                print(f"{name:<10}{words:<6}{middle[0]:>9}{middle[1]:>10}{middle[2]:>17.0f}")
        began = time.perf_counter()
        urllib.request.urlopen(base + "/help/").read()
        print(f"limit: a page without live parts in {1000 * (time.perf_counter() - began):.0f} ms")
        browser.close()


def _visit(browser: Browser, base: str, find, *, warm: bool) -> tuple[int, int, float]:  # type: ignore[no-untyped-def]
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(base + "/sign-in/")
    page.fill("[name=login]", "bea")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/board/**")
    url = find(page)
    if warm:
        page.goto(url)
        page.wait_for_function(FIRST_VALUE)
    else:
        context.clear_cookies(name="none")
        page.goto("about:blank")
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    weight = _weigh(page)
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_function(FIRST_VALUE, timeout=20_000)
    elapsed_ms = 1000 * (time.perf_counter() - began)
    context.close()
    return weight["bytes"], weight["requests"], elapsed_ms


def _weigh(page: Page) -> dict[str, int]:
    weight = {"bytes": 0, "requests": 0}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")

    def finished(event: dict[str, float]) -> None:
        weight["bytes"] += int(event["encodedDataLength"])
        weight["requests"] += 1

    network.on("Network.loadingFinished", finished)
    return weight


def _board(page: Page) -> str:
    return page.url


def _session(page: Page) -> str:
    link = page.locator("a.tile[href*='/sessions/']:not([href*='discharge'])").first
    return page.url.split("/board/")[0] + str(link.get_attribute("href"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/help/").read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not answer within a minute")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    sys.exit(main())
