"""The checks of an answer. Each asks one question and maps a Trial and the findings so far to its own findings.

A check is a function `check` in a module of its name, or the function that its line says, and a line in CHECKS. Nothing
else names it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from autograder.checks.trial import Trial
    from autograder.report.report import Finding


@dataclass(frozen=True)
class Check:
    """One check, as data. Its module is imported when the check first runs, so this package stays cheap to import."""

    name: str
    """Name of the check, of its module in this package, and the value of `check` in its findings."""
    earns: Literal["points", "outputs", "nothing"] = "points"
    """The points that the check gives: `Function.points[name]`, with one finding per function; the points of each
    output of the functions of the kind `name`, with one finding per output; or none."""
    skippable: bool = True
    """Whether `--skip` accepts the check."""
    listed: bool = True
    """Whether pytest lists the check; checks that are not listed explain failures of other checks."""
    alone: bool = False
    """Whether the check measures CPU time, so that it runs after the others, in a process without other exercises."""
    believes: str = ""
    """The facts that the check takes from the worker without proof; "" where it takes none."""
    varies: bool = False
    """Whether the check's messages hold measured times, which differ from run to run."""
    code: str = ""
    """The module and the function of a check that has no module of its own, such as "values.ties"."""

    def __call__(self, trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """Return what the check finds; () if the exercise has no points for it. findings: of the checks before it."""
        functions = trial.exercise.functions
        applies = {"outputs": any(function.kind == self.name for function in functions), "nothing": True,
                   "points": any(self.name in function.points for function in functions)}  # fmt: skip
        if not applies[self.earns]:
            return ()
        run: Callable[[Trial, tuple[Finding, ...]], tuple[Finding, ...]]
        module, _, function = (self.code or f"{self.name}.check").partition(".")
        run = getattr(import_module(f"{__name__}.{module}"), function)
        return run(trial, findings)


# In the order in which they run and are read: each may use the findings of those before it.
CHECKS = {check.name: check for check in (
    Check("contract", earns="nothing", skippable=False, believes="the signatures of its functions"),
    Check("values", earns="outputs"),
    Check("gradient", earns="outputs"),
    Check("purity", believes="which arguments a call has changed", code="values.purity"),
    Check("ties", code="values.ties"),
    Check("stability", code="values.stability"),
    Check("consistency", earns="nothing", listed=False),
    Check("steps", earns="nothing", skippable=False, listed=False),
    Check("training", earns="outputs", alone=True),
    Check("speed", alone=True, varies=True),
)}  # fmt: skip
