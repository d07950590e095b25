"""Probe which tiers of the sandbox this machine offers."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from autograder.errors import GraderFault
from autograder.sandbox.limits import Limits
from autograder.sandbox.worker import command, environment, folders, packages

_SECONDS = 20
_BOOT = "import sys; sys.path.append({folder!r}); from inside import confine; sys.path.pop(); confine.probe({config!r})"
_CONFINED = ("sealed", "guarded")
_FROM_OUTSIDE = (1, 2, 9, 15)  # HUP, INT, KILL, TERM: no call that a kernel forbids ends a process by these


@dataclass(frozen=True)
class Layer:
    """Protection that must hold. broken: what student code does or is if it does not hold, "" if it holds."""

    name: str
    broken: str = ""

    @property
    def holds(self) -> bool:
        """Return whether the layer was shown to hold."""
        return not self.broken


@dataclass(frozen=True)
class TierReport:
    """Availability of one tier, and its layers if it was proven."""

    name: str
    available: bool
    """The machine offers the tier."""
    why: str = ""
    """Reason why the tier is not available, or why its proof could not run."""
    layers: tuple[Layer, ...] = ()
    seconds: float = 0.0
    """Time that the proof took."""

    @property
    def holds(self) -> bool:
        """Return whether the tier is available and every layer was shown to hold."""
        return self.available and not self.why and all(layer.holds for layer in self.layers)


def probe() -> list[TierReport]:
    """Return all tiers, best first; starts one bare interpreter, once."""
    reasons = probe_results()["why"]
    return [*(TierReport(name, not reasons[name], reasons[name]) for name in _CONFINED), TierReport("local", True)]


def best() -> str:
    """Return the name of the best available tier."""
    return next(report.name for report in probe() if report.available)


@cache
def probe_results() -> Mapping[str, Any]:
    """Return what a process found that tried the tiers: `why` by tier, versions of Landlock and libseccomp.

    GraderFault: nothing was found out.
    """
    why = "it needs Linux"
    if can_fork():
        try:
            answer: Mapping[str, Any] = json.loads(_printed())
            if answer["why"].keys() == set(_CONFINED):
                return answer
            why = "the probe answers nonsense"
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            why = f"the probe failed: {error}"
    return {"why": dict.fromkeys(_CONFINED, why), "landlock": 0, "libseccomp": ""}


def _printed() -> bytes:
    """Return what the probe printed. GraderFault: it was killed or did not end, twice.

    That says nothing of the machine: taken for a machine without a sandbox, it would let answers run unconfined.
    """
    config = json.dumps({"packages": packages(), "limits": asdict(Limits())})
    code, how = _BOOT.format(folder=folders()[0], config=config), ""
    for _ in range(2):
        try:
            done = subprocess.run(
                command(code), env=environment(), cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
                timeout=_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            how = f"did not end within {_SECONDS} s"
            continue
        if -done.returncode not in _FROM_OUTSIDE:
            return done.stdout
        how = f"was ended by {signal.Signals(-done.returncode).name}"
    raise GraderFault(f"it is unknown which sandboxes this machine has: the process that tries them {how}, twice")


def can_fork() -> bool:
    """Return whether workers are forked from a zygote; macOS and Windows start each as a new process."""
    return sys.platform == "linux"
