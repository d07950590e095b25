"""Restrict what a worker can read: the standard library and NumPy, without other installed packages."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from . import kernel

_INSTALLED = ("site-packages", "dist-packages")
_NEW_ROOT = "/tmp"
_READ = kernel.READ_FILE | kernel.READ_DIR


@dataclass(frozen=True)
class View:
    """Readable folders, absolute and without links. stdlib: of the standard library; numpy: of NumPy."""

    stdlib: tuple[str, ...]
    numpy: tuple[str, ...]

    def entries(self) -> list[str]:
        """Return all readable paths: for each standard library folder its entries, without installed packages."""
        found = list(self.numpy)
        for folder in self.stdlib:
            found += [os.path.join(folder, name) for name in os.listdir(folder) if name not in _INSTALLED]
        return found


def view(packages: str) -> View:
    """Return the view of this interpreter with the NumPy in folder `packages`."""
    stdlib = sorted({os.path.realpath(path) for path in sys.path if os.path.isdir(path)} - {os.path.realpath(packages)})
    own = [path for path in stdlib if not any(path.startswith(other + os.sep) for other in stdlib)]
    numpy = [os.path.join(os.path.realpath(packages), name) for name in ("numpy", "numpy.libs")]
    return View(tuple(own), tuple(filter(os.path.isdir, numpy)))


def build_root(seen: View) -> None:
    """Make a read-only root that holds `seen`, an empty /tmp and /dev/null; requires the right to mount."""
    kernel.make_mounts_private()
    copies = [(path, _read_only_copy(path)) for path in (*seen.stdlib, *seen.numpy)]
    null = kernel.detached_copy("/dev/null")
    kernel.mount_tmpfs(_NEW_ROOT, "size=1m,mode=755")
    for path, copy in copies:
        _attach(copy, path, seen)
    for folder in ("/tmp", "/dev"):
        os.makedirs(_NEW_ROOT + folder, exist_ok=True)
    os.close(os.open(_NEW_ROOT + "/dev/null", os.O_CREAT | os.O_WRONLY, 0o444))
    kernel.attach(null, _NEW_ROOT + "/dev/null")
    _freeze(_NEW_ROOT)
    kernel.enter_root(_NEW_ROOT)


@contextmanager
def kept_in_tmp(seen: View) -> Iterator[None]:
    """Restore the folders of `seen` in /tmp, such as an environment installed there, after /tmp is replaced."""
    paths = [path for path in (*seen.stdlib, *seen.numpy) if path.startswith("/tmp/")]
    copies = [(path, kernel.detached_copy(path)) for path in paths]
    yield
    for path, copy in copies:
        os.makedirs(path, exist_ok=True)
        kernel.attach(copy, path)
        os.close(copy)


def _read_only_copy(path: str) -> int:
    copy = kernel.detached_copy(path)
    kernel.set_mount_attributes(copy, kernel.ATTR_RDONLY | kernel.ATTR_NOSUID | kernel.ATTR_NODEV)
    return copy


def _attach(copy: int, path: str, seen: View) -> None:
    target = _NEW_ROOT + path
    os.makedirs(target, exist_ok=True)
    kernel.attach(copy, target)
    os.close(copy)
    for cover in (os.path.join(target, name) for name in _INSTALLED):
        if path in seen.stdlib and os.path.isdir(cover):
            kernel.mount_tmpfs(cover, "size=64k,mode=755")
            for inner in seen.numpy:
                if (_NEW_ROOT + inner).startswith(cover + os.sep):
                    os.makedirs(_NEW_ROOT + inner)
            _freeze(cover)


def _freeze(path: str) -> None:
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    kernel.set_mount_attributes(fd, kernel.ATTR_RDONLY, recursive=False)
    os.close(fd)


def landlock_rules(paths: list[str]) -> list[tuple[str, int]]:
    """Return the Landlock rules to read `paths`, and for /dev/null."""
    return [*((path, _READ) for path in paths), ("/dev/null", kernel.READ_FILE | kernel.WRITE_FILE)]
