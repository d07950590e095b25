"""The start-up proof: canaries try to break out of a worker, and none may succeed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from autograder.candidate import GraderFault, Outcome, Returned, Stopped
from autograder.sandbox.functions import SandboxCandidate
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.zygote import environment

SECONDS = 1.0
LOOP_SECONDS = 0.02
SECRET = "canary"
_LAYERS = {
    "read": "reading the grader's files",
    "write": "writing the grader's files",
    "create": "writing outside /tmp",
    "tcp": "opening a TCP socket",
    "udp": "opening a UDP socket",
    "unix": "opening a Unix socket",
    "signal": "signalling the grader",
    "parent": "signalling its parent",
    "environment": "seeing the grader's environment",
    "memory": "taking more memory than allowed",
    "thread": "forking",
    "execute": "starting another program",
}
_CANARIES = """
import os, socket
import numpy as np

def honest(x):
    return (x @ x.T).sum()

def endless():
    while True:
        pass

def _tries(action):
    try:
        return action() is not False
    except (OSError, MemoryError):
        return False

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

def _execute():
    try:
        os.execv("/no-such-program", ["-"])
    except OSError as error:
        return not isinstance(error, PermissionError)

def _socket(family, kind):
    socket.socket(family, kind).close()

def escapes(path, pid, size, hidden):
    return {
        "read": _tries(lambda: open(path).close()),
        "write": _tries(lambda: open(path, "a").close()),
        "create": _create(),
        "tcp": _tries(lambda: _socket(socket.AF_INET, socket.SOCK_STREAM)),
        "udp": _tries(lambda: _socket(socket.AF_INET, socket.SOCK_DGRAM)),
        "unix": _tries(lambda: _socket(socket.AF_UNIX, socket.SOCK_STREAM)),
        "signal": _tries(lambda: os.kill(pid, 0)),
        "parent": _tries(lambda: os.kill(os.getppid(), 0)),
        "environment": any(name in os.environ for name in hidden),
        "memory": _tries(lambda: np.empty(size, np.uint8)),
        "thread": _tries(_fork),
        "execute": _execute(),
    }
"""


def selftest(sandbox: Sandbox) -> None:
    """Raise GraderFault, naming the layer, if anything escapes; an honest sample must pass and an endless one end.

    The local tier confines nothing, so there only the last two are looked at.
    """
    with sandbox.session() as session:
        canaries = session.candidate("canaries", _CANARIES)
        _expect_honest(canaries)
        if sandbox.tier != "local":
            _expect_no_escape(canaries, sandbox.limits.address_space)
        ended = canaries.call("endless", (), {}, names=(), seconds=LOOP_SECONDS)
    if not (isinstance(ended, Stopped) and ended.reason == "time"):
        raise GraderFault(f"the {sandbox.tier} sandbox does not hold: an endless loop ended as {ended}")


def _expect_honest(canaries: SandboxCandidate) -> None:
    import numpy as np

    x = np.arange(6.0).reshape(2, 3)
    outcome = canaries.call("honest", (x,), {}, names=("x",), seconds=SECONDS)
    if not (isinstance(outcome, Returned) and outcome.value == (x @ x.T).sum()):
        raise GraderFault(f"the sandbox fails honest code, which ended as {outcome}")


def _expect_no_escape(canaries: SandboxCandidate, memory: int) -> None:
    with tempfile.TemporaryDirectory(prefix="handgrad-") as folder:
        os.chmod(folder, 0o755)
        secret = Path(folder, "secret.txt")
        secret.write_text(SECRET, encoding="ascii")
        secret.chmod(0o666)
        hidden = sorted(os.environ.keys() - environment().keys())
        args = (str(secret), os.getpid(), memory, hidden)
        _judge(canaries.call("escapes", args, {}, names=(), seconds=SECONDS))


def _judge(outcome: Outcome) -> None:
    found: Any = outcome.value if isinstance(outcome, Returned) else None
    if not isinstance(found, dict) or found.keys() != _LAYERS.keys():
        raise GraderFault(f"the sandbox could not be proven: its canaries ended as {outcome}")
    broken = [_LAYERS[name] for name, escaped in found.items() if escaped is not False]
    if broken:
        raise GraderFault(f"the sandbox does not hold against {', '.join(broken)}; nothing is graded here")
