"""Collect what `handgrad doctor` reports: the machine, its tiers, and the proof of each layer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from autograder.errors import GraderFault
from autograder.sandbox.limits import Limits
from autograder.sandbox.machine import Machine, inspect_machine
from autograder.sandbox.repair import Repair, repairs
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import Layer, examine
from autograder.sandbox.tiers import TierReport, probe


@dataclass(frozen=True)
class TierHealth:
    """Health of one tier."""

    name: str
    """Name of the tier."""
    available: bool
    """The machine offers the tier."""
    why: str = ""
    """Why the tier is not available, or why its proof failed to run."""
    layers: tuple[Layer, ...] = ()
    """Proven layers."""
    seconds: float = 0.0
    """Time that the proof took."""

    @property
    def holds(self) -> bool:
        """Return whether the tier is available and every layer was shown to hold."""
        return self.available and not self.why and all(layer.holds for layer in self.layers)


@dataclass(frozen=True)
class Health:
    """Health of the sandbox on this machine."""

    machine: Machine
    """Properties of the machine."""
    tiers: tuple[TierHealth, ...]
    """Health of each tier, best first."""
    repairs: tuple[Repair, ...]
    """Repairs of the tiers that are not available."""
    graders: int
    """Number of graders that cores and memory allow at once."""

    @property
    def official(self) -> str | None:
        """Return the best available tier if it is confined and holds, else None: no weaker one replaces it."""
        best = next((tier for tier in self.tiers if tier.available), None)
        return best.name if best and best.name != "local" and best.holds else None


def health() -> Health:
    """Examine the machine and all tiers; takes about a second."""
    machine, reports = inspect_machine(), probe()
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
