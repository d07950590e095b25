"""Text that comes from outside, made so that it cannot act on a screen."""

from __future__ import annotations

# Printable by Unicode's own word, and yet nothing to see: fillers, joiners and variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(point) for block in (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for point in block
}


def show(text: str) -> str:
    """`text` on one line with every character that is not plainly visible written as its escape, such as \\x1b.

    Controls, line breaks, bidi and zero-width characters and lone surrogates are all escaped; showing twice changes
    nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    return char if char.isprintable() and char not in _BLANK else char.encode("unicode_escape").decode("ascii")
