"""What `handgrad watch` waits for: keys of a terminal without Enter, and saved files."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

Stamp = tuple[int, int]

_NAMES = {
    "\x1b[A": "up", "\x1b[B": "down", "\x1bOA": "up", "\x1bOB": "down", "\x1b[5~": "page up", "\x1b[6~": "page down",
    "\x1b": "esc", "\r": "enter", "\n": "enter",
    "\xe0H": "up", "\xe0P": "down", "\xe0I": "page up", "\xe0Q": "page down",
}  # fmt: skip
_KEY = re.compile(r"\x1b[\[O][\d;]*[A-Za-z~]|\xe0.|.", re.DOTALL)


class Keys:
    """Source of single keys, without any key for an input that is no terminal; subclasses read a terminal."""

    def press(self, seconds: float) -> str:
        """Wait at most `seconds`, and return the pressed key, or ""; "q" at the end of the input.

        Arrows, Enter, Escape and the keys to page are words, such as `up`.
        """
        time.sleep(seconds)
        return ""

    def pause(self) -> None:
        """Give the terminal its usual settings, for another program."""

    def resume(self) -> None:
        """Read single keys again."""


@contextmanager
def keys() -> Iterator[Keys]:
    """Read single keys from the terminal inside the block, and restore its settings afterwards."""
    found = Keys() if not sys.stdin.isatty() else _Windows() if os.name == "nt" else _Terminal()
    found.resume()
    try:
        yield found
    finally:
        found.pause()


def _named(key: str) -> str:
    """Return the name of a key's characters; of an ordinary one the character, "" for an unknown sequence."""
    return _NAMES.get(key, key if len(key) == 1 else "")


class _Terminal(Keys):
    def __init__(self) -> None:
        import termios

        self._handle = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._handle)
        self._waiting: list[str] = []

    def press(self, seconds: float) -> str:
        import select

        if not self._waiting and select.select([self._handle], [], [], seconds)[0]:
            data = os.read(self._handle, 256)
            if not data:
                return "q"
            self._waiting = _KEY.findall(data.decode("utf-8", "replace"))
        return _named(self._waiting.pop(0)) if self._waiting else ""

    def pause(self) -> None:
        import termios

        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._before)

    def resume(self) -> None:
        import tty

        tty.setcbreak(self._handle)


class _Windows(Keys):
    def press(self, seconds: float) -> str:
        import msvcrt

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if msvcrt.kbhit():  # type: ignore[attr-defined]
                char = str(msvcrt.getwch())  # type: ignore[attr-defined]
                return _named(char + str(msvcrt.getwch()) if char == "\xe0" else char)  # type: ignore[attr-defined]
            time.sleep(0.02)
        return ""


class Files:
    """The .py files and notebooks below a folder, polled for changes, which works on every network drive.

    A changed file counts as saved when the next look finds it unchanged, because editors save in steps.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = self._look()
        self.moving: dict[str, Stamp] = {}
        """Files whose time or size had changed at the last look; they count as saved if the next finds the same."""

    def changed(self) -> list[str]:
        """Return the paths below the folder of the files that were saved and are stable, the latest last."""
        now = self._look()
        moved = {path: stamp for path, stamp in now.items() if self._known.get(path) != stamp}
        settled = [path for path, stamp in moved.items() if self.moving.get(path) == stamp]
        self.moving = moved
        for path in settled:
            self._known[path] = now[path]
        return sorted(settled, key=lambda path: now[path][0])

    def _look(self) -> dict[str, Stamp]:
        found: dict[str, Stamp] = {}
        for root, folders, files in os.walk(self._folder):
            folders[:] = [folder for folder in folders if not folder.startswith(".") and folder != "__pycache__"]
            for file in files:
                if not file.endswith((".py", ".ipynb")) or file.startswith("."):
                    continue
                path = os.path.join(root, file)
                try:
                    facts = os.lstat(path)
                except OSError:
                    continue  # an editor is replacing it
                found[os.path.relpath(path, self._folder)] = facts.st_mtime_ns, facts.st_size
        return found
