"""Detection of saved files by polling, which works on every system and network drive."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

Stamp = tuple[int, int]


class Files:
    """Exercises' files below a folder. A change counts when it is unchanged at the next look: editors save in steps."""

    def __init__(self, folder: Path, names: Collection[str]) -> None:
        self._folder = folder
        self._names = frozenset(f"{name}.py" for name in names)
        self._known = self._look()
        self._moving: dict[str, Stamp] = {}

    def changed(self) -> list[str]:
        """Return the exercises whose file was saved and is stable, the latest last."""
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
                    continue  # an editor is replacing it
                found[name.removesuffix(".py")] = facts.st_mtime_ns, facts.st_size
        return found
