"""Build the filter of allowed system calls; libseccomp resolves their names for the architecture."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager

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
_ERRNO, _KILL = 0x00050000, 0x80000000
_BAD_ARCH, _PR_SET_SECCOMP, _MODE_FILTER = 2, 22, 2
_UNKNOWN = -1

Compare = tuple[int, int, int, int]
"""Condition on an argument: its index, the operator, and two operands."""


class _Compare(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


def library() -> ctypes.CDLL:
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


class Rules:
    """Filter under construction. Names that libseccomp does not know are skipped: the default holds for them."""

    def __init__(self, lib: ctypes.CDLL, context: int) -> None:
        self._lib, self._context = lib, context

    def allow(self, name: str, *compares: Compare) -> None:
        """Allow the call where all conditions hold."""
        self._add(ALLOW, name, compares)

    def refuse(self, name: str, code: int, *compares: Compare) -> None:
        """Fail the call with this errno where all conditions hold."""
        self._add(_ERRNO | code, name, compares)

    def export(self) -> bytes:
        """Return the filter in the kernel's format."""
        with open(os.memfd_create("filter"), "rb") as file:
            if self._lib.seccomp_export_bpf(self._context, file.fileno()) < 0:
                raise OSError("libseccomp could not write the filter")
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            return file.read()

    def _add(self, action: int, name: str, compares: tuple[Compare, ...]) -> None:
        number = self._lib.seccomp_syscall_resolve_name(name.encode())
        if number == _UNKNOWN:
            return
        array = (_Compare * max(len(compares), 1))(*(_Compare(*compare) for compare in compares))
        if self._lib.seccomp_rule_add_array(self._context, action, number, len(compares), array) < 0:
            raise OSError(f"libseccomp refused the rule for {name}")


@contextmanager
def begin(default: int, machine: str = "") -> Iterator[Rules]:
    """Begin a filter that does `default` where no rule holds, for `machine` (this one if empty)."""
    native = os.uname().machine
    if (machine or native) not in ARCHITECTURES:
        raise OSError(f"the filter is made for {' and '.join(ARCHITECTURES)}, this machine is {machine or native}")
    lib = library()
    context = lib.seccomp_init(default)
    if not context:
        raise OSError("libseccomp could not begin a filter")
    try:
        lib.seccomp_attr_set(context, _BAD_ARCH, _KILL)
        if machine and machine != native:
            lib.seccomp_arch_add(context, ARCHITECTURES[machine])
            lib.seccomp_arch_remove(context, ARCHITECTURES[native])
        yield Rules(lib, context)
    finally:
        lib.seccomp_release(context)


def program(machine: str = "") -> bytes:
    """Return the filter: the allow-list, clone for threads only, and harmless commands of fcntl, ioctl, prctl.

    prlimit64 may read limits of the calling process, and set none: a process could lower its own CPU limit and be
    killed by the kernel, which looks like a kill from outside.
    """
    with begin(_ERRNO | errno.EPERM, machine) as rules:
        for name in ALLOWED:
            rules.allow(name)
        rules.refuse("clone3", errno.ENOSYS)
        rules.allow("clone", (0, MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
        rules.allow("prctl", (0, EQ, PR_SET_NAME, 0))
        rules.allow("prlimit64", (0, EQ, 0, 0), (2, EQ, 0, 0))
        rules.allow("fcntl", (1, EQ, _F_SETFL, 0), (2, MASKED_EQ, O_ASYNC, 0))
        for command in _FCNTL:
            rules.allow("fcntl", (1, EQ, command, 0))
        for command in _IOCTL:
            rules.allow("ioctl", (1, EQ, command, 0))
        return rules.export()


def install(code: bytes) -> None:
    """Apply the filter to this process; no_new_privileges must have been called."""
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, head, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"seccomp: {os.strerror(ctypes.get_errno())}")
