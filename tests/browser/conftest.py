"""A real browser for what is shown in one: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def missing(words: str) -> None:
    """Skip on somebody's machine; fail where everything must be there."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(words)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window. One a module: its processes are gone before other tests count theirs."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing("no Chromium here: install Debian's package chromium to see what is shown in a browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("no Playwright here: pip install --editable '.[dev]'")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page that was opened, and what it did: words on its console, errors, and every request beyond itself."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def wide(self) -> bool:
        """Whether the page as a whole scrolls sideways."""
        return bool(self.page.evaluate("document.scrollingElement.scrollWidth > innerWidth"))

    def look(self, colour: Any, width: int = 1100, height: int = 800) -> None:
        """Show the page in a colour scheme, in a window of that size."""
        self.page.emulate_media(color_scheme=colour)
        self.page.set_viewport_size({"width": width, "height": height})


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """Open a window, in which one page after the other is shown: a new one costs more than a page."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(window: Page, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open a text as a file: visit(html, width=360, colour="dark"); afterwards the window is empty."""
    heard: list[tuple[Any, Any]] = []

    def emptied() -> None:
        """Nothing that the last page still does is heard, and the mouse lies on no element of the next one."""
        while heard:
            window.remove_listener(*heard.pop())
        window.goto("about:blank")
        window.mouse.move(0, 0)
        window.emulate_media(media="null")

    def opened(html: str, *, width: int = 1100, height: int = 800, colour: Any = "light") -> Visit:
        if heard:
            emptied()
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        seen = Visit(window)
        seen.look(colour, width, height)
        heard.extend((
            ("console", lambda message: seen.console.append(message.text)),
            ("pageerror", lambda error: seen.console.append(str(error))),
            ("request", lambda request: seen.requests.append(request.url)),
        ))  # fmt: skip
        for event, listener in heard:
            window.on(event, listener)
        window.goto(path.as_uri())
        seen.requests.remove(path.as_uri())
        return seen

    yield opened
    emptied()
