"""Which tiers are to be had here, and the proof that one holds before it grades anybody."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from functools import cache

from autograder.sandbox.sandbox import can_fork
from autograder.sandbox.selftest import selftest
from autograder.sandbox.zygote import command, environment, folders, packages

__all__ = ["TierReport", "best", "probe", "selftest"]

_SECONDS = 20
_BOOT = "import sys; sys.path.append({folder!r}); from inside import probe; sys.path.pop(); probe.main({packages!r})"


@dataclass(frozen=True)
class TierReport:
    """One tier: whether it can be had here, and why not."""

    name: str
    available: bool
    why: str = ""


@cache
def probe() -> list[TierReport]:
    """All tiers, best first. Costs the start of one bare interpreter, once."""
    reasons = _try() if can_fork() else dict.fromkeys(("sealed", "guarded"), "it needs Linux")
    confined = [TierReport(name, not reasons[name], reasons[name]) for name in ("sealed", "guarded")]
    return [*confined, TierReport("local", True)]


def best() -> str:
    """The name of the best tier here."""
    return next(report.name for report in probe() if report.available)


def _try() -> dict[str, str]:
    code = _BOOT.format(folder=folders()[0], packages=packages())
    try:
        done = subprocess.run(
            command(code), env=environment(), cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS
        )
        answer = json.loads(done.stdout)
        return {name: str(answer[name]) for name in ("sealed", "guarded")}
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired) as error:
        return dict.fromkeys(("sealed", "guarded"), f"the probe failed: {error}")
