"""Choose the tier for grading: probed, proven before use, and refused if an official grade needs a better one."""

from __future__ import annotations

from autograder.errors import UsageError
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.sandbox.tiers import TierReport, probe


def choose(wanted: str | None, official: bool) -> str:
    """Return the wanted tier, else the best available one.

    Raise UsageError if it is not available or not fit for official grades, GraderFault if it does not hold.
    """
    reports = {report.name: report for report in probe()}
    tier = wanted or next(report.name for report in reports.values() if report.available)
    if not reports[tier].available:
        raise UsageError(f"the {tier} tier cannot be had here: {reports[tier].why}. {_repair(reports[tier])}")
    if tier != "local":
        with Sandbox(tier) as sandbox:
            selftest(sandbox)
    elif official:
        raise UsageError(_refusal(reports))
    return tier


def confined(wanted: str | None) -> str:
    """Return the wanted tier, else the best confined one; raise UsageError if there is none."""
    tier = choose(wanted, official=False)
    if tier == "local" and not wanted:
        repair = _repair(next(report for report in probe() if report.name == "guarded"))
        raise UsageError(f"this machine has no sandbox. {repair} `--tier local` runs the text with your own rights.")
    return tier


def _refusal(reports: dict[str, TierReport]) -> str:
    """Return why there is no official grade, and the repair."""
    best = next(report for report in reports.values() if report.available)
    if best.name != "local":
        return f"--tier local is no sandbox, and an official grade needs one. Leave --tier out: {best.name} is here."
    return f"this machine has no sandbox, and an official grade needs one. {_repair(reports['guarded'])}"


def _repair(report: TierReport) -> str:
    from autograder.sandbox.machine import inspect_machine
    from autograder.sandbox.repair import repair

    return f"{repair(inspect_machine(), report)} (`handgrad doctor` says more)"
