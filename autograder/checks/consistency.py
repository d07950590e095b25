"""Is the backward the derivative of the student's own forward? Worth no points: it tells which half is wrong.

Of wrong forwards, most are perfectly self-consistent, so this never grades; but when both halves failed it says where
to look. Five-point differences along Gaussian directions, one input at a time, through the student's own code, in the
first cases in which the backward is wrong: where it is right, the forward says nothing about it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.checks.contract import ready
from autograder.checks.judge import examine
from autograder.checks.trial import Trial
from autograder.checks.variant import Inputs, name_outputs
from autograder.implementation import Returned
from autograder.numeric.derivative import DIRECTIONS, agrees, along
from autograder.report.report import Finding, Status
from autograder.spec.function import Case, Function


class _NoAnswer(Exception):
    """The student's function gave nothing that can be differentiated."""


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding per backward, where its outputs and those of its forward failed. Elsewhere one half is right, and the
    check of the other half has reported the problem."""
    backwards = [function for function in trial.exercise.functions if function.kind == "gradient"]
    return tuple(filter(None, (_examine(trial, findings, backward) for backward in backwards)))


def _examine(trial: Trial, findings: tuple[Finding, ...], backward: Function) -> Finding | None:
    forward = backward.forward
    if forward is None or not (ready(findings, backward) and ready(findings, forward)):
        return None
    wrong = {f.function for f in findings if f.status == "failed" and f.check in ("values", "gradient")}
    if not {forward.name, backward.name} <= wrong:
        return None
    cases = [case for case in backward.cases if _wrong(trial, backward, case)][:3]
    try:
        off = [name for name in backward.outputs if not _agrees(trial, backward, forward, name, cases)]
    except _NoAnswer:
        return None
    return _finding(backward, forward, off) if cases else None


def _wrong(trial: Trial, backward: Function, case: Case) -> bool:
    seen = trial.call_case(backward, case)
    return not case.accept and case.steps == 1 and any(examine(trial, seen, output) for output in backward.outputs)


def _finding(backward: Function, forward: Function, off: list[str]) -> Finding:
    if off:
        status: Status = "failed"
        verb = "is not the derivative" if len(off) == 1 else "are not the derivatives"
        message = f"{', '.join(off)} {verb} of your own {forward.name} either: look at both."
    else:
        status = "passed"
        message = (
            f"{backward.name} is the exact derivative of your own {forward.name}: "
            f"the forward is what is wrong. Repair {forward.name} first, then follow the change through."
        )
    return Finding("consistency", backward.name, status, message=message)


def _agrees(trial: Trial, backward: Function, forward: Function, output: str, cases: list[Case]) -> bool:
    name = output.removeprefix("d")
    with np.errstate(all="ignore"):  # an answer may hold any number
        return all(_agrees_in(trial, backward, forward, case, output, name) for case in cases)


def _agrees_in(
    trial: Trial, backward: Function, forward: Function, case: Case, output: str, name: str
) -> bool:
    seen = trial.call_case(backward, case)
    given = seen.inputs.get(name)
    gradient = None if seen.outputs is None else seen.outputs[0][output]
    if isinstance(gradient, np.ndarray) and not gradient.any():
        raise _NoAnswer  # zeros are a backward that is not written rather than a derivative
    if not isinstance(given, np.ndarray) or not isinstance(gradient, np.ndarray) or gradient.shape != given.shape:
        raise _NoAnswer
    inputs = {key: value for key, value in seen.inputs.items() if key != "dout"}
    dout = seen.inputs.get("dout", np.float64(1.0)) if backward.takes_cotangent else np.float64(1.0)

    def weighted(point: np.ndarray) -> np.ndarray:
        return np.asarray(_output(trial, forward, inputs | {name: point}, np.shape(dout)) * dout)

    scale = float(np.linalg.norm(weighted(given)))
    rng = trial.variant.stream(case, round=1)
    directions = rng.standard_normal((DIRECTIONS, *given.shape))
    return all(agrees(float(np.sum(along(weighted, given, v))), gradient, v, scale) for v in directions)


def _output(trial: Trial, forward: Function, inputs: Inputs, shape: tuple[int, ...]) -> Any:
    outcome = trial.call(forward, inputs, expected={"": np.broadcast_to(0.0, shape)})
    outputs = name_outputs(forward, outcome) if isinstance(outcome, Returned) else None
    value = None if outputs is None else next(iter(outputs.values()))
    if not isinstance(value, float | np.ndarray) or np.shape(value) != shape:
        raise _NoAnswer
    return value
