"""Check speed: the ratio to the reference's CPU time. Up to the first bar all points, up to the second one half.

The sizes grow: an answer that is clearly slow at a small size is not run at the full one, one within the first bar at
the first size at no size in between. Every timed call gets inputs that the process has not seen, forward and backward
each their own, and its reply is compared, so a remembered or half-computed answer earns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.checks.trial import Trial
from autograder.checks.values import earned
from autograder.checks.variant import name_outputs
from autograder.errors import Unrecorded
from autograder.implementation import Returned, Stopped
from autograder.numeric.compare import compare
from autograder.numeric.sample import sample
from autograder.numeric.stopwatch import FAR, Samples, median, one_core
from autograder.report.report import Finding
from autograder.spec.function import Case, Function, Speed

# A smaller size decides when the answer is well past the first bar and its time is well above the cost of a call:
# then it is only half the points or none. Below _REPRESENTATIVE seconds of the reference, only none.
_PAST, _CLEARLY = 2.0, 1.5
_WORTH_TIMING, _REPRESENTATIVE = 0.005, 0.0003
# A ratio measured on hidden inputs is shown rounded up to one of these or to a bar, so that it tells little of them.
RATIOS = (0.5, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 200, 500, 1000)
_NEAR = "Some loop over pixels, rows or entries is left: let NumPy do it in one expression."
_FAR = "Replace the innermost Python loops by array expressions first."
_TICK = 1e-7  # where the clock is coarse, a small reference takes no time at all


class _Unfit(Exception):
    """Raised where a timed call raises, returns wrong values, or is stopped for another reason than its time."""


def check(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return one finding per function with points for speed; skipped where its outputs are not right."""
    return tuple(_examine(trial, findings, function, function.timing) for function in trial.exercise.functions
                 if "speed" in function.points and function.timing)  # fmt: skip


def _examine(trial: Trial, findings: tuple[Finding, ...], function: Function, timing: Speed) -> Finding:
    points = function.points["speed"]
    if not earned(findings, function):
        return untimed(function)
    if reason := trial.implementation.timing_fault():
        return untimed(function, reason)
    try:
        ratio = measure(trial, function, timing)
    except _Unfit as reason:
        return Finding("speed", function.name, "failed", None, 0.0, points, str(reason))
    except Unrecorded:
        return Finding("speed", function.name, "skipped", max_score=points, message=f"{function.name} is timed when it "
                       "is graded.")  # fmt: skip
    return timed_finding(trial, function, ratio, timing.bars, "time", _NEAR, _FAR)


def timed_finding(trial: Trial, function: Function, ratio: float, bars: tuple[float, float], unit: str, near: str,
                  far: str) -> Finding:  # fmt: skip
    """Return the finding on a measured ratio. unit: what is compared, in words. near, far: advice for a ratio above the
    first bar, and above the second."""
    points, (fast, fair), told = function.points["speed"], bars, round(ratio, 2)
    if not trial.reveal:  # on hidden inputs rounded up, never beyond a bar that it does not pass
        told = next((step for step in sorted({*RATIOS, *bars}) if ratio <= step), RATIOS[-1])
    figures, times = {"ratio": told, "fast": fast, "fair": fair}, f"{told:.0f}" if told >= 100 else f"{told:.3g}"
    share = timed_share(ratio, bars, trial.variant.oracle.doubt if ratio > fast else 1.0)
    if share is None:
        message = (f"{function.name} takes some {times} times the reference's time, which is only estimated for "
                   f"this machine; the bar of {fast:g} is too near to call. It is timed when it is graded."
                   )  # fmt: skip
        return Finding("speed", function.name, "skipped", max_score=points, message=message, figures=figures)
    if share == 1:
        return Finding("speed", function.name, "passed", None, points, points, figures=figures)
    half, none = ("and", f"the bar is {fast:g}. {near}"), ("but", f"half the points need {fair:g}. {far}")
    link, rest = half if told <= fair else none
    message = f"{function.name} is right {link} takes some {times} times the reference's {unit}; {rest}"
    return Finding("speed", function.name, "slow", None, share * points, points, message, figures=figures)


def timed_share(ratio: float, bars: Sequence[float], doubt: float) -> float | None:
    """Return the share of the points that a ratio earns; None where it exceeds the first bar by at most the factor
    `doubt`, by which a ratio may be wrong."""
    fast, fair = bars
    if ratio <= fast:
        return 1.0
    return None if ratio <= fast * doubt and doubt > 1 else 0.5 if ratio <= fair else 0.0


def untimed(function: Function, reason: str = "") -> Finding:
    """Return the skipped finding on a function that is not timed. reason: why times cannot be measured here, or ""."""
    message = f"{function.name} is not timed: {reason}" if reason else ""
    return Finding("speed", function.name, "skipped", max_score=function.points["speed"], message=message)


def measure(trial: Trial, function: Function, timing: Speed) -> float:
    """Return a function's ratio to the reference's CPU time, measured at the smallest size that decides the points."""
    ladder = list(timing.ladder)
    with one_core():
        while ladder:
            rung, samples = ladder.pop(0), Samples()
            _add_round(trial, function, rung, timing, samples)
            while not ladder or (median(samples.answer) > _WORTH_TIMING and samples.ratio > (
                _PAST * timing.bars[0] if median(samples.base) > _REPRESENTATIVE else _CLEARLY * timing.bars[1]
            )):  # fmt: skip
                if samples.settled(timing.bars):
                    return samples.ratio
                _add_round(trial, function, rung, timing, samples)
            if samples.ratio <= timing.bars[0]:  # no loop is as fast, even where a call costs more than its work
                del ladder[:-1]
    raise ValueError(f"{function.name} has no sizes to time.")


def _add_round(trial: Trial, function: Function, case: Case, timing: Speed, samples: Samples) -> None:
    """Time function and reference once more, on new inputs, and add both times to `samples`."""
    call = trial.variant.oracle.timed(function, case, len(samples.base))
    inputs, base = call.inputs, max(call.seconds, _TICK)
    allowed = (FAR + 1) * timing.bars[1] * base + 0.2
    outcome = trial.call(function, inputs, seconds=allowed, timed=True, expected=call.expected)
    if isinstance(outcome, Stopped) and outcome.reason == "time":
        samples.add(allowed, base)
        return
    outputs = name_outputs(function, outcome)
    if not isinstance(outcome, Returned) or outputs is None:
        raise _Unfit(f"{function.name} does not return at the size that is timed.")
    tolerance = trial.exercise.tolerance
    for name, value in outputs.items():
        got = sample(value) if call.sampled else value
        if compare(name, got, call.expected[name], tolerance.rtol, tolerance.atol):
            raise _Unfit(f"{name} of {function.name} is wrong at the size that is timed: is there a fixed size in it?")
    samples.add(outcome.cpu, base)
