"""Define canaries, which try to break out of a worker before anything is graded, and the name of each attempt.

A canary does no harm if it succeeds, and leaves nothing behind.
"""

from __future__ import annotations

SECRET = "canary"

# Name → what student code can do if the canary succeeds.
ESCAPES = {
    "read": "reads the grader's files",
    "write": "writes the grader's files",
    "create": "writes outside /tmp",
    "list": "lists the root folder",
    "see": "sees which files the machine has",
    "tcp": "opens a TCP socket",
    "udp": "opens a UDP socket",
    "unix": "opens a Unix socket",
    "fork": "forks",
    "execute": "starts another program",
    "signal": "signals the grader",
    "parent": "signals its parent",
    "everybody": "signals everybody",
    "trace": "looks into the grader's memory",
    "descriptors": "holds open files of the grader",
    "ipc": "makes System V objects",
    "keys": "uses key rings",
    "set limits": "sets its own limits",
    "course": "imports the grader",
    "memory": "takes more memory than allowed",
    "file": "writes a larger file than allowed",
}
# Only a tier with a root of its own hides the names of files.
SEALED_ONLY = frozenset({"see"})

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
