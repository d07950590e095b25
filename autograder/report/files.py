"""Writing files whose new contents replace the old ones in a single step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def write_whole(path: Path, text: str, durable: bool = True) -> None:
    """Write a file in a single step, as `whole` does."""
    with whole(path, durable) as file:
        file.write(text)


@contextmanager
def whole(path: Path, durable: bool = True) -> Iterator[TextIO]:
    """Open a file whose new contents replace the old ones in a single step, for readers and for kills at any moment.

    durable: also after a power failure.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")  # a draft that a killed process left is overwritten
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
