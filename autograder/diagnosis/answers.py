"""Statements about a whole answer: its random masks, calls that differ, another order of axes, its own forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import erf, sqrt

import numpy as np

from autograder.checks.judge import examine
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import name_outputs
from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.repairs import called_names, parsed
from autograder.implementation import Returned, Stopped
from autograder.numeric.compare import same
from autograder.report.report import Finding
from autograder.spec.function import Case, Function
from autograder.spec.judges import Judge
from autograder.values import Rng

_LEAST = 1000
"""Least number of entries whose share of zeros is compared."""

_SHARES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("an entry is kept with probability p, and p is the probability to drop it", lambda p: p),
    ("the share of the entries that are kept is not 1 - p: a normal draw is compared with a probability, which takes a "
     "uniform one", lambda p: (1 + erf((1 - p) / sqrt(2))) / 2),
    ("the right share is dropped", lambda p: 1 - p),
)  # fmt: skip
_SCALES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("those that are kept are divided by 1 - p, as they should", lambda p: 1 / (1 - p)),
    ("those that are kept are 1: nothing makes up for those that are dropped", lambda p: 1.0),
    ("those that are kept are divided by p", lambda p: 1 / p),
    ("those that are kept are multiplied by 1 - p", lambda p: 1 - p),
)  # fmt: skip


def explain_mask(trial: Trial, function: Function, output: str) -> str:
    """Return which share of a random mask is kept and how it is scaled, where both are the same function of p in all
    cases and not both are right; "" otherwise."""
    seen = [trial.call_case(function, case) for case in function.cases if _is_mask(case, output)]
    masks = [(float(item.inputs["p"]), item.outputs[0][output]) for item in seen if item.outputs]
    masks = [(p, mask) for p, mask in masks if isinstance(mask, np.ndarray) and mask.size >= _LEAST]
    if len(masks) < 2 or len({p for p, _ in masks}) < 2:
        return ""
    shares = [
        number for number, (_, share) in enumerate(_SHARES) if all(_has_share(mask, share(p)) for p, mask in masks)
    ]
    scales = [
        number for number, (_, scale) in enumerate(_SCALES) if all(_has_scale(mask, scale(p)) for p, mask in masks)
    ]
    if len(shares) != 1 or len(scales) != 1 or (shares, scales) == ([len(_SHARES) - 1], [0]):
        return ""
    return f"{_SHARES[shares[0]][0][0].upper()}{_SHARES[shares[0]][0][1:]}; {_SCALES[scales[0]][0]}."


def _is_mask(case: Case, output: str) -> bool:
    judge = case.accept.get(output)
    return isinstance(judge, Judge) and judge.rule == "mask"


def _has_share(mask: np.ndarray, share: float) -> bool:
    """Return whether the share of entries that are not 0 is a chance of one in a million or likelier."""
    return abs(np.count_nonzero(mask) / mask.size - share) <= 5 * sqrt(share * (1 - share) / mask.size) + 1e-12


def _has_scale(mask: np.ndarray, scale: float) -> bool:
    kept = mask[mask != 0]
    return bool(kept.size) and bool(np.allclose(kept, scale, rtol=1e-9, atol=0))


def explain_differing_calls(trial: Trial, function: Function) -> str:
    """Return that two calls with equal arguments give different results; "" where they do not.

    The arguments are those of a failing case; one that has a random generator gets it in the same state again.
    """
    failing = [case for case in function.cases if _is_failing(trial, function, case) and case.steps == 1]
    for case in failing[:2]:
        seen = trial.call_case(function, case)
        again = [trial.call(function, seen.inputs) for _ in range(2)]
        values = [outcome.value for outcome in again if isinstance(outcome, Returned)]
        if len(values) == 2 and not same(values[0], values[1], 0.0):
            drawn = any(isinstance(value, Rng) for value in seen.inputs.values())
            more = (
                "take all random numbers from rng" if drawn else "what does it keep from one call to the next, or draw?"
            )
            return f"Two calls with equal arguments give different results: {more}{'.' if drawn else ''}"
    return ""


def _is_failing(trial: Trial, function: Function, case: Case) -> bool:
    seen = trial.call_case(function, case)
    return not isinstance(seen.outcome, Stopped) and any(examine(trial, seen, name) for name in function.outputs)


_IMAGES, _KERNELS = (0, 3, 1, 2), (3, 2, 0, 1)
_OTHER_ORDERS = {
    ("B", "H", "W", "C"): _IMAGES, ("B", "H'", "W'", "N"): _IMAGES, ("B", "H'", "W'", "C"): _IMAGES,
    ("KH", "KW", "C", "N"): _KERNELS,
}  # fmt: skip
"""The axes of images and kernels, and their order where the channels come before height and width."""


def explain_channels_first(trial: Trial, function: Function) -> str:
    """Return that the answer is right for arrays with the channels before height and width; "" where it is not.

    It is called with the axes of all arrays in that order, and its outputs are turned back.
    """
    cases = [case for case in function.cases if case.steps == 1 and not case.accept]
    verdicts = [_is_right_with_channels_first(trial, function, case) for case in cases]
    if len(verdicts) > 1 and all(verdicts):
        return "It is right for images in the order (B, C, H, W); here the channels are the last axis: (B, H, W, C)."
    return ""


def _is_right_with_channels_first(trial: Trial, function: Function, case: Case) -> bool:
    call = trial.variant.calls(function, case)[0]
    turned = {name: _turned(trial, name, value) for name, value in call.inputs.items()}
    if all(turned[name] is value for name, value in call.inputs.items()):
        return False
    outcome = trial.call(function, turned)
    named = name_outputs(function, outcome)
    if named is None:
        return False
    outputs = {name: _turned(trial, name, value, back=True) for name, value in named.items()}
    seen = CaseResult(function, case, (call,), outcome, (outputs,))
    return not any(examine(trial, seen, name) for name in function.outputs)


def _turned(trial: Trial, name: str, value: object, back: bool = False) -> object:
    if not isinstance(value, np.ndarray):
        return value
    order = _OTHER_ORDERS.get(axis_names(trial.exercise.axes, name, value.ndim))
    if order is None:
        return value
    return np.ascontiguousarray(value.transpose(np.argsort(order) if back else order))


def explain_own_forward(trial: Trial, function: Function, findings: tuple[Finding, ...]) -> str:
    """Return that a backward calls the answer's own forward, which is wrong; "" where it does not."""
    tree, forward = parsed(trial), function.forward
    if tree is None or forward is None:
        return ""
    wrong = any(
        f.function == forward.name and f.check == "values" and f.status in ("failed", "error") for f in findings
    )
    if not wrong or forward.name not in {node.name for node in called_names(tree, function.name)}:
        return ""
    return f"It calls your own {forward.name}, which is wrong: repair that first, then see what changes here."


def statements(trial: Trial, function: Function, output: str) -> Iterator[str]:
    """Yield what holds of the answer as a whole."""
    yield explain_differing_calls(trial, function)
    yield explain_mask(trial, function, output)
    yield explain_channels_first(trial, function)
