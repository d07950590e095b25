"""Describe this machine and the health of its tiers, derive repairs, and choose the tier for grading."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import GraderFault, UsageError
from autograder.numeric.runtime import cores
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import examine, selftest
from autograder.sandbox.tiers import TierReport, probe, probe_results
from autograder.sandbox.tiers import best as best_tier

# Kernel settings that can forbid user namespaces → the value that forbids them, and one that allows them.
SETTINGS = {
    "kernel.apparmor_restrict_unprivileged_userns": ("1", "0"),
    "kernel.unprivileged_userns_clone": ("0", "1"),
    "user.max_user_namespaces": ("0", "15000"),
}
_MARKS = ("/.dockerenv", "/run/.containerenv")


@dataclass(frozen=True)
class Machine:
    """Properties of a machine."""

    system: str = "Linux"
    kernel: str = ""
    architecture: str = "x86_64"
    cores: int = 1
    memory: int = 0
    """Available bytes, 0 if unknown."""
    python: str = ""
    numpy: str = ""
    blas: str = ""
    root: bool = False
    container: bool = False
    """The machine looks like a container."""
    filtered: bool = False
    """This process obeys a system call filter."""
    landlock: int = 0
    """Landlock version of the kernel, 0 for none."""
    libseccomp: str = ""
    """Version of libseccomp, "" for none."""
    settings: dict[str, str] = field(default_factory=dict)
    """The kernel settings listed in SETTINGS that exist on this machine."""


def inspect_machine() -> Machine:
    """Return the properties of this machine."""
    import numpy as np

    lines, bound = _read("/proc/meminfo").splitlines(), _read("/sys/fs/cgroup/memory.max")
    free = next((1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), 0)
    memory = min(free, int(bound)) if bound.isdigit() and free else free  # a container's limit may be lower
    found, built = probe_results(), dict[str, Any](np.show_config(mode="dicts") or {})
    blas = built.get("Build Dependencies", {}).get("blas", {})
    settings = {name: _read(f"/proc/sys/{name.replace('.', '/')}") for name in SETTINGS}
    return Machine(
        platform.system(), platform.release(), platform.machine(), cores(), memory, platform.python_version(),
        np.__version__, f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
        hasattr(os, "geteuid") and os.geteuid() == 0, any(map(os.path.exists, _MARKS)),
        "Seccomp:\t2\n" in _read("/proc/self/status"), found["landlock"], found["libseccomp"],
        {name: value for name, value in settings.items() if value},
    )  # fmt: skip


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


@dataclass(frozen=True)
class Repair:
    """Repair for a tier."""

    tier: str
    fact: str
    """Why the tier is not available."""
    command: str = ""
    """Command to type, or option of a container."""
    advice: str = ""
    """Advice where no command helps."""

    def __str__(self) -> str:
        return f"{self.fact} Repair: {self.command or self.advice}"


def repairs(machine: Machine, reports: Iterable[TierReport]) -> tuple[Repair, ...]:
    """Return the repairs of the confined tiers that are not available, without duplicates."""
    found: dict[str, Repair] = {}
    for made in (repair(machine, report) for report in reports if not report.available):
        found.setdefault(str(made), made)
    return tuple(found.values())


def repair(machine: Machine, report: TierReport) -> Repair:
    """Return the first repair that fits an unavailable tier on this machine."""
    tier, why = report.name, report.why
    if machine.system != "Linux":
        advice = "grade on Linux, in a virtual machine or in CI."
        return Repair(tier, f"{machine.system} has no sandbox.", advice=advice)
    if "filter is made for" in why:
        return Repair(tier, "There is no filter for this processor.", advice="grade on x86-64 or aarch64.")
    if not machine.libseccomp:
        return Repair(tier, "libseccomp is not installed.", "apt-get install libseccomp2")
    if not machine.landlock:
        advice = "boot Linux 5.13 or newer with `lsm=landlock,…`, or update the container's engine."
        return Repair(tier, "The kernel offers no Landlock, or a container hides it.", advice=advice)
    if "another user" in why:
        return Repair(tier, "Root may not become another user here.", "docker run --cap-add SETUID --cap-add SETGID …")
    if tier == "guarded":
        return Repair(tier, f"{why}.", advice="use Linux 6.2 or newer.")
    for name, value in machine.settings.items():
        forbidding, allowing = SETTINGS.get(name, ("", ""))
        if value == forbidding:
            return Repair(tier, f"{name} is {value}: no user namespaces.", f"sudo sysctl -w {name}={allowing}")
    if machine.container or machine.filtered:
        fact = f"The container forbids new namespaces ({why})."
        return Repair(tier, fact, "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined …")
    return Repair(tier, f"{why}.", advice="see `handgrad doctor --json`.")


@dataclass(frozen=True)
class Health:
    """Health of the sandbox on this machine."""

    machine: Machine
    tiers: tuple[TierReport, ...]
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
    tiers = [_examine(each.name) if each.available else each for each in reports]
    return Health(machine, tuple(tiers), repairs(machine, reports), graders)


def _examine(tier: str) -> TierReport:
    try:
        with Sandbox(tier) as sandbox:
            sandbox.new_worker().kill()  # the zygote has started
            begun = time.perf_counter()
            layers = examine(sandbox)
            return TierReport(tier, True, "", layers, time.perf_counter() - begun)
    except GraderFault as fault:
        return TierReport(tier, True, str(fault))


def choose(wanted: str | None, official: bool, prove: bool = True) -> str:
    """Return the wanted tier, else the best available one. prove: test that it holds, before code runs in it.

    Raise UsageError if it is not available or not fit for official grades, GraderFault if it does not hold.
    """
    reports, best = {report.name: report for report in probe()}, best_tier()
    tier = wanted or best
    if not reports[tier].available:
        raise UsageError(f"the {tier} tier cannot be had here: {reports[tier].why}. {_repair(reports[tier])}")
    if tier == "local" and official:
        raise UsageError(
            f"--tier local is no sandbox, and an official grade needs one. Leave --tier out: {best} is here."
            if best != "local" else
            f"this machine has no sandbox, and an official grade needs one. {_repair(reports['guarded'])}"
        )  # fmt: skip
    if tier != "local" and prove:
        with Sandbox(tier) as sandbox:
            selftest(sandbox)
    return tier


def confined(wanted: str | None) -> str:
    """Return the wanted tier, else the best confined one; raise UsageError if there is none."""
    tier = choose(wanted, official=False)
    if tier == "local" and not wanted:
        repair = _repair(next(report for report in probe() if report.name == "guarded"))
        raise UsageError(f"this machine has no sandbox. {repair} `--tier local` runs the text with your own rights.")
    return tier


def _repair(report: TierReport) -> str:
    return f"{repair(inspect_machine(), report)} (`handgrad doctor` says more)"
