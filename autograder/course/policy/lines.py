"""Finding the line of a key in a TOML file, which the parser does not report."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence

_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")

Path = tuple[str, ...]


def line_of(text: str, path: Sequence[str]) -> int | None:
    """Return the line of the key at `path`, else of its longest prefix that occurs; None if none occurs."""
    wanted = tuple(path)
    found = dict(reversed(list(_keys(text))))
    return next((found[wanted[:n]] for n in range(len(wanted), 0, -1) if wanted[:n] in found), None)


def _keys(text: str) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    for number, line in enumerate(text.split("\n"), 1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _split(header[1])
            yield table, number
        elif key:
            yield (*table, *_split(key[1])), number


def _split(dotted: str) -> Path:
    """Split a dotted key by TOML's rules: `units."02_layers"` → ("units", "02_layers")."""
    try:
        node = tomllib.loads(f"{dotted} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(node, dict):
        key, node = next(iter(node.items()))
        path.append(key)
    return tuple(path)
