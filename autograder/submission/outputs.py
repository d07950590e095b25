"""Cut the outputs out of a notebook's bytes before they are parsed.

A hundred megabytes of logs and pictures take five hundred as objects, and three thousand in a crafted file. Strings are
separated from structure as in JSON; all else is left to the parser, which reads what remains.
"""

from __future__ import annotations

import re

from autograder.submission.file import Unreadable

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_SPACE = rb"[ \t\r\n]*"
_KEY = rb'"outputs"' + _SPACE + b":" + _SPACE + rb"\["
_OUTPUTS = re.compile(_KEY)
_TO_OUTPUTS = re.compile(rb'(?:[^"]++|(?!' + _KEY + b")" + _STRING + rb")*+", re.DOTALL)
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
_TANGLED = "holds more than {most:,} lists. Clear its outputs, save it, and hand it in again."


def without_outputs(data: bytes, most: int = 1_000_000) -> bytes:
    """Return the notebook with `[]` for every cell's outputs; other errors in it remain.

    Raise Unreadable if more than `most` brackets have to be counted or parsed.
    """
    kept: list[bytes] = []
    at = brackets = 0
    while True:
        end = _past(_TO_OUTPUTS, data, at)
        kept.append(data[at:end])
        found = _OUTPUTS.match(data, end)
        if found is None:
            rest = b"".join([*kept, data[end:]])
            if brackets + rest.count(b"[") + rest.count(b"{") > most:
                raise Unreadable(_TANGLED.format(most=most))
            return rest
        kept.append(b'"outputs":[]')
        at, met = _close(data, found.end(), most - brackets)
        brackets += met + 1
        if brackets > most:
            raise Unreadable(_TANGLED.format(most=most))


def _close(data: bytes, at: int, most: int) -> tuple[int, int]:
    """Return the place after the bracket that closes the one before `at`, and how many of at most `most` were met."""
    depth, met = 1, 0
    while depth and met < most:
        at = _past(_TO_BRACKET, data, at)
        if at >= len(data):
            break
        depth += 1 if data[at] in b"[{" else -1
        at, met = at + 1, met + 1
    return at, met


def _past(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    found = pattern.match(data, at)
    return found.end() if found else at
