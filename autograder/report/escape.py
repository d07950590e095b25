"""Text that comes from outside, made so that it cannot act on a screen."""

from __future__ import annotations

import re

# Printable by Unicode's own word, and yet nothing to see: fillers, joiners and variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for block in (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for point in block
}
# ##[error] and ##vso[task.complete]: some build services obey them anywhere in a line of their log.
_COMMAND = re.compile(r"(##\w*)\[")


def show(text: str) -> str:
    """`text` on one line with every character that is not plainly visible written as its escape, such as \\x1b.

    Controls, line breaks, bidi and zero-width characters and lone surrogates are all escaped, and no build service
    finds a command in it; showing twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return disarm(text)
    return disarm("".join(map(_visible, text)))


def visible(value: object) -> object:
    """What a template finalizes with: text as `show` writes it; markup, and all that is no text, as it is."""
    return show(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def disarm(text: str, bracket: str = "\\[") -> str:
    """`text` without commands to a build service: their bracket is written as `bracket`."""
    return _COMMAND.sub(lambda found: found[1] + bracket, text) if "##" in text else text


def _visible(char: str) -> str:
    return char if char.isprintable() and char not in _BLANK else char.encode("unicode_escape").decode("ascii")
