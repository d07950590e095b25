"""Collect the files of a submission from a folder, a file, an archive, or a download of many students.

The metadata of a member of an archive is untrusted: sizes are limited on the bytes that are actually decompressed, and
a name is compared and printed escaped, but never used as a path.
"""

from __future__ import annotations

import io
import os
import re
import stat
import struct
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from autograder.report.escape import show
from autograder.submission.file import File, Limit, Parts, Tree, Unreadable, check_size, on_disk, refuse, skipped, walk
from autograder.submission.source import ARCHIVES, Entry, is_archive, kind

MIB = 1 << 20
UNPACKED = 256 * MIB
"""Bytes that may be decompressed from one archive in total."""
DIRECTORY = 2 * MIB
"""Bytes of an archive's list of members: 10,000 of them with names of 150 bytes."""
_INNER = Limit(120 * MIB, "Zip only the files you wrote.")
"""Limit for an archive inside a submission, which is held in memory."""

_PLAIN = "points outside of the archive. Zip only the files you wrote, by their plain names."
_LINK = "is a link. Hand in the file itself."
_METHOD = "is packed by a method that is not read ({method}). Zip your files again in the ordinary way."
_BOMB = f"makes the archive unpack to more than {UNPACKED:,} bytes. Zip only the files you wrote."
_DRIVE = re.compile(r"[A-Za-z]:")
_STAMP = 0x5455
_CHUNK = 1 << 20


class _Capped(io.BytesIO):
    """Bytes of an archive as a file that refuses reads of more than DIRECTORY bytes, which an archive may ask for."""

    def read(self, size: int | None = -1) -> bytes:
        """Return `size` bytes as a file does; raise BadZipFile for more than DIRECTORY."""
        if (size or 0) > DIRECTORY:
            raise BadZipFile(f"{size} bytes at once")
        return super().read(size)


@dataclass
class Room:
    """Budget of bytes that may still be decompressed from an archive and the archives in it, together."""

    left: int


class Archive:
    """Zip archive that is open for reading. room: the most bytes of all its files together."""

    def __init__(self, where: bytes | Path, room: Room | None = None) -> None:
        """Open the archive; raise Unreadable if `where` is none, OSError for a file that cannot be read."""
        try:
            self._zip = ZipFile(where if isinstance(where, Path) else _Capped(where))
            self._members = self._zip.infolist()
        except Exception as error:  # hostile bytes can make the library raise any exception
            if isinstance(error, OSError) and error.filename:
                raise
            raise Unreadable("is no zip archive, or a damaged one. Zip your files again.") from error
        self._room = room or Room(UNPACKED)

    def tree(self) -> Tree:
        """Return the files of one submission; raise Unreadable if a member points outside or a limit is exceeded."""
        check_size(len(self._members))
        if outside := next((member for member in self._members if _leads_out(member)), None):
            raise Unreadable(f"holds {show(outside.orig_filename)}, which {_PLAIN}")
        tree = self.members()
        check_size(0, max(map(len, tree.files), default=1) - 1)
        return tree

    def members(self) -> Tree:
        """Return all files by name; a file that must not be read is refused individually."""
        files = (member for member in self._members if not member.orig_filename.endswith(("/", "\\")))
        named = [(member, _parts(member)) for member in files]
        kept = [(member, parts) for member, parts in named if parts and not any(map(skipped, set(parts) - {".."}))]
        counts = Counter(parts for _, parts in kept)
        tree = Tree()
        for member, parts in sorted(kept, key=lambda pair: (len(pair[1]), pair[1])):
            if _is_link(member) and not parts[-1].casefold().endswith(".py"):
                tree.links.append(parts)
            elif counts[parts] > 1:
                tree.files[parts] = refuse("is in the archive more than once. Keep one of them.")
            elif flaw := _flaw(member):
                tree.files[parts] = refuse(flaw)
            else:
                tree.files[parts] = File(partial(self._read, member), _changed(member), "archive")
        return tree

    def _read(self, member: ZipInfo, limit: Limit) -> bytes:
        if member.file_size > limit.most:
            raise Unreadable(limit.exceeded(member.file_size))
        if member.file_size > self._room.left:
            raise Unreadable(_BOMB)
        try:
            with self._zip.open(member) as file:
                pieces = list(iter(partial(file.read, _CHUNK), b""))
        except Exception as error:
            raise Unreadable("is damaged inside the archive. Zip your files again.") from error
        data = b"".join(pieces)  # zipfile stops at the size that the member states
        self._room.left -= len(data)
        return data


def _parts(member: ZipInfo) -> Parts:
    """Return the parts of a member's name; some archivers write backslashes between them."""
    return tuple(part for part in member.orig_filename.replace("\\", "/").split("/") if part not in ("", "."))


def _leads_out(member: ZipInfo) -> bool:
    """Return whether an archiver that trusts names would write the member outside of the target folder."""
    name = member.orig_filename
    return name.startswith(("/", "\\")) or ".." in _parts(member) or bool(_DRIVE.match(name))


def _flaw(member: ZipInfo) -> str:
    """Return why this member is not read, "" if it may be read."""
    if _leads_out(member):
        return _PLAIN
    if _is_link(member):
        return _LINK
    if "\0" in member.orig_filename:
        return "has a NUL byte in its name. Zip your files again."
    if member.flag_bits & 0x41:
        return "is encrypted. Zip your files again without a password."
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return _METHOD.format(method=member.compress_type)
    return ""


def _is_link(member: ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _changed(member: ZipInfo) -> float | None:
    """Return seconds since 1970: from the Unix time stamp if present, else from the DOS time, which has no zone."""
    extra = member.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _STAMP and len(body) >= 5 and body[0] & 1:
            return float(struct.unpack_from("<i", body, 1)[0])
    with suppress(ValueError, OverflowError):
        return datetime(*member.date_time, tzinfo=UTC).timestamp()
    return None


_OTHER = "is an archive of a kind that is not opened. Hand in a .zip, or the files themselves."
_LEVELS, _MANY = 3, 20
"""Most levels of archives inside one another, and most archives of one submission, that are opened."""
_WHOLE_LINK = "is a link. Hand in the folder or the file itself."

_ALL = 1 << 62
"""Limit in bytes for a class's download: so high that all its files together have no limit."""


def gather(where: Entry) -> Tree:
    """Return all files of an entry, also those in archives; raise Unreadable or OSError if it cannot be read."""
    mode = os.lstat(where.path).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable(_WHOLE_LINK)
    if where.files:
        return unpacked(_of_download(where, stat.S_ISDIR(mode)))
    if stat.S_ISDIR(mode):
        return unpacked(walk(where.path))
    name = where.path.name
    tree = Tree({(name,): on_disk(where.path.parent, (name,))})
    if name.casefold().endswith(ARCHIVES):
        raise Unreadable(_OTHER)
    if is_archive(name):  # the names of its files do not include the archive's name
        return _inside(tree, (name,), 1, Room(UNPACKED))
    if not kind(name):
        raise Unreadable("is not a Python file, a notebook or a zip archive. Hand in one of these, or a folder.")
    return tree


def unpacked(tree: Tree, level: int = 1, room: Room | None = None) -> Tree:
    """Return the tree with archives replaced by the files in them; one that cannot be opened becomes a flaw.

    level: nesting depth of these archives, from 1; room: the bytes that the archives around them may still unpack.
    """
    room = room or Room(UNPACKED)
    archives = [parts for parts in tree.files if parts[-1].casefold().endswith((".zip", *ARCHIVES))]
    for number, parts in enumerate(archives):
        try:
            if not is_archive(parts[-1]):
                raise Unreadable(_OTHER)
            if level > _LEVELS or number >= _MANY:
                raise Unreadable("is an archive inside other archives, which is not opened. Zip the files themselves.")
            tree.graft(parts, _inside(tree, parts, level, room))
        except Unreadable as error:
            tree.flaws[parts] = str(error)
        del tree.files[parts]
    tree.files = dict(sorted(tree.files.items(), key=lambda item: (len(item[0]), item[0])))
    return tree


def _inside(tree: Tree, parts: Parts, level: int, room: Room) -> Tree:
    """Return the files of the archive at `parts`, and of the archives in it."""
    inner = Archive(tree.files[parts].read(_INNER), room=room).tree()
    check_size(len(tree.files) + len(inner.files))
    return unpacked(inner, level + 1, room)


def _of_download(where: Entry, folder: bool) -> Tree:
    """Return one student's files in a folder or archive of many students."""
    tree = Tree()
    for name, shown in where.files:
        mode = os.lstat(where.path / name).st_mode if folder else 0
        if stat.S_ISLNK(mode):
            raise Unreadable(_WHOLE_LINK)
        if not folder:
            branch = download(where.path).below(tuple(name.split("/")))
        elif stat.S_ISDIR(mode):
            branch = walk(where.path / name)
        else:
            branch = Tree({(): on_disk(where.path, (name,))})
        tree.graft(tuple(filter(None, shown.split("/"))), branch)
    return tree


@lru_cache(maxsize=1)
def _download(path: Path, size: int, changed: int, process: int) -> Tree:
    return Archive(path, Room(_ALL)).members()


def download(path: Path) -> Tree:
    """Return the files of the class's archive at `path`; each process keeps its last one open until it changes.

    Raise Unreadable if it is no archive, OSError if it cannot be opened.
    """
    facts = path.stat()
    return _download(path, facts.st_size, facts.st_mtime_ns, os.getpid())
