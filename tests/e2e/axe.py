"""axe-core from npm, kept in the cache folder; without npm its stories are skipped by name."""

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

VERSION = "4.14.1"
CACHE = Path(__file__).parents[2] / ".cache" / "axe"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

UNSTICK = """() => document.querySelectorAll("main *").forEach((e) => {
  if (getComputedStyle(e).position === "sticky") e.style.position = "static"; })"""
RUN = """async (tags) =>
  (await axe.run(document, {runOnly: {type: "tag", values: tags}})).violations"""


def axe_script() -> str:
    """The source of axe-core, fetched once by npm."""
    package = CACHE / f"axe-core-{VERSION}.tgz"
    if not package.exists():
        _fetch()
    with tarfile.open(package) as archive:
        script = archive.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()


def violations(page: Page, script: str) -> list[str]:
    """What axe finds on the page as it stands, one line for each element."""
    # A bar that sticks to the edge lies over what has scrolled under it, and scrolls away.
    page.evaluate(UNSTICK)
    # Run by the debugger, not by the page: the page's own policy would refuse the script.
    page.evaluate(script)
    found = page.evaluate(RUN, TAGS)
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for rule in found
        for node in rule["nodes"]
    ]


def without(why: str) -> None:
    """A laptop may lack what the stories need, and says so; CI may not."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def _fetch() -> None:
    if shutil.which("npm") is None:
        without(f"axe-core {VERSION} is fetched by npm, which is not here (apt-get install npm)")
    CACHE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["npm", "pack", f"axe-core@{VERSION}", "--silent"],
        cwd=CACHE, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        without(f"npm could not fetch axe-core {VERSION}: {done.stderr.strip()[:200]}")
