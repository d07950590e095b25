"""Single keys read from a terminal without Enter; none where the input is no terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Keys(Protocol):
    """Source of single keys."""

    def press(self, seconds: float) -> str:
        """Wait at most `seconds`, and return the pressed key, or ""; "q" at the end of the input."""
        ...


@contextmanager
def keys() -> Iterator[Keys]:
    """Read single keys from the terminal inside the block, and restore its settings afterwards."""
    if not sys.stdin.isatty():
        yield _Idle()
    elif os.name == "nt":
        yield _Windows()
    else:
        import termios
        import tty

        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)
        try:
            tty.setcbreak(handle)
            yield _Terminal(handle)
        finally:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)


class _Terminal:
    def __init__(self, handle: int) -> None:
        self._handle = handle

    def press(self, seconds: float) -> str:
        import select

        ready, _, _ = select.select([self._handle], [], [], seconds)
        if not ready:
            return ""
        data = os.read(self._handle, 16)  # arrow keys send several bytes and are ignored
        return "q" if not data else data.decode("utf-8", "replace") if len(data) == 1 else ""


class _Windows:
    def press(self, seconds: float) -> str:
        import msvcrt
        import time

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if msvcrt.kbhit():  # type: ignore[attr-defined]
                return str(msvcrt.getwch())  # type: ignore[attr-defined]
            time.sleep(0.02)
        return ""


class _Idle:
    def press(self, seconds: float) -> str:
        import time

        time.sleep(seconds)
        return ""
