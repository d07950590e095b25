"""Which tiers this machine allows, tried for real in a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable

from . import kernel, seccomp
from .confine import Sealed


def main(packages: str) -> None:
    """Print, as JSON, why each confined tier cannot be had: an empty text when it can."""
    guarded = _why(_guard)
    sealed = guarded or _why(lambda: Sealed({}, packages).enter())
    print(json.dumps({"guarded": guarded, "sealed": sealed}), flush=True)


def _guard() -> None:
    if kernel.landlock_version() < 1:
        raise OSError("the kernel offers no Landlock")
    seccomp.program()


def _why(attempt: Callable[[], None]) -> str:
    try:
        attempt()
    except (OSError, AttributeError) as error:
        return str(error)
    return ""
