"""Escaping of untrusted text for screens and logs."""

from __future__ import annotations

import re

# Characters that Unicode calls printable and that are invisible: fillers, joiners and variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for block in (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for point in block
}
# ##[error] and ##vso[task.complete]: some build services execute these anywhere in a line of their log.
_COMMAND = re.compile(r"(##\w*)\[")


def show(text: str) -> str:
    """Return `text` on one line, with each character that is not visible written as its escape, such as \\x1b.

    Controls, line breaks, bidi and zero-width characters and lone surrogates are escaped, and commands to build
    services are disarmed. The function is idempotent.
    """
    if text.isascii() and text.isprintable():
        return disarm(text)
    shown = (each if each.isprintable() and each not in _BLANK else each.encode("unicode_escape").decode("ascii")
             for each in text)  # fmt: skip
    return disarm("".join(shown))


def visible(value: object) -> object:
    """Finalize a value in a template: text is escaped by `show`; markup and other values are unchanged."""
    return show(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def disarm(text: str, bracket: str = "\\[") -> str:
    """Return `text` with the bracket of each command to a build service replaced by `bracket`."""
    return _COMMAND.sub(lambda found: found[1] + bracket, text) if "##" in text else text
