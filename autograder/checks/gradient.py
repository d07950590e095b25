"""Check each gradient against the reference's for a random `dout`, and against a numerical derivative.

Each returned gradient is a finding of its own: dw can be right while dx is wrong. The comparison with the reference's
gradient is entry by entry and gives the points. Beside it stands the relative error against the numerical derivative of
the reference's forward along a random direction, which is measured once for each variant: an answer costs one dot
product in one case, and in the first that fails. The student's own forward is looked at in `consistency`.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.checks.given_forward import CALLS, credit
from autograder.checks.trial import Trial
from autograder.checks.values import outputs
from autograder.checks.variant import Variant, arguments
from autograder.numeric.derivative import TOLERANCE, Curve, Leaves, measure
from autograder.report.report import Finding
from autograder.spec.draw import model
from autograder.spec.exercise import Call
from autograder.spec.function import Case, Function

LEAST = 1e-8
"""The smallest relative error that is shown: errors below it are rounding of the numerical derivative."""


@dataclass(frozen=True)
class Directional:
    """A derivative of the reference's forward along a direction of one input."""

    v: np.ndarray
    """The direction, flat."""
    slope: float
    """The numerical derivative."""
    expected: float
    """Derivative along the direction, by the reference's backward."""
    scale: float
    """The norm of the products whose sum that is."""

    def error(self, gradient: np.ndarray) -> float:
        """Return the relative difference of a flat gradient's slope from the derivative: at most 2, or NaN."""
        with np.errstate(all="ignore"):
            given = float(gradient @ self.v)
        size = max(abs(given), abs(self.slope), self.scale)
        return abs(given - self.slope) / size if size else 0.0

    @property
    def precision(self) -> float:
        """Return the largest relative error that counts as rounding: LEAST plus twice the reference's own error."""
        own = abs(self.slope - self.expected) / (max(abs(self.slope), self.scale) or 1.0)
        return LEAST + 2 * own


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per gradient of every backward."""
    return tuple(
        _with_error(trial, function, finding)
        for function in trial.exercise.functions if function.kind == "gradient"
        for finding in credit(trial, function, findings, tuple(outputs(trial, function, findings, "gradient")))
    )  # fmt: skip


def _with_error(trial: Trial, function: Function, finding: Finding) -> Finding:
    """Return the finding with the figure of its largest relative error, rounded up to a power of ten.

    Students see the figure for hidden cases too, so it is one of nine numbers.
    """
    own = finding.status in ("passed", "failed") and not finding.message.startswith(CALLS)
    errors = list(_errors(trial, function, finding)) if own else []
    known = [error if math.isfinite(error) else 1.0 for error in errors if error is not None]
    if not known or len(known) < len(errors):
        return finding
    told = 10.0 ** min(math.ceil(math.log10(max(*known, LEAST)) - 1e-9), 0)
    return replace(finding, figures={"relative_error": told})


def _errors(trial: Trial, function: Function, finding: Finding) -> Iterator[float | None]:
    """Yield a gradient's relative error in a typical case and in the finding's; None for another shape or dtype."""
    output = finding.output or ""
    others = (case for case in (*model(function.cases), *function.cases) if case.name != finding.case)
    failing = (case for case in function.cases if case.name == finding.case)
    for cases in (others, failing):
        measured = ((case, directionals(trial.variant, function, case).get(output)) for case in cases)
        case, found = next((pair for pair in measured if pair[1]), (None, None))
        seen = trial.call_case(function, case) if case else None
        if seen and seen.outputs and found:
            yield relative_error(found, seen.outputs[0][output], seen.calls[0].expected[output])


def relative_error(found: Directional, got: Any, expected: Any) -> float | None:
    """Return the relative error of the gradient `got`; None where its shape or dtype is not the expected one."""
    if isinstance(expected, np.ndarray) and getattr(got, "dtype", None) != expected.dtype:
        return None
    try:
        mine, theirs = Leaves(got, expected), Leaves(expected)
    except (TypeError, ValueError):
        return None
    return found.error(mine.flat) if mine.has_form_of(theirs) else None


def directionals(variant: Variant, function: Function, case: Case) -> Mapping[str, Directional]:
    """Return output → derivative along a random direction, without outputs that are not differentiable in this case."""
    return variant.once(f"slopes {function.name} {case.name}", lambda: dict(_measured(variant, function, case)))


def _measured(variant: Variant, function: Function, case: Case) -> Iterator[tuple[str, Directional]]:
    if function.forward is None or case.accept or case.check or case.steps != 1:
        return
    call = variant.calls(function, case)[0]
    for output in function.outputs:
        name = output.removeprefix("d")
        if name not in call.inputs:
            continue
        point = Leaves(call.inputs[name])
        v = point.direction(zlib.crc32(f"{variant.seed} {case.name} {output}".encode())) * point.scales
        along = Leaves(call.expected[output]).flat * v
        expected, scale = float(np.sum(along)), float(np.linalg.norm(along))
        curve = _curve(function, call, name, point, v)
        slope = variant.oracle.slope(function, case, output, partial(_slope, curve, expected, scale))
        if slope is not None:
            yield output, Directional(v, slope, expected, scale)


def _slope(curve: Curve, expected: float, scale: float) -> float | None:
    """Return the numerical derivative; None where it cannot be measured."""
    slope = measure(curve, expected, scale)
    near = abs(slope.value - expected) <= 2 * TOLERANCE * max(abs(slope.value), abs(expected), scale)
    return slope.value if slope.kind == "differs" or (slope.kind == "agrees" and near) else None


def _curve(function: Function, call: Call, name: str, point: Leaves, v: np.ndarray) -> Curve:
    forward, dout = function.forward, call.inputs["dout"] if function.takes_cotangent else 1.0
    assert forward is not None

    args, options = arguments(forward, call.inputs)
    place = forward.positional.index(name)

    def curve(t: float) -> np.ndarray:
        out = forward.oracle(*args[:place], point.at(point.flat + t * v), *args[place + 1 :], **options)
        return np.asarray((out[0] if len(forward.outputs) > 1 else out) * dout)

    return curve


def faults(variant: Variant) -> Iterator[str]:
    """Yield a sentence on each gradient of a reference that is not the derivative of its forward, or not measurable."""
    for function in variant.exercise.functions:
        found = [directionals(variant, function, case) for case in function.cases if function.forward]
        for output in function.outputs if found else ():
            errors = [abs(d.slope - d.expected) / max(d.scale, abs(d.slope), 1e-300) for each in found
                      if (d := each.get(output))]  # fmt: skip
            if not errors:
                yield f"the reference's {output} can be compared with a numerical derivative in no case"
            elif max(errors) > LEAST:
                yield f"the reference's {output} is not the derivative of its forward: relative error {max(errors):.0e}"
