"""Which files were saved since the last look, by asking the disk: works on every system and every network drive."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

Stamp = tuple[int, int]


class Files:
    """The exercises' files below a folder. A change counts once it has stood still for one look: editors write in
    several steps, and half a file says nothing."""

    def __init__(self, folder: Path, names: Collection[str]) -> None:
        self._folder = folder
        self._names = frozenset(f"{name}.py" for name in names)
        self._known = self._look()
        self._moving: dict[str, Stamp] = {}

    def changed(self) -> list[str]:
        """Exercises whose file was saved, and has come to rest; the latest last."""
        now = self._look()
        moved = {name: stamp for name, stamp in now.items() if self._known.get(name) != stamp}
        settled = [name for name, stamp in moved.items() if self._moving.get(name) == stamp]
        self._moving = moved
        for name in settled:
            self._known[name] = now[name]
        return sorted(settled, key=lambda name: now[name][0])

    def _look(self) -> dict[str, Stamp]:
        found: dict[str, Stamp] = {}
        for root, folders, files in os.walk(self._folder):
            folders[:] = [name for name in folders if not name.startswith(".") and name != "__pycache__"]
            for name in self._names.intersection(files):
                try:
                    facts = os.lstat(os.path.join(root, name))
                except OSError:
                    continue  # an editor was replacing it just then
                found[name.removesuffix(".py")] = facts.st_mtime_ns, facts.st_size
        return found
