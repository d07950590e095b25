"""Confine zygotes and workers, for each of the three tiers.

The order in a worker matters: namespaces, /tmp, capabilities, limits, Landlock, and seccomp last.
"""

from __future__ import annotations

import os
import resource
from typing import Any, Protocol

from . import kernel, seccomp
from .view import View, build_root, kept_in_tmp, landlock_rules, view

NOBODY = 65534
LANDLOCK = 3  # older versions allow truncation, which matters only without a read-only root
_NAMESPACES = (
    kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS | kernel.CLONE_NEWCGROUP
)  # fmt: skip


class Confinement(Protocol):
    """Confinement of one tier."""

    def enter(self) -> None:
        """Confine the zygote before untrusted code exists; may return in a child of the caller."""
        ...

    def fork(self) -> int:
        """Fork as os.fork does, with the worker in its own namespaces where the tier has them."""
        ...

    def seal(self) -> None:
        """Confine the calling worker for good."""
        ...


def limit(limits: dict[str, Any]) -> None:
    """Set the kernel's limits on this process; soft equals hard, as a namespace's first process ignores the soft."""
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits["kernel_cpu"],
        resource.RLIMIT_AS: limits["address_space"],
        resource.RLIMIT_FSIZE: limits["file_size"],
        resource.RLIMIT_NOFILE: limits["open_files"],
    }
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
    kernel.set_dumpable()


class Local:
    """Limits without confinement, for one's own code on one's own machine.

    A worker leads a process group, so that its child processes can be ended with it.
    """

    def __init__(self, limits: dict[str, Any], packages: str) -> None:
        self._limits = limits

    def enter(self) -> None:
        """Do nothing."""

    def fork(self) -> int:
        return os.fork()

    def seal(self) -> None:
        kernel.end_with_parent()
        os.setpgid(0, 0)
        limit(self._limits)


class Guarded:
    """Landlock and a seccomp allow-list, without namespaces; no path is writable."""

    def __init__(self, limits: dict[str, Any], packages: str) -> None:
        self._limits, self._seen = limits, view(packages)
        self._code = b""
        self._ruleset = self._zygote = -1

    def enter(self) -> None:
        if kernel.landlock_version() < LANDLOCK:
            raise OSError(f"without namespaces Landlock {LANDLOCK} is needed, which Linux 6.2 brought")
        self._code = seccomp.program()
        self._ruleset = kernel.landlock_ruleset(landlock_rules(self._seen.entries()))
        if os.geteuid() == 0:
            become_nobody()
        self._zygote = os.getpid()

    def fork(self) -> int:
        return os.fork()

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
        seccomp.install(self._code)


class Sealed:
    """Six namespaces, a root with only the interpreter and NumPy, and all protections of Guarded."""

    def __init__(self, limits: dict[str, Any], packages: str) -> None:
        self._limits, self._seen = limits, view(packages)
        self._code = b""
        self._self = -1

    def enter(self) -> None:
        self._code = seccomp.program()
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
        seccomp.install(self._code)


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


TIERS: dict[str, Any] = {"sealed": Sealed, "guarded": Guarded, "local": Local}
