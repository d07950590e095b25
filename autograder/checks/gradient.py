"""Is each gradient right? Compared with the reference's, for a random upstream gradient.

Each returned gradient is a finding of its own: dw can be right while dx is wrong. The comparison is entry by entry,
which sees all that a directional derivative sees; the directional one serves where there is no reference, and that is
the student's own forward (see consistency).
"""

from __future__ import annotations

from autograder.checks.trial import Trial
from autograder.checks.values import outputs
from autograder.report.report import Finding


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding per gradient of every backward."""
    functions = [function for function in trial.exercise.functions if function.kind == "gradient"]
    return tuple(finding for function in functions for finding in outputs(trial, function, findings, "gradient"))
