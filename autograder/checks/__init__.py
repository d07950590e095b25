"""One file, one question. Each check maps a Trial and the findings so far to its own findings."""

from __future__ import annotations

from collections.abc import Callable

from autograder.checks import consistency, contract, gradient, purity, speed, stability, training, values
from autograder.checks.trial import Trial
from autograder.report import Finding

Check = Callable[[Trial, tuple[Finding, ...]], tuple[Finding, ...]]

# In the order they run and are read: each may look at what the ones before it found. The last two come by themselves,
# because they measure time in a process that has run nothing else.
CHECKS: dict[str, Check] = {
    "contract": contract.check,
    "values": values.check,
    "gradient": gradient.check,
    "purity": purity.check,
    "stability": stability.check,
    "consistency": consistency.check,
    "training": training.check,
    "speed": speed.check,
}
