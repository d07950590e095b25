"""Call the Linux system calls that confine a process, and check each; build the filter of the calls that it may make.

The numbers hold on all architectures; for the filter libseccomp resolves the names of calls.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from typing import Any

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 2, 4, 8, 16384, 1 << 18
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
READ_FILE, READ_DIR, WRITE_FILE, EXECUTE = 1 << 2, 1 << 3, 1 << 1, 1 << 0

_OPEN_TREE, _MOVE_MOUNT, _MOUNT_SETATTR = 428, 429, 442
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_PR_SET_PDEATHSIG, PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
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
    """Make the kernel kill this process when the thread that forked it ends."""
    prctl(_PR_SET_PDEATHSIG, 9)


def no_new_privileges() -> None:
    """Forbid gaining privileges through execve; Landlock and seccomp require it."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def unshare(flags: int) -> None:
    """Move this process to new namespaces of the kinds in `flags`, by unshare(2)."""
    _checked(_libc.unshare(flags), "unshare")


def set_child_pid_namespace(pidfd: int) -> None:
    """Start later children in the pid namespace of the process behind `pidfd`."""
    _checked(_libc.setns(pidfd, CLONE_NEWPID), "setns")


def unshare_with_user(flags: int, proc_self: int) -> None:
    """Move this process to new namespaces, a user namespace included, in which user and group keep their numbers.

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
    _checked(_libc.capset(struct.pack("=Ii", _CAPABILITY_VERSION, 0), bytes(24)), "capset")


def mount_tmpfs(target: str, options: str) -> None:
    """Mount an empty file system in memory on `target`."""
    flags = ctypes.c_ulong(MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _checked(_libc.mount(b"tmpfs", target.encode(), b"tmpfs", flags, options.encode()), f"mount tmpfs {target}")


def make_mounts_private() -> None:
    """Stop mounts made from here on from reaching other namespaces."""
    _checked(_libc.mount(b"none", b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None), "make mounts private")


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
    """Return a ruleset that refuses all TCP, signals to the outside, and every file access but `allowed`.

    allowed: pairs of a path and rights. Rights of 0 mean everything but executing. Paths that do not exist are skipped.
    """
    version = landlock_version()
    if version < 1:
        raise OSError("the kernel offers no Landlock")
    files = (1 << (13 if version < 2 else 14 if version < 3 else 15 if version < 5 else 16)) - 1
    attributes = struct.pack("=QQQ", files, 3, 3)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = _checked(_syscall(_LANDLOCK_CREATE, attributes, len(attributes), 0), "landlock_create_ruleset")
    for path, rights in allowed:
        if os.path.exists(path):
            fd, rights = os.open(path, os.O_PATH | os.O_CLOEXEC), (rights or files & ~EXECUTE) & files
            try:
                rule = struct.pack("=Qi", rights if os.path.isdir(path) else rights & _ON_FILES, fd)
                _checked(_syscall(_LANDLOCK_ADD, ruleset, 1, rule, 0), f"landlock_add_rule {path}")
            finally:
                os.close(fd)
    return ruleset


def landlock_restrict(ruleset: int) -> None:
    """Apply the ruleset to this process; no_new_privileges must have been called."""
    _checked(_syscall(_LANDLOCK_RESTRICT, ruleset, 0), "landlock_restrict_self")


ALLOWED = """
read write close fstat stat lstat newfstatat statx lseek readv writev pread64 pwrite64 preadv pwritev access faccessat
faccessat2 open openat readlink readlinkat getdents64 getcwd chdir unlink unlinkat mkdir mkdirat rmdir rename renameat
renameat2 ftruncate fadvise64 fallocate sendfile copy_file_range pipe pipe2 dup dup2 dup3 close_range
poll ppoll select pselect6 mmap munmap mprotect mremap madvise brk membarrier get_mempolicy
rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall futex set_robust_list get_robust_list rseq
set_tid_address sched_yield sched_getaffinity getcpu nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday
time times getrusage getrlimit sysinfo uname getpid gettid getppid getuid geteuid getgid getegid getrandom
exit exit_group umask
""".split()

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW = 0x7FFF0000
EQ, MASKED_EQ = 4, 7
CLONE_THREAD, O_ASYNC, PR_SET_NAME = 0x10000, 0x2000, 15
_FCNTL = (0, 1, 2, 3, 1030)
_IOCTL = (0x5401, 0x5421, 0x5450, 0x5451)
_F_SETFL = 4
ERRNO, _KILL = 0x00050000, 0x80000000
_BAD_ARCH, _PR_SET_SECCOMP, _MODE_FILTER = 2, 22, 2
_UNKNOWN = -1

Rule = tuple[Any, ...]
"""Action, name of the call, and conditions that must all hold: index of the argument, operator, and two operands."""


class _Compare(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def libseccomp() -> ctypes.CDLL:
    """Load libseccomp; raise OSError if it is not installed."""
    lib = ctypes.CDLL("libseccomp.so.2")
    lib.seccomp_init.restype = ctypes.c_void_p
    lib.seccomp_init.argtypes = [ctypes.c_uint32]
    lib.seccomp_attr_set.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32]
    lib.seccomp_arch_add.argtypes = lib.seccomp_arch_remove.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    lib.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint, ctypes.POINTER(_Compare)
    ]  # fmt: skip
    lib.seccomp_export_bpf.argtypes = [ctypes.c_void_p, ctypes.c_int]
    lib.seccomp_release.argtypes = [ctypes.c_void_p]
    return lib


_REFUSE = ERRNO | errno.EPERM
# The allow-list, clone for threads only, and harmless commands of fcntl, ioctl and prctl. prlimit64 may read limits of
# the calling process, and set none: a process could lower its own CPU limit and be killed by the kernel, which looks
# like a kill from outside.
_RULES: tuple[Rule, ...] = (
    *((ALLOW, name) for name in ALLOWED),
    (ERRNO | errno.ENOSYS, "clone3"),
    (ALLOW, "clone", (0, MASKED_EQ, CLONE_THREAD, CLONE_THREAD)),
    (ALLOW, "prctl", (0, EQ, PR_SET_NAME, 0)),
    (ALLOW, "prlimit64", (0, EQ, 0, 0), (2, EQ, 0, 0)),
    (ALLOW, "fcntl", (1, EQ, _F_SETFL, 0), (2, MASKED_EQ, O_ASYNC, 0)),
    *((ALLOW, "fcntl", (1, EQ, command, 0)) for command in _FCNTL),
    *((ALLOW, "ioctl", (1, EQ, command, 0)) for command in _IOCTL),
)


def filter_program(machine: str = "", default: int = _REFUSE, rules: Iterable[Rule] = _RULES) -> bytes:
    """Return a filter in the kernel's format for `machine`, this one if empty. default: its action where no rule holds.

    Names that libseccomp does not know are skipped: the default holds for them.
    """
    native = os.uname().machine
    if (machine or native) not in ARCHITECTURES:
        raise OSError(f"the filter is made for {' and '.join(ARCHITECTURES)}, this machine is {machine or native}")
    lib = libseccomp()
    context = lib.seccomp_init(default)
    if not context:
        raise OSError("libseccomp could not begin a filter")
    try:
        lib.seccomp_attr_set(context, _BAD_ARCH, _KILL)
        if machine and machine != native:
            lib.seccomp_arch_add(context, ARCHITECTURES[machine])
            lib.seccomp_arch_remove(context, ARCHITECTURES[native])
        for action, name, *compares in rules:
            number = lib.seccomp_syscall_resolve_name(name.encode())
            array = (_Compare * max(len(compares), 1))(*(_Compare(*compare) for compare in compares))
            if number != _UNKNOWN and lib.seccomp_rule_add_array(context, action, number, len(compares), array) < 0:
                raise OSError(f"libseccomp refused the rule for {name}")
        with open(os.memfd_create("filter"), "rb") as file:
            if lib.seccomp_export_bpf(context, file.fileno()) < 0:
                raise OSError("libseccomp could not write the filter")
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            return file.read()
    finally:
        lib.seccomp_release(context)


def install_filter(code: bytes) -> None:
    """Apply the filter to this process; no_new_privileges must have been called."""
    buffer = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    _checked(_libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, head, 0, 0), "seccomp")
