"""The system call filter allows its list only, on both processors and from inside a worker."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from functools import cache

import pytest

from autograder.implementation import Outcome, Returned, Stopped
from autograder.sandbox.inside import kernel
from autograder.sandbox.sandbox import Sandbox
from tests.sandbox import bpf

MACHINES = tuple(kernel.ARCHITECTURES)
LAST = 480
# x86-64's return from a probe, which the kernel keeps from filters: elsewhere it is an illegal instruction.
OF_THE_KERNEL = {335, 336}
# Their verdict depends on the arguments, or is of its own.
SPECIAL = {"clone", "clone3", "prctl", "prlimit64", "fcntl", "ioctl"}
# aarch64 never had these; their newer siblings stand beside them in the list.
OLD = {
    "stat", "lstat", "access", "open", "readlink", "unlink", "mkdir", "rmdir", "rename", "pipe", "dup2", "poll",
    "select", "time",
}  # fmt: skip
# What each promise of docs/security.md rests on.
REFUSED = """
socket socketpair connect bind listen accept4 sendto sendmsg recvmsg io_uring_setup fork vfork execve execveat kill
tkill tgkill pidfd_open pidfd_getfd pidfd_send_signal ptrace process_vm_readv process_vm_writev process_madvise kcmp
perf_event_open bpf userfaultfd setpriority sched_setaffinity sched_setscheduler sched_setattr ioprio_set shmget
shmat semget semop msgget msgsnd mq_open add_key keyctl request_key flock inotify_init1 fanotify_init memfd_create
memfd_secret unshare setns mount umount2 pivot_root chroot open_tree move_mount fsopen open_by_handle_at
name_to_handle_at setuid setresuid setgroups capset setrlimit personality seccomp landlock_create_ruleset chmod
fchmod fchmodat chown fchown fchownat utimensat truncate link linkat symlink symlinkat mknod mknodat setxattr
ftruncate64 openat2 init_module finit_module kexec_load reboot syslog swapon quotactl acct settimeofday
clock_settime clock_adjtime adjtimex timer_create setitimer alarm timerfd_create eventfd2 signalfd4 epoll_create1
setsid setpgid vmsplice splice tee remap_file_pages mlockall mbind set_mempolicy migrate_pages move_pages
lookup_dcookie modify_ldt arch_prctl iopl ioperm uselib ustat vhangup
""".split()


@cache
def numbers(machine: str) -> dict[str, int]:
    """Return every system call that libseccomp knows on this machine."""
    resolve = kernel.libseccomp().seccomp_syscall_resolve_num_arch
    resolve.restype, resolve.argtypes = ctypes.c_void_p, [ctypes.c_uint32, ctypes.c_int]
    found = ((resolve(kernel.ARCHITECTURES[machine], number), number) for number in range(LAST))
    return {ctypes.string_at(name).decode(): number for name, number in found if name}


@pytest.fixture(params=MACHINES)
def answer(request: pytest.FixtureRequest):
    """Provide answer(name, *args): the filter's action for the call on this processor."""
    code, arch = kernel.filter_program(request.param), kernel.ARCHITECTURES[request.param]

    def run(name: str | int, *args: int, arch: int = arch) -> int:
        number = numbers(request.param)[name] if isinstance(name, str) else name
        return bpf.run(code, arch, number, *args)

    run.machine = request.param  # type: ignore[attr-defined]
    return run


def test_the_list_is_all_that_passes(answer) -> None:
    """The filter allows exactly the calls on the list, whatever their arguments."""
    known = numbers(answer.machine)
    passed = {name for name in known if name not in SPECIAL and answer(name, *[(1 << 64) - 1] * 6) == bpf.ALLOW}
    assert passed == set(kernel.ALLOWED) & set(known)
    assert {answer(name) for name in known if name not in SPECIAL | passed} == {bpf.ERRNO | errno.EPERM}


def test_no_promise_rests_on_a_call_that_passes() -> None:
    """No call that breaks the confinement is on the list, and all these names are known."""
    assert set(REFUSED) & {*kernel.ALLOWED, *SPECIAL} == set()
    unknown = set(REFUSED) - set(numbers("x86_64")) - set(numbers("aarch64"))
    assert unknown <= {"ftruncate64"}


def test_the_list_means_something_on_both_processors() -> None:
    """Every name is known on both processors, except old ones that aarch64 lacks."""
    assert set(kernel.ALLOWED) - set(numbers("x86_64")) == set()
    assert set(kernel.ALLOWED) - set(numbers("aarch64")) == OLD


def test_only_threads_are_cloned(answer) -> None:
    """Only threads can be cloned; clone3, whose flags no filter can read, does not exist."""
    thread = 0x3D0F00
    assert answer("clone", thread) == bpf.ALLOW
    for flags in (17, 0x11, 0x4111, thread & ~kernel.CLONE_THREAD, 0x10000000, 0x7E020000):
        assert answer("clone", flags) == bpf.ERRNO | errno.EPERM
    assert answer("clone3", 1, 2) == bpf.ERRNO | errno.ENOSYS


def test_commands_are_chosen_by_their_arguments(answer) -> None:
    """Harmless commands of prctl, prlimit64, fcntl and ioctl are allowed; signals, locks and terminal input are not."""
    assert answer("prctl", kernel.PR_SET_NAME) == bpf.ALLOW
    assert {answer("prctl", option) for option in range(80) if option != 15} == {bpf.ERRNO | errno.EPERM}
    assert answer("prlimit64", 0, 7) == bpf.ALLOW and answer("prlimit64", 1, 7) != bpf.ALLOW
    assert {answer("prlimit64", 0, 7, new, old) for new in (1, 1 << 47) for old in (0, 1)} == {bpf.ERRNO | errno.EPERM}
    passed = {command for command in range(1100) if answer("fcntl", 0, command) == bpf.ALLOW}
    assert passed == {0, 1, 2, 3, 4, 1030}  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC
    assert answer("fcntl", 0, 4, kernel.O_ASYNC | 0x800) != bpf.ALLOW
    tiocsti, tiocsctty, fionread = 0x5412, 0x540E, 0x541B
    assert {answer("ioctl", 0, request) for request in (tiocsti, tiocsctty, fionread)} == {bpf.ERRNO | errno.EPERM}


def test_another_processor_s_calls_are_deadly(answer) -> None:
    """A call of another architecture, such as 32-bit x86, ends the process."""
    for arch in {0x40000003, 0x40000028, *kernel.ARCHITECTURES.values()} - {kernel.ARCHITECTURES[answer.machine]}:
        assert answer("read", arch=arch) == bpf.KILL


def test_an_unknown_processor_gets_no_filter() -> None:
    """An unknown processor gets no filter."""
    with pytest.raises(OSError, match="made for x86_64 and aarch64, this machine is riscv64"):
        kernel.filter_program("riscv64")


def ask(sandbox: Sandbox, source: str, *args: object) -> Outcome:
    with sandbox.session() as session:
        return session.implementation("exercise", source).call("f", args, {}, names=(), seconds=1)


EVERY = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def f(numbers):
    let = []
    for number in numbers:
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
        if result != -1 or ctypes.get_errno() != 1:
            let.append([number, result, ctypes.get_errno()])
    return let
"""


def test_every_other_call_is_refused_from_inside(sandbox: Sandbox) -> None:
    """The kernel answers each number outside the list with EPERM, also unassigned numbers."""
    known = numbers(platform.machine())
    listed = {known[name] for name in {*kernel.ALLOWED, *SPECIAL} & set(known)} | OF_THE_KERNEL
    outcome = ask(sandbox, EVERY, [number for number in range(600) if number not in listed])
    assert isinstance(outcome, Returned) and outcome.value == []


CODE = """
import ctypes, mmap
def f(code):
    page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes(code))
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()
"""
X86 = {
    "32-bit getpid": b"\xb8" + struct.pack("<I", 20) + b"\xcd\x80\xc3",
    "32-bit socketcall": b"\xb8" + struct.pack("<I", 102) + b"\xcd\x80\xc3",
    "x32 getpid": b"\xb8" + struct.pack("<I", 0x40000000 | 39) + b"\x0f\x05\xc3",
}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86-64 has other numbers of its own")
@pytest.mark.parametrize("code", X86.values(), ids=X86)
def test_the_other_doors_into_the_kernel_are_deadly(sandbox: Sandbox, code: bytes) -> None:
    """Machine code that calls the kernel as a 32-bit program ends the process."""
    outcome = ask(sandbox, CODE, list(code))
    assert isinstance(outcome, Stopped) and outcome.reason == "crash" and "SIGSYS" in outcome.detail


def test_libseccomp_is_found_by_its_name() -> None:
    """libseccomp is found by its name and resolves names."""
    assert kernel.libseccomp().seccomp_syscall_resolve_name(b"read") == numbers(platform.machine())["read"]
    assert os.uname().machine in MACHINES
