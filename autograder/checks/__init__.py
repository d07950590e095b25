"""One file, one question. Each check maps a Trial and the findings so far to its own findings."""

from __future__ import annotations

from collections.abc import Callable

from autograder.checks import consistency, contract, gradient, purity, speed, stability, steps, values
from autograder.checks.trial import Trial
from autograder.report.report import Finding

Check = Callable[[Trial, tuple[Finding, ...]], tuple[Finding, ...]]

def _training(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Imported when an exercise trains: nobody else should wait for it."""
    if trial.exercise.training is None:
        return ()
    from autograder.checks import training

    return training.check(trial, findings)


# In the order they run and are read: each may look at what the ones before it found. The last two come by themselves,
# because what they measure takes longest and rests on all the others.
CHECKS: dict[str, Check] = {
    "contract": contract.check,
    "values": values.check,
    "gradient": gradient.check,
    "purity": purity.check,
    "stability": stability.check,
    "consistency": consistency.check,
    "steps": steps.check,
    "training": _training,
    "speed": speed.check,
}
