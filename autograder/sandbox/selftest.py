"""Prove that a tier holds before it is used: canaries try to break out of a worker, and kernel facts are checked.

A layer that cannot be shown to hold counts as broken.
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderFault
from autograder.implementation import Returned, Stopped, StopReason
from autograder.sandbox.canaries import ESCAPES, SEALED_ONLY, SECRET, source
from autograder.sandbox.facts import FACTS, facts
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import SandboxImplementation, Session

SECONDS = 1.0
LOOP_SECONDS = 0.01
SIZE = 128  # a product so large that NumPy would want more threads than one
_SETTINGS = ("PYTHON", "MALLOC_", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "SYSTEMROOT")
_THREADS = "_NUM_THREADS", "_MAXIMUM_THREADS"


# Groups of layers; every layer's name is in one of them.
GROUPS = {
    "files": ("read", "write", "create", "list", "see"),
    "network": ("tcp", "udp", "unix"),
    "processes": ("fork", "execute", "signal", "parent", "everybody", "trace"),
    "secrets": ("environment", "descriptors", "course", "ipc", "keys"),
    "bounds": ("memory", "file", "limits", "set limits", "end by time", "end by output"),
    "kernel": ("user", "capabilities", "privileges", "filter", "namespaces"),
    "honesty": ("honest code", "one thread"),
}


@dataclass(frozen=True)
class Layer:
    """Protection that must hold. broken: what student code does or is if it does not hold, "" if it holds."""

    name: str
    broken: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the layer was shown to hold."""
        return not self.broken


def selftest(sandbox: Sandbox) -> None:
    """Raise GraderFault with the broken layers if a canary succeeds, valid code fails or endless code is not ended."""
    broken = [layer.broken for layer in examine(sandbox) if not layer.holds]
    if broken:
        words = ", ".join(broken)
        raise GraderFault(f"the {sandbox.tier} sandbox does not hold: student code {words}. Nothing is graded here")


def examine(sandbox: Sandbox) -> tuple[Layer, ...]:
    """Return every layer of the sandbox's tier; the local tier has only the layers that end a call."""
    with sandbox.session() as session:
        canaries = session.implementation("canaries", source(platform.machine()))
        layers = [_honest(canaries)]
        if sandbox.tier != "local":
            layers += [*_facts(session, sandbox), *_escapes(canaries, sandbox), _environment(canaries)]
        layers.append(_ended(canaries, "endless", "time", LOOP_SECONDS))
        layers.append(_ended(canaries, "flood", "output", SECONDS))
    return tuple(layers)


def _honest(canaries: SandboxImplementation) -> Layer:
    outcome = canaries.call("honest", (SIZE,), {}, names=(), seconds=SECONDS)
    right = isinstance(outcome, Returned) and outcome.value == SIZE**3
    return Layer("honest code", "" if right else f"that is honest ends as {outcome}")


def _facts(session: Session, sandbox: Sandbox) -> Iterator[Layer]:
    found = facts(session.pid or 0, sandbox.tier, sandbox.limits)
    for name, clause in FACTS.items():
        yield Layer(name, f"{clause} ({found[name]})" if found[name] else "")


def _escapes(canaries: SandboxImplementation, sandbox: Sandbox) -> Iterator[Layer]:
    with tempfile.TemporaryDirectory(prefix="handgrad-") as folder:
        os.chmod(folder, 0o755)
        secret = Path(folder, "secret.txt")
        secret.write_text(SECRET, encoding="ascii")
        secret.chmod(0o666)
        args = (str(secret), os.getpid(), id(secret), sandbox.limits.address_space, sandbox.limits.file_size + 1)
        outcome = canaries.call("escapes", args, {}, names=(), seconds=SECONDS)
    found: Any = outcome.value if isinstance(outcome, Returned) else None
    escaped = found if isinstance(found, dict) else {}
    for name, clause in ESCAPES.items():
        if sandbox.tier == "sealed" or name not in SEALED_ONLY:
            yield Layer(name, "" if escaped.get(name) is False else clause if name in escaped else f"ends as {outcome}")


def _environment(canaries: SandboxImplementation) -> Layer:
    outcome = canaries.call("environment", (), {}, names=(), seconds=SECONDS)
    if not (isinstance(outcome, Returned) and isinstance(outcome.value, list)):
        return Layer("environment", f"ends as {outcome}")
    foreign = [name for name in outcome.value if not str(name).startswith(_SETTINGS) and not _counts_threads(name)]
    return Layer("environment", f"sees {len(foreign)} of the grader's environment variables" if foreign else "")


def _counts_threads(name: Any) -> bool:
    return str(name).endswith(_THREADS)


def _ended(canaries: SandboxImplementation, function: str, reason: StopReason, seconds: float) -> Layer:
    outcome = canaries.call(function, (), {}, names=(), seconds=seconds)
    ended = isinstance(outcome, Stopped) and outcome.reason == reason
    return Layer(f"end by {reason}", "" if ended else f"that should be ended by {reason} ends as {outcome}")
