"""Prove that a tier holds before it is used: canaries try to break out of a worker, and kernel facts are checked.

A layer that cannot be shown to hold counts as broken. A canary does no harm if it succeeds, and leaves nothing behind.
"""

from __future__ import annotations

import os
import platform
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import GraderFault
from autograder.implementation import Returned, Stopped
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.tiers import Layer

if TYPE_CHECKING:
    from autograder.sandbox.session import SandboxImplementation

# Group → name of a layer → words on student code where the layer does not hold.
LAYERS = {
    "files": {
        "read": "reads the grader's files",
        "write": "writes the grader's files",
        "create": "writes outside /tmp",
        "list": "lists the root folder",
        "see": "sees which files the machine has",
    },
    "network": {"tcp": "opens a TCP socket", "udp": "opens a UDP socket", "unix": "opens a Unix socket"},
    "processes": {
        "fork": "forks",
        "execute": "starts another program",
        "signal": "signals the grader",
        "parent": "signals its parent",
        "everybody": "signals everybody",
        "trace": "looks into the grader's memory",
    },
    "secrets": {
        "environment": "sees {} of the grader's environment variables",
        "descriptors": "holds open files of the grader",
        "course": "imports the grader",
        "ipc": "makes System V objects",
        "keys": "uses key rings",
    },
    "bounds": {
        "memory": "takes more memory than allowed",
        "file": "writes a larger file than allowed",
        "limits": "has no limit",
        "set limits": "sets its own limits",
        "end by time": "that should be ended by time",
        "end by output": "that should be ended by output",
    },
    "kernel": {
        "user": "runs as a user with rights",
        "capabilities": "holds capabilities",
        "privileges": "may gain privileges",
        "filter": "may make any system call",
        "namespaces": "shares a namespace",
    },
    "honesty": {"honest code": "that is honest", "one thread": "runs more threads than one"},
}
_CLAUSES = {name: clause for group in LAYERS.values() for name, clause in group.items()}
_FACTS = (*LAYERS["kernel"], "limits", "one thread")
_OTHERS = ("environment", "honest code", "end by time", "end by output")
_ESCAPES = tuple(name for name in _CLAUSES if name not in (*_FACTS, *_OTHERS))
# Only a tier with a root of its own hides the names of files.
_SEALED_ONLY = frozenset({"see"})

SOURCE = """
import ctypes, os, resource, socket
import numpy as np

def honest(size):
    x = np.ones((size, size))
    return (x @ x.T).sum()

def endless():
    while True:
        pass

def flood():
    while True:
        print("x" * 65536)

def _tries(action):
    try:
        return action() is not False
    except (OSError, MemoryError, ImportError, ValueError):
        return False

def _any(*actions):
    return any([_tries(action) for action in actions])

def _call(name, *args):
    return getattr(ctypes.CDLL(None), name)(*args) >= 0

def _create():
    made = False
    for folder in ("/", "/var/tmp", "/dev/shm", os.path.dirname(os.__file__)):
        path = os.path.join(folder, "handgrad-canary")
        if _tries(lambda: open(path, "w").close()):
            made = True
            os.unlink(path)
    return made

def _fork():
    if os.fork() == 0:
        os._exit(0)

def _peek(pid, address):
    here = ctypes.create_string_buffer(8)
    ours, theirs = ((ctypes.c_size_t * 2)(place, 8) for place in (ctypes.addressof(here), address))
    return _call("process_vm_readv", pid, ours, 1, theirs, 1, ctypes.c_ulong(0))

def _execute():
    try:
        os.execv("/no-such-program", ["-"])
    except OSError as error:
        return not isinstance(error, PermissionError)

def _socket(family, kind):
    socket.socket(family, kind).close()

def _held():
    return any([_tries(lambda: os.fstat(fd) and None) for fd in range(5, 256)])

def _grow(size):
    with open("/tmp/handgrad-canary", "wb") as file:
        os.unlink(file.name)
        file.truncate(size)

def _objects():
    libc = ctypes.CDLL(None)
    made = libc.shmget(0, 4096, 0o1600), libc.semget(0, 1, 0o1600), libc.msgget(0, 0o1600)
    for remove, number in zip((libc.shmctl, lambda n, *a: libc.semctl(n, 0, *a), libc.msgctl), made):
        if number >= 0:
            remove(number, 0, None)
    return max(made) >= 0

def _course():
    import autograder

def environment():
    return sorted(os.environ)

def escapes(path, pid, address, memory, size):
    return {
        "read": _any(lambda: open(path).close(), lambda: open("/proc/self/environ").close()),
        "write": _tries(lambda: open(path, "a").close()),
        "create": _create(),
        "list": _tries(lambda: os.listdir("/")),
        "see": any(map(os.path.exists, (path, "/etc", "/proc", "/home"))),
        "tcp": _any(*(lambda f=f: _socket(f, socket.SOCK_STREAM) for f in (socket.AF_INET, socket.AF_INET6))),
        "udp": _any(*(lambda f=f: _socket(f, socket.SOCK_DGRAM) for f in (socket.AF_INET, socket.AF_INET6))),
        "unix": _any(lambda: _socket(socket.AF_UNIX, socket.SOCK_STREAM), socket.socketpair),
        "fork": _tries(_fork),
        "execute": _execute(),
        "signal": _tries(lambda: os.kill(pid, 0)),
        "parent": _tries(lambda: os.kill(os.getppid(), 0)),
        "everybody": _tries(lambda: os.kill(-1, 0)),
        "trace": _tries(lambda: _peek(pid, address)),
        "descriptors": _held(),
        "ipc": _objects(),
        "keys": _tries(lambda: _call("syscall", KEYCTL, 0, -3, 0)),
        "set limits": _tries(lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))),
        "course": _tries(_course),
        "memory": _tries(lambda: np.empty(memory, np.uint8)),
        "file": _tries(lambda: _grow(size)),
    }
"""
KEYCTL = {"x86_64": 250, "aarch64": 219}


def source(machine: str) -> str:
    """Return the source of the canaries for this machine's system calls."""
    return f"KEYCTL = {KEYCTL.get(machine, 0)}\n{SOURCE}"


NOBODY = 65534
_OWN = ("user", "net", "uts", "cgroup")
_PER_WORKER = ("mnt", "pid", "ipc")
_CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapAmb")
_LIMIT = re.compile(r"^Max (.+?)  +(\S+) +(\S+)", re.MULTILINE)


def facts(pid: int, tier: str, limits: Limits) -> dict[str, str]:
    """Return what is wrong with each fact, "" if nothing is. pid: a worker that waits for its next request."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
        status = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
        # Root's workers are nobody without groups; another user's workers run as that user.
        wanted, groups = (NOBODY, status["Groups"]) if os.geteuid() == 0 else (os.geteuid(), "")
        right = {int(word) for word in status["Uid"].split()} == {wanted} and not groups
        return {
            "user": "" if right else f"uid {status['Uid'].split()[0]}, groups {groups or 'none'}",
            "capabilities": ", ".join(f"{name} {status[name]}" for name in _CAPABILITIES if int(status[name], 16)),
            "privileges": "" if status["NoNewPrivs"] == "1" else "no_new_privs is not set",
            "filter": "" if status["Seccomp"] == "2" else f"seccomp mode {status['Seccomp']}",
            "namespaces": ", ".join(_shared(pid, status)) if tier == "sealed" else "",
            "limits": ", ".join(_unlimited(pid, tier, limits)),
            "one thread": "" if status["Threads"] == "1" else f"{status['Threads']} threads",
        }
    except (OSError, KeyError, ValueError) as error:
        return dict.fromkeys(_FACTS, f"the kernel does not tell: {error!r}")


def _shared(pid: int, status: Mapping[str, str]) -> Iterator[str]:
    """Yield the namespaces that the worker shares with the grader or its zygote, and so with later workers."""
    yield from (name for name in _OWN if _namespace(pid, name) == _namespace(os.getpid(), name))
    for name in _PER_WORKER:
        if _namespace(pid, name) in (_namespace(os.getpid(), name), _namespace(int(status["PPid"]), name)):
            yield name
    if status["NSpid"].split()[-1] != "1":
        yield "not the first process of its own"


def _namespace(pid: int, name: str) -> str:
    return os.readlink(f"/proc/{pid}/ns/{name}")


def _unlimited(pid: int, tier: str, limits: Limits) -> Iterator[str]:
    allowed = {
        "cpu time": limits.kernel_cpu, "file size": limits.file_size, "core file size": 0,
        "open files": limits.open_files, "address space": limits.address_space,
    }  # fmt: skip
    if tier == "sealed" or os.geteuid() == 0:
        allowed["processes"] = limits.threads
    text = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    found = {name: (soft, hard) for name, soft, hard in _LIMIT.findall(text)}
    for name, most in allowed.items():
        if any(word == "unlimited" or int(word) > most for word in found[name]):
            yield f"{name} {found[name][1]}"


SECONDS = 1.0
LOOP_SECONDS = 0.01
SIZE = 128  # a product so large that NumPy would want more threads than one
_SETTINGS = ("PYTHON", "MALLOC_", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "SYSTEMROOT")
_THREADS = "_NUM_THREADS", "_MAXIMUM_THREADS"


def selftest(sandbox: Sandbox) -> None:
    """Raise GraderFault with the broken layers if a canary succeeds, valid code fails or endless code is not ended."""
    broken = ", ".join(layer.broken for layer in examine(sandbox) if not layer.holds)
    if broken:
        raise GraderFault(f"the {sandbox.tier} sandbox does not hold: student code {broken}. Nothing is graded here")


def examine(sandbox: Sandbox) -> tuple[Layer, ...]:
    """Return every layer of the sandbox's tier; the local tier has only the layers that end a call."""
    with sandbox.session() as session:
        canaries = session.implementation("canaries", source(platform.machine()))
        outcome = canaries.call("honest", (SIZE,), {}, names=(), seconds=SECONDS)
        right = isinstance(outcome, Returned) and outcome.value == SIZE**3
        layers = [Layer("honest code", "" if right else f"{_CLAUSES['honest code']} ends as {outcome}")]
        if sandbox.tier != "local":
            found = facts(session.pid or 0, sandbox.tier, sandbox.limits)
            layers += [Layer(name, wrong and f"{_CLAUSES[name]} ({wrong})") for name, wrong in found.items()]
            layers += [*_escapes(canaries, sandbox), _environment(canaries)]
        for function, reason, seconds in (("endless", "time", LOOP_SECONDS), ("flood", "output", SECONDS)):
            outcome, name = canaries.call(function, (), {}, names=(), seconds=seconds), f"end by {reason}"
            ended = isinstance(outcome, Stopped) and outcome.reason == reason
            layers.append(Layer(name, "" if ended else f"{_CLAUSES[name]} ends as {outcome}"))
    return tuple(layers)


def _escapes(canaries: SandboxImplementation, sandbox: Sandbox) -> Iterator[Layer]:
    with tempfile.TemporaryDirectory(prefix="handgrad-") as folder:
        os.chmod(folder, 0o755)
        secret = Path(folder, "secret.txt")
        secret.write_text("canary", encoding="ascii")
        secret.chmod(0o666)
        args = (str(secret), os.getpid(), id(secret), sandbox.limits.address_space, sandbox.limits.file_size + 1)
        outcome = canaries.call("escapes", args, {}, names=(), seconds=SECONDS)
    found: Any = outcome.value if isinstance(outcome, Returned) else None
    escaped = found if isinstance(found, dict) else {}
    for name in _ESCAPES:
        if sandbox.tier == "sealed" or name not in _SEALED_ONLY:
            broken = _CLAUSES[name] if name in escaped else f"ends as {outcome}"
            yield Layer(name, "" if escaped.get(name) is False else broken)


def _environment(canaries: SandboxImplementation) -> Layer:
    outcome = canaries.call("environment", (), {}, names=(), seconds=SECONDS)
    if not (isinstance(outcome, Returned) and isinstance(outcome.value, list)):
        return Layer("environment", f"ends as {outcome}")
    foreign = [n for n in map(str, outcome.value) if not n.startswith(_SETTINGS) and not n.endswith(_THREADS)]
    return Layer("environment", _CLAUSES["environment"].format(len(foreign)) if foreign else "")
