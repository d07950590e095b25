"""Collect the files of a submission from a folder, a file, an archive, or a download of many students."""

from __future__ import annotations

import io
import os
import stat
from functools import lru_cache
from pathlib import Path

from autograder.submission.archive import Archive
from autograder.submission.entry import Entry, is_archive, is_source
from autograder.submission.file import Parts, Unreadable
from autograder.submission.limits import ARCHIVE, MIB
from autograder.submission.tree import Tree, one_file, walk

OTHERS = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".rar", ".7z")
_OTHER = "is an archive of a kind that is not opened. Hand in a .zip, or the files themselves."
_NESTED = "is an archive inside an archive, which is not opened. Zip the files themselves."
_KIND = "is not a Python file, a notebook or a zip archive. Hand in one of these, or a folder."
_LINK = "is a link. Hand in the folder or the file itself."

# A class's download: its list of members may be long, and all its files together have no limit.
_LIST, _ALL = 64 * MIB, 1 << 62


def gather(where: Entry) -> Tree:
    """Return all files of an entry, also those in archives; raise Unreadable or OSError if it cannot be read."""
    mode = os.lstat(where.path).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable(_LINK)
    if where.files:
        return unpacked(_of_download(where, stat.S_ISDIR(mode)))
    return unpacked(walk(where.path)) if stat.S_ISDIR(mode) else _single(where.path)


def _single(path: Path) -> Tree:
    """Return a submission of one file; files of an archive are named without the archive's name."""
    name = path.name
    if name.casefold().endswith(OTHERS):
        raise Unreadable(_OTHER)
    if is_archive(name):
        return _inside(one_file(path.parent, (name,)), (name,))
    if not is_source(name):
        raise Unreadable(_KIND)
    return one_file(path.parent, (name,))


def unpacked(tree: Tree) -> Tree:
    """Replace the archives of a tree by their files; an archive that cannot be opened becomes a flaw."""
    for parts in [parts for parts in tree.files if parts[-1].casefold().endswith((".zip", *OTHERS))]:
        try:
            if not is_archive(parts[-1]):
                raise Unreadable(_OTHER)
            tree.graft(parts, _inside(tree, parts))
        except Unreadable as error:
            tree.flaws[parts] = str(error)
        del tree.files[parts]
    tree.files = dict(sorted(tree.files.items(), key=lambda item: (len(item[0]), item[0])))
    return tree


def _inside(tree: Tree, parts: Parts) -> Tree:
    """Return the files of the archive at `parts`; archives in it are flaws."""
    inner = Archive(io.BytesIO(tree.files[parts].read(ARCHIVE))).tree()
    for name in [name for name in inner.files if name[-1].casefold().endswith((".zip", *OTHERS))]:
        inner.flaws[name] = _NESTED
        del inner.files[name]
    return inner


def _of_download(where: Entry, folder: bool) -> Tree:
    """Return one student's files in a folder or archive of many students."""
    tree = Tree()
    for name, shown in where.files:
        branch = _branch(where.path, name) if folder else download(where.path).branch(name)
        tree.graft(tuple(filter(None, shown.split("/"))), branch)
    return tree


def _branch(root: Path, name: str) -> Tree:
    mode = os.lstat(root / name).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable(_LINK)
    if stat.S_ISDIR(mode):
        return walk(root / name)
    return Tree({(): one_file(root, (name,)).files[(name,)]})


class _OnDisk(io.RawIOBase):
    """File that is opened for each read, so that it needs no closing."""

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._size = path, 0, path.stat().st_size

    def read(self, size: int = -1) -> bytes:
        """Read as a file does."""
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._at)
            data = file.read(size) or b""
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Seek as a file does."""
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def tell(self) -> int:
        """Return the position as a file does."""
        return self._at


class Download:
    """Archive with the submissions of a whole class. tree: all its files."""

    def __init__(self, path: Path) -> None:
        """List the archive; raise Unreadable if it is not one, OSError if it cannot be opened."""
        self.tree = Archive(_OnDisk(path), _LIST, _ALL).members()
        self._tops: dict[str, list[Parts]] = {}
        for parts in (*self.tree.files, *self.tree.links):
            self._tops.setdefault(parts[0], []).append(parts)

    def entries(self, folder: str = "") -> dict[str, bool]:
        """Return the names directly in a folder, by default at the top: name → whether it is a folder."""
        inside = self.branch(folder) if folder else self.tree
        found: dict[str, bool] = {}
        for parts in (*inside.files, *inside.links):
            found[parts[0]] = found.get(parts[0], False) or len(parts) > 1
        return found

    def branch(self, name: str) -> Tree:
        """Return the files at `name`, a file or a folder at any depth."""
        top = tuple(name.split("/"))
        mine = [parts for parts in self._tops.get(top[0], ()) if parts[: len(top)] == top]
        files = {parts[len(top) :]: self.tree.files[parts] for parts in mine if parts in self.tree.files}
        return Tree(files, [parts[len(top) :] for parts in mine if parts not in self.tree.files])


@lru_cache(maxsize=1)
def _download(path: Path, size: int, changed: int) -> Download:
    return Download(path)


def download(path: Path) -> Download:
    """Return the class's archive at `path`; the last one is cached until it changes."""
    facts = path.stat()
    return _download(path, facts.st_size, facts.st_mtime_ns)
