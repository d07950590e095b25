"""Limit how much of a submission is read."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True)
class Limit:
    """Limit on the bytes of one file, and the repair for a larger one."""

    most: int
    repair: str

    def exceeded(self, size: int) -> str:
        """Return the reason why a file of `size` bytes is refused; it continues the file's name."""
        return f"has {size:,} bytes; at most {self.most:,} are read. {self.repair}"


CODE = Limit(256 << 10, "Hand in only your code, without data or output.")
"""Limit for a source. An exercise has a few thousand bytes; the code cells of a notebook share one limit."""

NOTEBOOK = Limit(120 * MIB, "Clear its outputs, save it, and hand it in again.")
"""Limit for a notebook with its outputs, which are not read."""

ARCHIVE = Limit(120 * MIB, "Zip only the files you wrote.")
"""Limit for an archive inside a submission, which is held in memory."""

UNPACKED = 256 * MIB
"""Bytes that may be decompressed from one archive in total."""

DIRECTORY = 2 * MIB
"""Bytes of an archive's list of members: 10,000 of them with names of 150 bytes."""

ENTRIES, DEPTH = 10_000, 16
"""Files and folders of one submission, and their depth."""
