"""Confine zygotes and workers, for each of the three tiers, and try which tiers this machine allows.

The order in a worker matters: namespaces, /tmp, capabilities, limits, Landlock, and seccomp last.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

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
        inside = (os.path.join(folder, name) for folder in self.stdlib for name in os.listdir(folder)
                  if name not in _INSTALLED)  # fmt: skip
        return [*self.numpy, *inside]


def view(packages: str) -> View:
    """Return the view of this interpreter with the NumPy in folder `packages`."""
    stdlib = sorted({os.path.realpath(path) for path in sys.path if os.path.isdir(path)} - {os.path.realpath(packages)})
    own = [path for path in stdlib if not any(path.startswith(other + os.sep) for other in stdlib)]
    numpy = [os.path.join(os.path.realpath(packages), name) for name in ("numpy", "numpy.libs")]
    return View(tuple(own), tuple(filter(os.path.isdir, numpy)))


def build_root(seen: View) -> None:
    """Make a read-only root that holds `seen`, an empty /tmp and /dev/null; requires the right to mount."""
    kernel.make_mounts_private()
    copies = [(path, kernel.detached_copy(path)) for path in (*seen.stdlib, *seen.numpy)]
    null = kernel.detached_copy("/dev/null")
    kernel.mount_tmpfs(_NEW_ROOT, "size=1m,mode=755")
    for path, copy in copies:
        kernel.set_mount_attributes(copy, kernel.ATTR_RDONLY | kernel.ATTR_NOSUID | kernel.ATTR_NODEV)
        _attach(copy, path, seen)
    for folder in ("/tmp", "/dev"):
        os.makedirs(_NEW_ROOT + folder, exist_ok=True)
    os.close(os.open(_NEW_ROOT + "/dev/null", os.O_CREAT | os.O_WRONLY, 0o444))
    kernel.attach(null, _NEW_ROOT + "/dev/null")
    _freeze(_NEW_ROOT)
    kernel.enter_root(_NEW_ROOT)


@contextmanager
def kept_in_tmp(seen: View) -> Iterator[None]:
    """Keep the folders of `seen` that lie in /tmp, and mount them again after the block has replaced /tmp."""
    paths = [path for path in (*seen.stdlib, *seen.numpy) if path.startswith("/tmp/")]
    copies = [(path, kernel.detached_copy(path)) for path in paths]
    yield
    for path, copy in copies:
        os.makedirs(path, exist_ok=True)
        kernel.attach(copy, path)
        os.close(copy)


def _attach(copy: int, path: str, seen: View) -> None:
    target = _NEW_ROOT + path
    os.makedirs(target, exist_ok=True)
    kernel.attach(copy, target)
    os.close(copy)
    for cover in (os.path.join(target, name) for name in _INSTALLED):
        if path in seen.stdlib and os.path.isdir(cover):
            kernel.mount_tmpfs(cover, "size=64k,mode=755")
            for inner in (_NEW_ROOT + each for each in seen.numpy):
                if inner.startswith(cover + os.sep):
                    os.makedirs(inner)
            _freeze(cover)


def _freeze(path: str) -> None:
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    kernel.set_mount_attributes(fd, kernel.ATTR_RDONLY, recursive=False)
    os.close(fd)


def landlock_rules(paths: list[str]) -> list[tuple[str, int]]:
    """Return the Landlock rules to read `paths`, and for /dev/null."""
    return [*((path, _READ) for path in paths), ("/dev/null", kernel.READ_FILE | kernel.WRITE_FILE)]


NOBODY = 65534
LANDLOCK = 3  # older versions allow truncation, which matters only without a read-only root
_NAMESPACES = (
    kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | kernel.CLONE_NEWCGROUP
)  # fmt: skip


def limit(limits: dict[str, Any]) -> None:
    """Set the kernel's limits on this process; soft equals hard, as a namespace's first process ignores the soft."""
    bounds = {
        resource.RLIMIT_CORE: 0, resource.RLIMIT_CPU: limits["kernel_cpu"], resource.RLIMIT_AS: limits["address_space"],
        resource.RLIMIT_FSIZE: limits["file_size"], resource.RLIMIT_NOFILE: limits["open_files"],
    }  # fmt: skip
    for name, value in bounds.items():
        _bound(name, value)


def limit_threads(limits: dict[str, Any]) -> None:
    """Limit the threads of this user, who runs nothing else."""
    _bound(resource.RLIMIT_NPROC, limits["threads"])


def _bound(name: int, value: int) -> None:
    hard = resource.getrlimit(name)[1]
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(name, (bound, bound))


def become_nobody() -> None:
    """Change from root to the user nobody, without capabilities."""
    kernel.drop_bounding_capabilities()
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as error:
        raise OSError("root may not become another user here") from error
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)  # makes /proc/self readable again


class Local:
    """Limits without confinement, for one's own code on one's own machine; the other tiers derive from it.

    A worker leads a process group, so that its child processes can be ended with it.
    """

    def __init__(self, limits: dict[str, Any], packages: str) -> None:
        self._limits = limits

    def enter(self) -> None:
        """Confine the zygote before untrusted code exists; may return in a child of the caller."""

    def fork(self) -> int:
        """Fork as os.fork does, with the worker in its own namespaces where the tier has them."""
        return os.fork()

    def seal(self) -> None:
        """Confine the calling worker for good."""
        kernel.end_with_parent()
        os.setpgid(0, 0)
        limit(self._limits)


class Guarded(Local):
    """Landlock and a seccomp allow-list, without namespaces; no path is writable."""

    def __init__(self, limits: dict[str, Any], packages: str) -> None:
        self._limits, self._seen = limits, view(packages)
        self._code = b""
        self._ruleset = self._zygote = -1

    def enter(self) -> None:
        if kernel.landlock_version() < LANDLOCK:
            raise OSError(f"without namespaces Landlock {LANDLOCK} is needed, which Linux 6.2 brought")
        self._code = kernel.filter_program()
        self._ruleset = kernel.landlock_ruleset(landlock_rules(self._seen.entries()))
        if os.geteuid() == 0:
            become_nobody()
        self._zygote = os.getpid()

    def seal(self) -> None:
        kernel.end_with_parent()
        if os.getppid() != self._zygote:
            os._exit(1)
        limit(self._limits)
        if os.getuid() == NOBODY:
            limit_threads(self._limits)
        kernel.no_new_privileges()
        kernel.landlock_restrict(self._ruleset)
        os.close(self._ruleset)
        kernel.install_filter(self._code)


class Sealed(Local):
    """Six namespaces, a root with only the interpreter and NumPy, and all protections of Guarded."""

    def __init__(self, limits: dict[str, Any], packages: str) -> None:
        self._limits, self._seen = limits, view(packages)
        self._code = b""
        self._self = -1

    def enter(self) -> None:
        self._code = kernel.filter_program()
        enter_namespaces(self._seen)
        kernel.drop_bounding_capabilities()
        self._self = os.pidfd_open(os.getpid())

    def fork(self) -> int:
        kernel.set_child_pid_namespace(self._self)
        kernel.unshare(kernel.CLONE_NEWPID)
        return os.fork()

    def seal(self) -> None:
        kernel.unshare(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
        options = f"size={self._limits['tmp_size']},nr_inodes={self._limits['tmp_files']},mode=1777"
        with kept_in_tmp(self._seen):
            kernel.mount_tmpfs("/tmp", options)
        os.chdir("/tmp")
        kernel.no_new_privileges()
        kernel.drop_capabilities()
        limit(self._limits)
        limit_threads(self._limits)
        ruleset = kernel.landlock_ruleset([*landlock_rules([*self._seen.stdlib, *self._seen.numpy]), ("/tmp", 0)])
        kernel.landlock_restrict(ruleset)
        os.close(ruleset)
        kernel.install_filter(self._code)


def enter_namespaces(seen: View) -> None:
    """Continue as the first process of new namespaces and a new root; the caller waits for it and ends with it."""
    proc = os.open("/proc/self", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    if kernel.may_mount():
        kernel.unshare(kernel.CLONE_NEWNS)
        build_root(seen)
        become_nobody()
        kernel.unshare_with_user(_NAMESPACES, proc)
    else:
        if os.geteuid() == 0:  # in a container
            become_nobody()
        kernel.unshare_with_user(_NAMESPACES, proc)
        build_root(seen)
    os.close(proc)
    if child := os.fork():
        os.closerange(0, 1 << 16)
        os.waitpid(child, 0)
        os._exit(0)
    kernel.end_with_parent()


TIERS: dict[str, type[Local]] = {"sealed": Sealed, "guarded": Guarded, "local": Local}

_CONFINED = ("sealed", "guarded")
_HELD = b"held"


def probe(config: str) -> None:
    """Print as JSON why each confined tier is not available, "" if it is, and the versions of what it needs."""
    settings = json.loads(config)
    why = {tier: _why(tier, settings) for tier in _CONFINED}
    print(json.dumps({"why": why, "landlock": kernel.landlock_version(), "libseccomp": _libseccomp()}), flush=True)


def _why(tier: str, settings: dict[str, Any]) -> str:
    """Return why a tier is not available: the error of a child process that tries it; "" if it is available."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _try(tier, settings, theirs)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        words = pipe.read()
    os.waitpid(child, 0)
    return "" if words == _HELD else words.decode("utf-8", "replace") or "the process ended without a word"


def _try(tier: str, settings: dict[str, Any], say: int) -> NoReturn:
    try:
        confinement = TIERS[tier](settings["limits"], settings["packages"])
        confinement.enter()
        if worker := confinement.fork():
            os.waitpid(worker, 0)
        else:
            confinement.seal()
            os.write(say, _HELD)
    except BaseException as error:
        os.write(say, str(error).encode())
    os._exit(0)


def _libseccomp() -> str:
    try:
        kernel.libseccomp()
        version = ctypes.CDLL("libseccomp.so.2").seccomp_version
    except OSError:
        return ""
    version.restype = ctypes.POINTER(ctypes.c_uint)
    return ".".join(map(str, version()[:3]))
