"""Grade the sample class and take the README's pictures of it: `make screens`.

Needs Chromium and the extra `dev`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAMES = "dense,relu,conv2d,max_pool2d,softmax_cross_entropy,momentum"
# Picture → the page, its size in CSS pixels, and the element with which it begins.
SCREENS = {
    "class.png": ("index.html", (1000, 1060), "body"),
    "feedback.png": ("check.html", (760, 720), "section.exercise"),
}


def main() -> None:
    """Write class.png and feedback.png beside this file."""
    with TemporaryDirectory() as name:
        run("grade", "examples/class", "-o", name, "--only", NAMES)
        run("check", "--path", "examples/class/overlap_bug", "--html", f"{name}/check.html", "max_pool2d")
        with sync_playwright() as playwright:
            found = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
            for picture in SCREENS:
                take(browser, Path(name), picture)
            browser.close()


def run(*words: str) -> None:
    """The command; its exit code says only that somebody's answer is wrong."""
    subprocess.run([sys.executable, "-m", "autograder", *words], cwd=ROOT, check=False, stdout=subprocess.DEVNULL)


def take(browser: Browser, results: Path, picture: str) -> None:
    """One picture, in the light theme."""
    path, (width, height), top = SCREENS[picture]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
    page.goto((results / path).as_uri())
    above = page.locator(top).evaluate("element => element.getBoundingClientRect().top")
    page.screenshot(path=HERE / picture, full_page=True, clip={"x": 0, "y": above, "width": width, "height": height})
    page.close()


if __name__ == "__main__":
    main()
