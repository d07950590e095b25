"""Which tiers of the sandbox this machine has, as a process found that tried them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from autograder.sandbox.limits import Limits
from autograder.sandbox.zygote import command, environment, folders, packages

_SECONDS = 20
_BOOT = "import sys; sys.path.append({folder!r}); from inside import probe; sys.path.pop(); probe.main({config!r})"
_CONFINED = ("sealed", "guarded")


@dataclass(frozen=True)
class TierReport:
    """One tier: whether it can be had here, and why not."""

    name: str
    available: bool
    why: str = ""


def probe() -> list[TierReport]:
    """All tiers, best first. Costs the start of one bare interpreter, once."""
    reasons = tried()["why"]
    return [*(TierReport(name, not reasons[name], reasons[name]) for name in _CONFINED), TierReport("local", True)]


def best() -> str:
    """The name of the best tier here."""
    return next(report.name for report in probe() if report.available)


@cache
def tried() -> Mapping[str, Any]:
    """What a process found that tried them: `why` by tier, Landlock's version, and libseccomp's, "" for none."""
    if not can_fork():
        return _nothing("it needs Linux")
    config = json.dumps({"packages": packages(), "limits": asdict(Limits())})
    try:
        done = subprocess.run(
            command(_BOOT.format(folder=folders()[0], config=config)),
            env=environment(), cwd="/", stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS,
        )  # fmt: skip
        answer: Mapping[str, Any] = json.loads(done.stdout)
        return answer if answer["why"].keys() == set(_CONFINED) else _nothing("the probe answers nonsense")
    except (OSError, ValueError, KeyError, AttributeError, TypeError, subprocess.TimeoutExpired) as error:
        return _nothing(f"the probe failed: {error}")


def _nothing(why: str) -> Mapping[str, Any]:
    return {"why": dict.fromkeys(_CONFINED, why), "landlock": 0, "libseccomp": ""}


def can_fork() -> bool:
    """Whether workers are forked from a zygote here; macOS and Windows start each afresh."""
    return sys.platform == "linux"
