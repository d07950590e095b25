"""Run student code in a sandbox: it sees inputs only, and each call ends as one outcome.

A name is imported when it is first used: whoever needs one module of this package does not wait for the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.sandbox.limits import Limits
    from autograder.sandbox.sandbox import Sandbox
    from autograder.sandbox.tiers import TierReport, best, probe

__all__ = ["Limits", "Sandbox", "TierReport", "best", "probe"]

_MODULES = {
    "Limits": "limits", "Sandbox": "sandbox", "TierReport": "tiers", "best": "tiers", "probe": "tiers",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
