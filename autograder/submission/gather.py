"""From the place of a submission to the tree of its files: a folder, a file, an archive, or a share of a download."""

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

# A class's download: its list of members may be long, and its students share no allowance.
_LIST, _ALL = 64 * MIB, 1 << 62


def gather(where: Entry) -> Tree:
    """Its files, those inside of archives too. Raises Unreadable or OSError where there is nothing to be had."""
    mode = os.lstat(where.path).st_mode
    if stat.S_ISLNK(mode):
        raise Unreadable(_LINK)
    if where.files:
        return unpacked(_share(where, stat.S_ISDIR(mode)))
    return unpacked(walk(where.path)) if stat.S_ISDIR(mode) else _single(where.path)


def _single(path: Path) -> Tree:
    """A file that is all of a submission; what an archive holds is named without the archive's own name."""
    name = path.name
    if name.casefold().endswith(OTHERS):
        raise Unreadable(_OTHER)
    if is_archive(name):
        return _inside(one_file(path.parent, (name,)), (name,))
    if not is_source(name):
        raise Unreadable(_KIND)
    return one_file(path.parent, (name,))


def unpacked(tree: Tree) -> Tree:
    """The tree with what its archives hold in their places; an archive that cannot be opened becomes a flaw."""
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
    """What the archive at `parts` holds; archives in it are flaws."""
    inner = Archive(io.BytesIO(tree.files[parts].read(ARCHIVE))).tree()
    for name in [name for name in inner.files if name[-1].casefold().endswith((".zip", *OTHERS))]:
        inner.flaws[name] = _NESTED
        del inner.files[name]
    return inner


def _share(where: Entry, folder: bool) -> Tree:
    """What belongs to this student in a folder, or an archive, that holds many."""
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
    """A file that is opened for each read, so that nobody has to remember to close it."""

    def __init__(self, path: Path) -> None:
        self._path, self._at, self._size = path, 0, path.stat().st_size

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        with self._path.open("rb", buffering=0) as file:
            file.seek(self._at)
            data = file.read(size) or b""
        self._at += len(data)
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """As of a file."""
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence])
        return self._at

    def tell(self) -> int:
        """As of a file."""
        return self._at


class Download:
    """An archive with the submissions of a whole class. tree: all that is in it."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable where it is no archive, OSError where it cannot be opened."""
        self.tree = Archive(_OnDisk(path), _LIST, _ALL).members()
        self._tops: dict[str, list[Parts]] = {}
        for parts in (*self.tree.files, *self.tree.links):
            self._tops.setdefault(parts[0], []).append(parts)

    def entries(self, folder: str = "") -> dict[str, bool]:
        """What lies directly in a folder, at the top by default: name → whether it is a folder too."""
        inside = self.branch(folder) if folder else self.tree
        found: dict[str, bool] = {}
        for parts in (*inside.files, *inside.links):
            found[parts[0]] = found.get(parts[0], False) or len(parts) > 1
        return found

    def branch(self, name: str) -> Tree:
        """What lies at `name`, a file or a folder at any depth."""
        top = tuple(name.split("/"))
        mine = [parts for parts in self._tops.get(top[0], ()) if parts[: len(top)] == top]
        files = {parts[len(top) :]: self.tree.files[parts] for parts in mine if parts in self.tree.files}
        return Tree(files, [parts[len(top) :] for parts in mine if parts not in self.tree.files])


@lru_cache(maxsize=1)
def _download(path: Path, size: int, changed: int) -> Download:
    return Download(path)


def download(path: Path) -> Download:
    """The class's archive at `path`; the last one is listed only once, until it changes."""
    facts = path.stat()
    return _download(path, facts.st_size, facts.st_mtime_ns)
