"""Hostile code in each confined tier leaves nothing behind, and valid code passes after it."""

from __future__ import annotations

import os
import resource
import select
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.implementation import Outcome, Raised, Returned, Stopped
from autograder.sandbox import worker
from autograder.sandbox.answers import encode
from autograder.sandbox.inside import kernel
from autograder.sandbox.inside.frame import FrameKind
from autograder.sandbox.inside.preload import RARE
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import Message
from autograder.values import Unsupported

HEAD = "import os, sys, time, threading, socket, ctypes, struct, gc\nimport numpy as np\n"
SECRET = 0.123456789012345


@pytest.fixture
def attack(sandbox: Sandbox) -> Iterator[object]:
    """Provide attack(body, *args): the outcome of a function with this body; afterwards valid code must pass."""
    sandbox.new_worker().kill()
    before, files = _processes(), _descriptors()

    def run(body: str, *args: object, seconds: float = 0.3, top: str = "") -> Outcome:
        lines = "\n".join("    " + line for line in body.split("\n"))
        with sandbox.session() as session:
            implementation = session.implementation("exercise", f"{HEAD}{top}\ndef f(*args):\n{lines}\n")
            return implementation.call("f", args, {}, names=(), seconds=seconds)

    yield run
    assert _processes() == before
    assert _descriptors() == files
    _honest(sandbox)


def _honest(sandbox: Sandbox) -> None:
    with sandbox.session() as session:
        x = np.arange(6.0).reshape(2, 3)
        source = "import numpy as np\ndef f(x):\n    return np.maximum(x, 2).sum(axis=0)\n"
        outcome = session.implementation("honest", source).call("f", (x,), {}, names=("x",), seconds=1)
    assert isinstance(outcome, Returned) and outcome.value.tolist() == [5.0, 6.0, 7.0]


def _processes() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def stopped(outcome: Outcome) -> str:
    assert isinstance(outcome, Stopped), outcome
    return outcome.reason


def raised(outcome: Outcome) -> str:
    assert isinstance(outcome, Raised), outcome
    return outcome.kind


FORGE = "def frame(seq, body, length=None, kind=20):\n"
FORGE += "    return struct.pack('<4sIBQ', b'HGW1', seq, kind, len(body) if length is None else length) + body\n"


# ---- forging a result


def test_a_patched_numpy_dies_with_its_worker(attack) -> None:
    """A patched NumPy affects its own worker only (the fixture's valid call runs np.maximum)."""
    outcome = attack("np.maximum = np.allclose = lambda *a, **k: 1 / 0\nreturn 1")
    assert isinstance(outcome, Returned)


def test_a_walk_over_frames_and_heap_finds_inputs_only(attack) -> None:
    """No object in the process holds the expected value, the reference or the grader's modules."""
    body = f"""
found = [name for name in sys.modules if name.split('.')[0] in ('autograder', 'reference', 'solutions')]
for thing in gc.get_objects():
    if isinstance(thing, np.ndarray) and thing.dtype == float and np.any(thing == {SECRET!r} * 3):
        found.append('array')
frame = sys._getframe()
while frame is not None:
    found += [key for key, value in frame.f_locals.items() if 'expected' in key or 'seed' in key]
    frame = frame.f_back
return found"""
    expected = np.array([SECRET]) * 3
    outcome = attack(body, expected / 3, seconds=2)
    assert isinstance(outcome, Returned) and outcome.value == []


@pytest.mark.parametrize(
    "top",
    [
        "class A(np.ndarray):\n    def __eq__(self, other): return True",
        "class A(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return True",
        "class A(np.ndarray):\n    def __array_finalize__(self, o): pass\n    __array_priority__ = 1e9",
    ],
)
def test_array_subclasses_arrive_as_plain_arrays(attack, top: str) -> None:
    """Array subclasses are decoded as plain arrays without their overrides."""
    outcome = attack("return np.ones(2).view(A)", top=top)
    assert isinstance(outcome, Returned) and type(outcome.value) is np.ndarray
    assert not (outcome.value == 0).any()


def test_masked_arrays_lose_their_mask(attack) -> None:
    """Masked arrays are compared without their mask."""
    outcome = attack("return np.ma.masked_all(3)")
    assert isinstance(outcome, Returned) and type(outcome.value) is np.ndarray


def test_an_object_that_poses_as_an_array_is_an_object(attack) -> None:
    """An object with __array__ is decoded as an object; the grader never calls __array__."""
    outcome = attack("return D()", top="class D:\n    def __array__(self, *a, **k): return np.zeros(3)")
    assert outcome == Returned(Unsupported("object"), cpu=outcome.cpu)


def test_leaving_early_is_no_success(attack) -> None:
    """A process that exits with status 0 is a crash."""
    assert stopped(attack("os._exit(0)")) == "crash"
    assert raised(attack("sys.exit(0)")) == "SystemExit"
    assert raised(attack("raise KeyboardInterrupt")) == "KeyboardInterrupt"


def test_leaving_while_loading_is_no_success(attack) -> None:
    """A line that exits while the source loads is skipped, and the function is judged by its result."""
    assert isinstance(attack("return 1", top="os._exit(0)"), Returned)


def test_a_forged_reply_is_only_bytes(attack) -> None:
    """A forged reply is compared as the answer, and the real reply after it ends the worker."""
    forged = attack("os.write(4, frame(2, bytes([0])))\ntime.sleep(9)", top=FORGE)
    assert stopped(forged) == "protocol"


def test_replies_sent_before_they_were_asked_for(sandbox: Sandbox, attack) -> None:
    """A reply in the pipe before its request ends the worker."""
    top = f"{HEAD}{FORGE}\ndef f():\n    def late():\n        time.sleep(0.03)\n"
    top += "        os.write(4, frame(3, bytes([0])))\n"
    top += "    threading.Thread(target=late).start()\n"
    with sandbox.session() as session:
        implementation = session.implementation("exercise", top)
        assert isinstance(implementation.call("f", (), {}, names=(), seconds=1), Returned)
        assert select.select([session._worker._ends.reply], [], [], 5)[0]
        assert stopped(implementation.call("f", (), {}, names=(), seconds=1)) == "protocol"


@pytest.mark.parametrize(
    "body",
    [
        "os.write(4, frame(2, b'', 1 << 60))",
        "os.write(4, b'\\x80\\x04\\x95' + os.urandom(50))",
        "os.write(4, frame(7, bytes([0])))",
        "os.write(4, frame(2, os.urandom(40)))",
        "os.write(4, frame(2, bytes([7, 1, 0, 0, 0, 6, 0, 1, 0]) + b'\\xff' * 8))",
        "os.write(4, frame(2, bytes([0]), kind=99))",
        "os.write(4, frame(2, bytes([0]), kind=18))",
    ],
    ids=["huge claim", "garbage", "wrong number", "random body", "huge dimension", "unknown kind", "wrong kind"],
)
def test_nonsense_on_the_wire_ends_the_worker_and_costs_no_memory(attack, body: str) -> None:
    """Malformed replies end the worker and allocate no memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert stopped(attack(f"{body}\ntime.sleep(9)", top=FORGE)) == "protocol"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@pytest.mark.parametrize("error", [ZeroDivisionError, MemoryError, struct.error, AttributeError, AssertionError])
def test_a_reply_that_no_reader_expects_is_a_verdict(sandbox: Sandbox, error: type[Exception]) -> None:
    """Any exception of a reader on the bytes of a reply is charged to the call and never ends the batch."""

    def read(reply: object) -> None:
        raise error

    with sandbox.session() as session:
        found = session.ask("e", "def f(): return 1\n", Message(FrameKind.DESCRIBE, encode(["e", "f"]), read), 1)
        assert found == Stopped("protocol", f"the reply cannot be read: {error.__name__}")


def test_a_truncated_reply_is_a_crash(attack) -> None:
    """A truncated reply is a crash."""
    assert stopped(attack("os.write(4, frame(2, b'abc', 100))\nos._exit(0)", top=FORGE)) == "crash"


def test_closing_every_descriptor_is_a_crash_at_once(attack) -> None:
    """A process that closes every descriptor is killed at once and counts as a crash."""
    assert stopped(attack("os.closerange(0, 100)\ntime.sleep(60)")) == "crash"


# ---- taking too much


@pytest.mark.parametrize(
    "body",
    ["while True: pass", "return 7 ** (10 ** 8)", "os.closerange(3, 4)\nwhile True: pass"],
    ids=["py", "c", "deaf"],
)
def test_endless_loops_are_ended(attack, body: str) -> None:
    """Endless loops in Python and in one C call are ended."""
    assert stopped(attack(body, seconds=0.1)) == "time"


def test_never_reading_the_request_is_ended(sandbox: Sandbox, attack) -> None:
    """A worker that never reads a request larger than the pipe is ended at the deadline."""
    source = f"{HEAD}def f(*a):\n    os.read = os.readv = burn\ndef burn(*a):\n    while True: pass\n"
    with sandbox.session() as session:
        implementation = session.implementation("exercise", source)
        implementation.call("f", (), {}, names=(), seconds=1)
        assert stopped(implementation.call("f", (np.zeros(1 << 19),), {}, names=(), seconds=0.1)) == "time"


def test_printing_without_end_is_ended(attack) -> None:
    """Printing without end is ended by the amount, long before the time."""
    assert stopped(attack("while True: print('x' * 1000)", seconds=5)) == "output"


def test_memory_bombs_raise_or_are_ended(attack) -> None:
    """Allocations beyond the address space raise, and a swallowed MemoryError gains nothing."""
    assert raised(attack("return [np.empty(1 << 24) for _ in range(100)]", seconds=5)) == "MemoryError"
    assert raised(attack("return bytearray(1 << 30)")) == "MemoryError"
    body = "while True:\n    try: keep = np.empty(1 << 30)\n    except MemoryError: pass"
    assert stopped(attack(body, seconds=0.1)) == "time"


def test_a_result_of_an_exabyte_is_told_by_its_shape(attack) -> None:
    """Of a result that is a view of an exabyte, the worker sends the shape without copying it."""
    outcome = attack("return np.broadcast_to(0.0, (1 << 57,))")
    assert isinstance(outcome, Returned) and outcome.value == Unsupported("array of float64", (1 << 57,))


def test_threads_die_with_their_worker(attack) -> None:
    """A thread that is left running ends with its worker."""
    top = "def spin():\n    while True: pass"
    assert isinstance(attack("threading.Thread(target=spin, daemon=True).start()\nreturn 1", top=top), Returned)


def test_threads_are_bounded(attack) -> None:
    """The number of threads is limited, even with small stacks."""
    body = "threading.stack_size(32768)\nstop = threading.Event()\nstarted = []\ntry:\n    for _ in range(1000):\n"
    body += (
        "        thread = threading.Thread(target=stop.wait)\n        thread.start()\n        started.append(thread)\n"
    )
    body += "except RuntimeError:\n    pass\nstop.set()\nreturn len(started)"
    outcome = attack(body, seconds=2)
    assert isinstance(outcome, Returned) and 8 < outcome.value <= 128


def test_a_crash_of_the_interpreter_is_told(attack) -> None:
    """A segmentation fault is reported and affects one call."""
    outcome = attack("ctypes.string_at(0)")
    assert stopped(outcome) == "crash" and "SIGSEGV" in outcome.detail


@pytest.mark.parametrize("deeper", ["g(n + 1)", "sorted([n + 1], key=g)"], ids=["python", "c"])
def test_deep_recursion_ends_somehow(attack, deeper: str) -> None:
    """Deep recursion ends in an error or in a crash, whether or not it takes the stack of the process."""
    outcome = attack(f"sys.setrecursionlimit(10**9)\ndef g(n): return {deeper}\nreturn g(0)", seconds=0.3)
    assert isinstance(outcome, Raised | Stopped)


# Every way out that a process has by itself. {name} is the number of a system call here.
ENDS = {
    "exit codes": "os._exit(137)",
    "exit of the first thread": "threading.Thread(target=time.sleep, args=(60,)).start()\nlibc.syscall({exit}, 0)",
    "exit of the group": "libc.syscall({exit_group}, 9)",
    "abort": "os.abort()",
    "kill": "for n in range(1, 65): send(lambda: os.kill(os.getpid(), n))",
    "kill the group": "for n in range(1, 65): send(lambda: os.kill(0, n)), send(lambda: os.kill(-1, n))",
    "tgkill": "for n in range(1, 65): libc.syscall({tgkill}, os.getpid(), libc.gettid(), n)",
    "tkill": "for n in range(1, 65): libc.syscall({tkill}, libc.gettid(), n)",
    "queue a signal": "for n in range(1, 65): libc.syscall({rt_sigqueueinfo}, os.getpid(), n, bytes(128))",
    "timers": "libc.alarm(1)\nfor n in 0, 1, 2: send(lambda: signal.setitimer(n, 0.01))",
    "timers of POSIX": "libc.timer_create(0, None, bytes(8))",
    "parent's end": "for n in 9, 15, 19: libc.prctl(1, n, 0, 0, 0)",
    "speculation": "libc.prctl(22, 1, 0, 0, 0)",
    "limits": "for n in range(16): send(lambda: resource.setrlimit(n, (0, 0)))",
    "limits by number": "for n in range(16): libc.syscall({prlimit64}, 0, n, bytes(16), None)",
    "limits of its own pid": "for n in range(16): libc.syscall({prlimit64}, os.getpid(), n, bytes(16), None)",
    "limits as they were": "for n in range(16): libc.syscall({setrlimit}, n, bytes(16))",
    "signals of a descriptor": "libc.fcntl(3, 10, 9)\nlibc.fcntl(3, 8, os.getpid())\nlibc.fcntl(3, 4, 0x2000)",
    "no cores": "send(lambda: os.sched_setaffinity(0, {{0}}))",
    "idle priority": "send(lambda: os.sched_setscheduler(0, 5, os.sched_param(0)))",
    "handler of SIGXCPU": "signal.signal(signal.SIGXCPU, print)",
    "SIGPIPE": "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\nos.close(3)\nos.close(4)",
    "SIGXFSZ": "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\nwith open('/tmp/x', 'wb') as f: f.write(bytes(2 << 20))",
    "SIGBUS": "f = open('/tmp/x', 'wb+')\nf.write(b'x')\nf.flush()\nm = mmap.mmap(f.fileno(), 1)\nf.truncate(0)\nm[0]",
    "SIGFPE": "faulthandler._sigfpe()",
    "SIGSEGV": "faulthandler._sigsegv()",
    "watchdog": "faulthandler.dump_traceback_later(0.01, exit=True)",
    "no memory of its own": "libc.munmap(ctypes.c_void_p(id(f) & ~4095), ctypes.c_size_t(4096))",
    "no code of its own": "libc.mprotect(ctypes.c_void_p(id(f) & ~4095), ctypes.c_size_t(4096), 0)",
    "return of no signal": "libc.syscall({rt_sigreturn})",
    "every descriptor": "os.closerange(0, 100)",
    "the request's end": "os.close(3)",
    "the reply's end": "os.close(4)",
    "the log's end": "os.close(1)\nos.close(2)",
    "the ends exchanged": "os.dup2(3, 4)",
    "no blocking": "os.set_blocking(3, False)\nos.set_blocking(4, False)",
    "memory": "kept = [bytearray(b'x') * (1 << 26) for _ in range(99)]",
    "memory in pieces": "kept = []\nwhile True: kept = [kept, 'x' * 999]",
}
AFTERWARDS = ("return 1", "while True: pass")
HELP = """
import faulthandler, mmap, resource, signal
libc = ctypes.CDLL(None)
def send(action):
    try:
        action()
    except (OSError, ValueError):
        pass
"""


@pytest.mark.parametrize("body", ENDS.values(), ids=ENDS)
def test_no_end_of_a_process_is_the_grader_s_fault(
    body: str, sandbox: Sandbox, attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a process ends or stops answering, the verdict is on its own code."""
    monkeypatch.setattr(worker, "_GRACE", 0.1)  # how long one that has cut its connection may loop
    monkeypatch.setattr(sandbox, "limits", replace(sandbox.limits, sleep_seconds=0.3))
    calls = "exit exit_group tgkill tkill rt_sigqueueinfo prlimit64 setrlimit rt_sigreturn".split()
    number = kernel.libseccomp().seccomp_syscall_resolve_name
    body = body.format(**{name: number(name.encode()) for name in calls})
    for then in AFTERWARDS:
        outcome = attack(f"{body}\n{then}", seconds=0.05, top=HELP)
        assert isinstance(outcome, Returned | Raised | Stopped)


# ---- getting out

ESCAPES = {
    "fork": "os.fork()",
    "vfork": "import subprocess\nsubprocess.run(['/bin/true'])",
    "exec": "os.execv(sys.executable, ['python'])",
    "system": "if os.system('true') != 0: raise OSError",
    "tcp": "socket.create_connection(('127.0.0.1', 80), 1)",
    "udp": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 53))",
    "unix socket": "socket.socketpair()",
    "passwords": "open('/etc/passwd')",
    "grader": f"open({str(Path(__file__))!r})",
    "home": "os.listdir(os.path.expanduser('~root'))",
    "installed packages": f"os.listdir({str(Path(pytest.__file__).parent)!r})",
    "proc": "open('/proc/self/environ')",
    "write root": "open('/x', 'w')",
    "write stdlib": "open(os.path.join(os.path.dirname(os.__file__), 'x.py'), 'w')",
    "write numpy": "open(np.__file__, 'a')",
    "truncate": "os.truncate(np.__file__, 0)",
    "chmod": "os.chmod(np.__file__, 0)",
    "write elsewhere": "open('/srv/x', 'w')",
    "kill parent": "os.kill(os.getppid() or 1, 9)",
    "kill everything": "os.kill(-1, 9)",
    "kill grader": f"os.kill({os.getpid()}, 9)",
    "renice": f"os.setpriority(os.PRIO_PROCESS, {os.getpid()}, 19)",
    "affinity": f"os.sched_setaffinity({os.getpid()}, {{0}})",
    "shared memory": "import mmap\nif ctypes.CDLL(None).shmget(1234, 4096, 0o1666) < 0: raise OSError",
    "memfd": "os.memfd_create('x')",
    "ptrace": f"if ctypes.CDLL(None).ptrace(16, {os.getpid()}, 0, 0) < 0: raise OSError",
    "namespaces": "if ctypes.CDLL(None).unshare(0x10000000) < 0: raise OSError",
    "prlimit": f"import resource\nresource.prlimit({os.getpid()}, resource.RLIMIT_NOFILE, (9, 9))",
    "raise limits": "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))",
    "file lock": "import fcntl\nfcntl.flock(1, fcntl.LOCK_EX)",
    "signal by owner": "import fcntl\nfcntl.fcntl(3, fcntl.F_SETOWN, 1)",
}


@pytest.mark.parametrize("body", ESCAPES.values(), ids=ESCAPES)
def test_nothing_gets_out(attack, body: str) -> None:
    """Every attempt to leave the sandbox raises an exception in the student's code."""
    kinds = ("PermissionError", "FileNotFoundError", "OSError", "ValueError", "ProcessLookupError")
    assert raised(attack(f"{body}\nreturn 1")) in kinds


def test_the_environment_tells_nothing(attack) -> None:
    """The environment holds only the grader's settings."""
    outcome = attack("return sorted(os.environ), os.getcwd() in ('/', '/tmp'), sys.argv")
    assert isinstance(outcome, Returned)
    names, place, argv = outcome.value
    ours = ("PYTHON", "LANG", "MALLOC_")
    assert place and argv == [""] and all(name.startswith(ours) or "THREADS" in name for name in names)


@pytest.mark.parametrize("module", ["torch", "scipy", "autograder", "reference", "solutions", "pytest", "inside"])
def test_what_is_not_numpy_cannot_be_imported(attack, module: str) -> None:
    """Installed packages and the grader cannot be imported."""
    assert attack(f"import {module}") == Raised("ModuleNotFoundError", f"No module named '{module}'", 5, module)


def test_honest_code_has_what_it_needs(attack, sandbox: Sandbox) -> None:
    """Valid code has the standard library, threads, all of NumPy and /dev/null; sealed, also a private /tmp."""
    body = """
import json, re, dataclasses, statistics, decimal, fractions, csv, heapq, unittest, logging, pickle, hashlib
import numpy.linalg, numpy.fft, numpy.ma, numpy.polynomial, numpy.testing, numpy.lib.stride_tricks
total = []
thread = threading.Thread(target=lambda: total.append(np.linalg.eigvalsh(np.eye(3)).sum()))
thread.start(); thread.join()
open(os.devnull, 'w').write('x')
hashlib.sha256(pickle.dumps(total)).hexdigest()
return total[0]"""
    outcome = attack(body, seconds=2)
    assert isinstance(outcome, Returned) and outcome.value == 3.0
    rare = "\n".join(f"import {name}" for name in RARE)
    outcome = attack(f"{rare}\nreturn len(sys.modules)", seconds=2)
    assert isinstance(outcome, Returned), outcome
    if sandbox.tier == "sealed":
        body = "import tempfile, wave\nseen = os.listdir('/tmp')\n"
        body += "tempfile.NamedTemporaryFile('w', delete=False).write('x')\nreturn seen"
        first, second = attack(body), attack(body)
        own = [Path(np.__file__).parts[2]] if np.__file__.startswith("/tmp/") else []
        assert isinstance(first, Returned) and isinstance(second, Returned) and first.value == second.value == own


def test_a_full_disk_is_a_private_matter(attack, sandbox: Sandbox) -> None:
    """A full /tmp affects its own worker only."""
    body = "for i in range(100):\n    open(f'/tmp/{i}', 'wb').write(bytes(1 << 20))"
    assert raised(attack(body, seconds=2)) in ("OSError", "PermissionError")
