"""Which tiers this machine allows, tried for real in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable

from . import kernel, seccomp
from .confine import LANDLOCK, Sealed


def main(packages: str) -> None:
    """Print, as JSON, why each confined tier cannot be had: an empty text when it can."""
    guarded = _why(lambda: _guard(LANDLOCK))
    sealed = _why(lambda: _guard(1)) or _why(lambda: Sealed({}, packages).enter())
    print(json.dumps({"guarded": guarded, "sealed": sealed}), flush=True)


def _guard(landlock: int) -> None:
    if kernel.landlock_version() < landlock:
        raise OSError(f"the kernel offers Landlock {kernel.landlock_version()}, needed is {landlock}")
    seccomp.program()


def _why(attempt: Callable[[], None]) -> str:
    try:
        attempt()
    except (OSError, AttributeError) as error:
        return str(error)
    return ""
