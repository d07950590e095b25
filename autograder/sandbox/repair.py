"""Derive the repair, in one line, for a tier that is not available."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.sandbox.machine import FORBIDDING, Machine
from autograder.sandbox.tiers import TierReport


@dataclass(frozen=True)
class Repair:
    """Repair for a tier."""

    tier: str
    """Name of the tier."""
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
    found: dict[tuple[str, str], Repair] = {}
    for report in reports:
        if not report.available:
            made = repair(machine, report)
            found.setdefault((made.fact, made.command or made.advice), made)
    return tuple(found.values())


def repair(machine: Machine, report: TierReport) -> Repair:
    """Return the first repair that fits."""
    return next(_fitting(machine, report))


def _fitting(machine: Machine, report: TierReport) -> Iterator[Repair]:
    tier, why = report.name, report.why
    if machine.system != "Linux":
        yield Repair(tier, f"{machine.system} has no sandbox.", advice="grade on Linux, in a virtual machine or in CI.")
    if "filter is made for" in why:
        yield Repair(tier, "There is no filter for this processor.", advice="grade on x86-64 or aarch64.")
    if not machine.libseccomp:
        yield Repair(tier, "libseccomp is not installed.", "apt-get install libseccomp2")
    if not machine.landlock:
        yield Repair(tier, "The kernel offers no Landlock, or a container hides it.", advice=_LANDLOCK)
    if "another user" in why:
        yield Repair(tier, "Root may not become another user here.", "docker run --cap-add SETUID --cap-add SETGID …")
    if tier == "guarded":
        yield Repair(tier, f"{why}.", advice="use Linux 6.2 or newer.")
    for name, value in machine.settings.items():
        if value == FORBIDDING.get(name):
            yield Repair(tier, f"{name} is {value}: no user namespaces.", f"sudo sysctl -w {name}={_FREE[name]}")
    if machine.container or machine.filtered:
        fact = f"The container forbids new namespaces ({why})."
        yield Repair(tier, fact, "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined …")
    yield Repair(tier, f"{why}.", advice="see `handgrad doctor --json`.")


_LANDLOCK = "boot Linux 5.13 or newer with `lsm=landlock,…`, or update the container's engine."
_FREE = {
    "kernel.apparmor_restrict_unprivileged_userns": "0",
    "kernel.unprivileged_userns_clone": "1",
    "user.max_user_namespaces": "15000",
}
