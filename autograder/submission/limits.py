"""How much of what is handed in is ever read."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limit:
    """The most bytes of one file, and what a student can do about a larger one."""

    most: int
    repair: str

    def exceeded(self, size: int) -> str:
        """What is said of a file of `size` bytes; it goes on from the file's name."""
        return f"has {size:,} bytes; at most {self.most:,} are read. {self.repair}"


CODE = Limit(256 << 10, "Hand in only your code, without data or output.")
"""A student's exercise has a few thousand bytes. The code cells of a notebook together have the same limit."""

NOTEBOOK = Limit(120 * MIB, "Clear its outputs, save it, and hand it in again.")
"""With pictures and logs in its outputs, which are never looked at."""

ARCHIVE = Limit(120 * MIB, "Zip only the files you wrote.")
"""An archive inside of another one, which has to be held in memory."""

UNPACKED = 256 * MIB
"""Bytes that are taken out of one archive in all."""

DIRECTORY = 2 * MIB
"""An archive's list of its members: 10,000 of them with names of 150 bytes."""

ENTRIES, DEPTH = 10_000, 16
"""Files and folders of one submission, and how deep they are nested."""
