"""Call the Linux system calls that confine a process, and check each; the numbers hold on all architectures."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 16384, 1 << 18
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
READ_FILE, READ_DIR, WRITE_FILE, EXECUTE = 1 << 2, 1 << 3, 1 << 1, 1 << 0

_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CAPABILITIES, _CAP_SYS_ADMIN = 64, 21
_AT_FDCWD, _AT_EMPTY_PATH, _AT_RECURSIVE = -100, 0x1000, 0x8000
_MNT_DETACH = 2
_CAPABILITY_VERSION = 0x20080522
_ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def _syscall(number: int, *args: object) -> int:
    words = [ctypes.c_long(arg) if isinstance(arg, int) else arg for arg in args]
    return int(_libc.syscall(ctypes.c_long(number), *words))


def prctl(option: int, value: int) -> None:
    """Call prctl(2) with one argument."""
    _checked(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), f"prctl {option}")


def end_with_parent() -> None:
    """Let the kernel kill this process when the thread that forked it ends."""
    prctl(_PR_SET_PDEATHSIG, 9)


def set_dumpable() -> None:
    """Make /proc/self readable for this process again after a change of user."""
    prctl(_PR_SET_DUMPABLE, 1)


def no_new_privileges() -> None:
    """Forbid gaining privileges through execve; Landlock and seccomp require it."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def unshare(flags: int) -> None:
    """Leave the shared namespaces of these kinds."""
    _checked(_libc.unshare(flags), "unshare")


def set_child_pid_namespace(pidfd: int) -> None:
    """Start later children in the pid namespace of the process behind `pidfd`."""
    _checked(_libc.setns(pidfd, CLONE_NEWPID), "setns")


def unshare_with_user(flags: int, proc_self: int) -> None:
    """Leave shared namespaces, the user namespace included, and map the own user and group to themselves.

    proc_self: descriptor of /proc/self, which the new root may lack.
    """
    uid, gid = os.getuid(), os.getgid()
    unshare(flags | CLONE_NEWUSER)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        fd = os.open(name, os.O_WRONLY | os.O_CLOEXEC, dir_fd=proc_self)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)


def may_mount() -> bool:
    """Return whether this process may change mounts: root outside containers."""
    found = ctypes.create_string_buffer(24)
    _checked(_libc.capget(struct.pack("=Ii", _CAPABILITY_VERSION, 0), found), "capget")
    return os.geteuid() == 0 and bool(int.from_bytes(found.raw[:4], "little") & 1 << _CAP_SYS_ADMIN)


def drop_bounding_capabilities() -> None:
    """Remove all capabilities from the bounding set, so that no executed program can gain one."""
    for capability in range(_CAPABILITIES):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break


def drop_capabilities() -> None:
    """Drop all capabilities."""
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")


def mount_tmpfs(target: str, options: str) -> None:
    """Mount an empty file system in memory on `target`."""
    flags = ctypes.c_ulong(MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _checked(_libc.mount(b"tmpfs", target.encode(), b"tmpfs", flags, options.encode()), f"mount tmpfs {target}")


def make_mounts_private() -> None:
    """Stop mounts made from here on from reaching other namespaces."""
    flags = ctypes.c_ulong(MS_REC | MS_PRIVATE)
    _checked(_libc.mount(b"none", b"/", None, flags, None), "make mounts private")


def detached_copy(path: str) -> int:
    """Return a descriptor of a detached copy of the mounts at `path`."""
    flags = 1 | os.O_CLOEXEC | _AT_RECURSIVE
    return _checked(_syscall(_OPEN_TREE, _AT_FDCWD, path.encode(), flags), f"open_tree {path}")


def set_mount_attributes(fd: int, attributes: int, *, recursive: bool = True) -> None:
    """Set ATTR_* on the mounts behind `fd`."""
    flags = _AT_EMPTY_PATH | (_AT_RECURSIVE if recursive else 0)
    data = struct.pack("=QQQQ", attributes, 0, 0, 0)
    _checked(_syscall(_MOUNT_SETATTR, fd, b"", flags, data, len(data)), "mount_setattr")


def attach(fd: int, target: str) -> None:
    """Attach a detached mount at `target`."""
    _checked(_syscall(_MOVE_MOUNT, fd, b"", _AT_FDCWD, target.encode(), 4), f"move_mount {target}")


def enter_root(path: str) -> None:
    """Make the mount at `path` the root and detach the old one."""
    os.chdir(path)
    _checked(_libc.pivot_root(b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", _MNT_DETACH), "umount of the old root")
    os.chdir("/")


def landlock_version() -> int:
    """Return the kernel's Landlock version, 0 if there is none."""
    return max(0, _syscall(_LANDLOCK_CREATE, None, 0, 1))


def landlock_ruleset(allowed: Iterable[tuple[str, int]]) -> int:
    """Return a ruleset that refuses all TCP, signals to the outside, and every file access but `allowed` (path,
    rights).

    rights of 0 mean everything but executing. Paths that do not exist are skipped.
    """
    version = landlock_version()
    if version < 1:
        raise OSError("the kernel offers no Landlock")
    files = (1 << (13 if version < 2 else 14 if version < 3 else 15 if version < 5 else 16)) - 1
    attributes = struct.pack("=QQQ", files, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _checked(_syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0), "landlock_create_ruleset")
    for path, rights in allowed:
        if os.path.exists(path):
            _landlock_allow(ruleset, path, (rights or files & ~EXECUTE) & files)
    return ruleset


def _landlock_allow(ruleset: int, path: str, rights: int) -> None:
    fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights if os.path.isdir(path) else rights & _ON_FILES, fd)
        _checked(_syscall(_LANDLOCK_ADD, ruleset, 1, rule, 0), f"landlock_add_rule {path}")
    finally:
        os.close(fd)


def landlock_restrict(ruleset: int) -> None:
    """Apply the ruleset to this process; no_new_privileges must have been called."""
    _checked(_syscall(_LANDLOCK_RESTRICT, ruleset, 0), "landlock_restrict_self")
