"""Files that an unprivileged reader cannot read."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def unreadable() -> Iterator[Path]:
    """`alice/dense.py` without read permission, seen by a user who is not root."""
    folder = Path(tempfile.mkdtemp())
    path = folder / "alice" / "dense.py"
    path.parent.mkdir()
    path.write_text("x = 1")
    path.chmod(0)
    folder.chmod(0o755)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield path
    finally:
        if root:
            os.seteuid(0)
        shutil.rmtree(folder)
