"""Write files whose new contents replace the old ones in a single step, and zip archives."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def write_whole(path: Path, content: str | bytes, durable: bool = True) -> None:
    """Write a file in a single step, as `whole` does."""
    with whole(path, durable) as file:
        file.write(content) if isinstance(content, str) else file.buffer.write(content)


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


def packed(files: Iterable[tuple[str, bytes]], modes: Mapping[str, int] = {}) -> bytes:
    """Return a zip of files, each a name and its content; equal files give equal bytes.

    modes: name → permissions, where they are not those of a plain file.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name)  # of 1980
            entry.external_attr = (0o100000 | modes.get(name, 0o644)) << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
