"""Everything that `handgrad doctor` knows: the machine, its tiers, and what their proof found, layer by layer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.errors import GraderFault
from autograder.sandbox.limits import Limits
from autograder.sandbox.machine import Machine, look
from autograder.sandbox.repair import Repair, repairs
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import Layer, examine
from autograder.sandbox.tiers import TierReport, probe


@dataclass(frozen=True)
class TierHealth:
    """One tier. why: why it cannot be had, or why its proof could not be made. seconds: what the proof took."""

    name: str
    available: bool
    why: str = ""
    layers: tuple[Layer, ...] = ()
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether it can be had and every layer was shown to hold."""
        return self.available and not self.why and all(layer.holds for layer in self.layers)


@dataclass(frozen=True)
class Health:
    """official: the tier of official grades, None where none is fit for them. graders: at once, by memory."""

    machine: Machine
    tiers: tuple[TierHealth, ...]
    repairs: tuple[Repair, ...]
    graders: int

    @property
    def official(self) -> str | None:
        """The best confined tier; none while that one does not hold, as nobody steps down silently."""
        best = next((tier for tier in self.tiers if tier.available), None)
        return best.name if best and best.name != "local" and best.holds else None


def health() -> Health:
    """Look at it all; takes about a second."""
    machine, reports = look(), probe()
    memory = machine.memory // Limits().address_space if machine.memory else machine.cores
    graders = max(1, min(machine.cores, memory))
    return Health(machine, tuple(_examined(reports)), repairs(machine, reports), graders)


def _examined(reports: list[TierReport]) -> Iterator[TierHealth]:
    for report in reports:
        yield _examine(report.name) if report.available else TierHealth(report.name, False, report.why)


def _examine(tier: str) -> TierHealth:
    try:
        with Sandbox(tier) as sandbox:
            sandbox.new_worker().kill()  # the zygote has started
            begun = time.perf_counter()
            layers = examine(sandbox)
            return TierHealth(tier, True, "", layers, time.perf_counter() - begun)
    except GraderFault as fault:
        return TierHealth(tier, True, str(fault))
