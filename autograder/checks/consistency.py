"""Check: is the backward the derivative of the student's own forward? Worth no points: it tells which half is wrong.

Of wrong forwards, most are perfectly self-consistent, so this never grades; but when both halves failed it says where
to look. Derivatives along two random directions, one input at a time, through the student's own code, in the first
cases in which the backward is wrong: where it is right, the forward says nothing about it.
"""

from __future__ import annotations

import zlib

import numpy as np

from autograder.checks.contract import ready
from autograder.checks.judge import examine
from autograder.checks.trial import Trial
from autograder.checks.variant import name_outputs
from autograder.numeric.derivative import Leaves, measure
from autograder.report.report import Finding
from autograder.spec.function import Case, Function


class _NoAnswer(Exception):
    """Raised where the student's function returned nothing that can be differentiated."""


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per backward of which outputs failed and whose forward failed too. Where only one of the two
    is wrong, its own check has reported that."""
    backwards = [function for function in trial.exercise.functions if function.kind == "gradient"]
    return tuple(filter(None, (_examine(trial, findings, backward) for backward in backwards)))


def _examine(trial: Trial, findings: tuple[Finding, ...], backward: Function) -> Finding | None:
    forward = backward.forward
    if forward is None or not (ready(findings, backward) and ready(findings, forward)):
        return None
    wrong = {f.function for f in findings if f.status == "failed" and f.check in ("values", "gradient")}
    if not {forward.name, backward.name} <= wrong:
        return None
    cases = [case for case in backward.cases if not case.accept and case.steps == 1 and any(
        examine(trial, trial.call_case(backward, case), output) for output in backward.outputs)][:3]  # fmt: skip
    if not cases:
        return None
    try:
        with np.errstate(all="ignore"):  # an answer may hold any number
            off = [name for name in backward.outputs
                   if not all(_agrees(trial, backward, forward, case, name) for case in cases)]  # fmt: skip
    except _NoAnswer:
        return None
    message = (f"{backward.name} is the exact derivative of your own {forward.name}: the forward is what is wrong. "
               f"Repair {forward.name} first, then follow the change through.")  # fmt: skip
    if off:
        verb = "is not the derivative" if len(off) == 1 else "are not the derivatives"
        message = f"{', '.join(off)} {verb} of your own {forward.name} either: look at both."
    return Finding("consistency", backward.name, "failed" if off else "passed", message=message)


def _agrees(trial: Trial, backward: Function, forward: Function, case: Case, output: str) -> bool:
    seen, name = trial.call_case(backward, case), output.removeprefix("d")
    given = seen.inputs.get(name)
    try:
        point, gradient = Leaves(given), Leaves(seen.outputs and seen.outputs[0][output], given)
    except (TypeError, ValueError) as error:
        raise _NoAnswer from error
    if not gradient.has_form_of(point) or not gradient.flat.any():  # zeros are a backward that is not written
        raise _NoAnswer
    inputs = {key: value for key, value in seen.inputs.items() if key != "dout"}
    dout = seen.inputs.get("dout", 1.0) if backward.takes_cotangent else 1.0

    def weighted(t: float) -> np.ndarray:
        moved = inputs | {name: point.at(point.flat + t * v)}
        outcome = trial.call(forward, moved, expected={"": np.broadcast_to(0.0, np.shape(dout))})
        value = next(iter((name_outputs(forward, outcome) or {"": None}).values()))
        if not isinstance(value, float | np.ndarray) or np.shape(value) != np.shape(dout):
            raise _NoAnswer
        return np.asarray(value * dout)

    seeds = (zlib.crc32(f"{trial.variant.seed} {case.name} {output} {number}".encode()) for number in range(2))
    for v in map(point.direction, seeds):
        if not measure(weighted, float(gradient.flat @ v), float(np.linalg.norm(gradient.flat * v))).right:
            return False
    return True
