"""Hints about a failing output: its steps, the least specific first, and the smallest failing input.

No step holds code of the solution. The steps of a hidden case end with the sentence about the mistake, so that they
reveal no more than the message. Status and points of a finding stay unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder import values
from autograder.checks.trial import Trial
from autograder.diagnosis.repairs import explain_writes
from autograder.diagnosis.shrink import small_call, smallest_failure, to_array, to_input
from autograder.numeric.derivative import leaves_of
from autograder.report.report import Array, Finding
from autograder.report.slices import aligned, planes
from autograder.spec.exercise import Call, Exercise
from autograder.spec.formulas import formula
from autograder.spec.function import Function
from autograder.spec.small import Small
from autograder.values import Rng

DIFFERS, TERM = "What differs", "Which term"
FORMULA, BY_HAND = "The formula, with a hole", "A case for paper"
SPEED, WINDOWS, WRITES = "Where the time goes", "All windows at once", "Which line writes"

_SPEED = """\
Python runs the body of a loop turn by turn, and each NumPy call in it costs about a microsecond however small its
arrays are. Begin with the innermost loop: its index becomes an axis of one array expression, and a sum over it becomes
`.sum(axis=…)`, `@` or `np.einsum`. Run the check again before you take the next loop. A loop over the few positions
inside a window is no harm; one over rows, columns or images is."""
_WINDOWS = """\
`np.lib.stride_tricks.sliding_window_view` gives a view of all windows of an array along the axes that you name,
without a copy; slices with a step leave out those between the strides. Then one expression does for all windows what
your loop did for one. On the way back loop over the positions inside the window only: each of them adds to one slice
with a step."""
_COPY = """\
`a = a * 2` makes a new array, `a *= 2` and `a[…] = 2` write into the old one. So begin with a copy, `out = x.copy()`,
or write an expression without them; np.where(condition, a, b) often takes the place of `a[condition] = b`."""
_SLIDES = frozenset({"stride", "window", "pad"})


def _steps(*pairs: tuple[str, str]) -> tuple[str, ...]:
    """Return the steps that have a text, each with its title in the first line."""
    return tuple(f"{title}\n{text}" for title, text in pairs if text)


def steps_without_answer(exercise: Exercise, function: Function, output: str) -> tuple[str, ...]:
    """Return the steps that need no answer: the formula, and a case to compute by hand."""
    by_hand = worked_text(function, exercise.small.get(function.name, ()), output or next(iter(function.outputs)))
    return _steps((FORMULA, formula(exercise, function.name, output)), (BY_HAND, by_hand))


def speed_steps(finding: Finding, function: Function) -> tuple[str, ...]:
    """Return the steps of a slow finding: what was measured, how loops are replaced, and windows if it has any."""
    windows = _WINDOWS if _SLIDES & {*function.positional, *function.keywords} else ""
    return _steps((DIFFERS, finding.message), (SPEED, " ".join(_SPEED.split())), (WINDOWS, " ".join(windows.split())))


def writing_steps(trial: Trial, finding: Finding) -> tuple[str, ...]:
    """Return the steps on a function that changes its arguments: which lines do so, and how to make new arrays."""
    lines = explain_writes(trial, trial.exercise.function(finding.function))
    return (f"{WRITES}\n{lines} {' '.join(_COPY.split())}",) if lines else ()


def title(step: str) -> str:
    """Return the title of a step of a hint, which is its first line."""
    return step.partition("\n")[0]


_NUMBERS = ("values", "gradient", "ties", "stability")


def add_hints(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings; failed ones with hints and the smallest input that fails, slow ones with hints."""
    return tuple(_extend(trial, f) if f.function and f.check != "consistency" else f for f in findings)


def _extend(trial: Trial, finding: Finding) -> Finding:
    """Return a finding with the steps of its hints and an example. If making them raises, it is returned without them,
    because no verdict may depend on hints."""
    function = {function.name: function for function in trial.exercise.functions}.get(finding.function)
    if finding.status == "slow" and function:
        return replace(finding, ladder=speed_steps(finding, function))
    if finding.status not in ("failed", "error"):
        return finding
    try:
        example = smallest_failure(trial, finding) if finding.check in _NUMBERS else None
        steps = _steps((DIFFERS, finding.message), (TERM, " ".join(finding.hint.split())))
        if finding.check == "purity":
            steps += writing_steps(trial, finding)
        if function and finding.check in (*_NUMBERS, "training"):
            public = {case.name for case in (*function.cases, *function.stable_cases) if case.public}
            if trial.reveal or finding.case in public:  # the numbers may be shown
                steps += steps_without_answer(trial.exercise, function, finding.output or "")
        return replace(finding, example=example, ladder=steps)
    except Exception:
        return finding


_PARTS = 6


def worked_text(function: Function, families: tuple[Small, ...], output: str) -> str:
    """Return the case to work through by hand as lines of text; "" where there is none, or the output is random."""
    if not families:
        return ""
    memo, key = families[0].memo, f"{function.name} {output} by hand"
    if key not in memo:
        memo[key] = _text(function, small_call(function, families[0].example.case), output)
    text: str = memo[key]
    return text


def _text(function: Function, calls: Call, output: str) -> str:
    found = ((name, to_array(value)) for name, value in leaves_of(calls.expected[output], output))
    parts = [(name, array) for name, array in found if array is not None][:_PARTS]
    if not parts or any(isinstance(value, Rng) for value in calls.inputs.values()):
        return ""
    shown = {name: to_input(value) for name, value in calls.inputs.items()}
    given = [f"{name} = {values.array(text.shape, text.values)}" if isinstance(text, Array) else
             text if text.startswith("def ") else f"{name} = {text}" for name, text in shown.items()]  # fmt: skip
    results = [line for name, array in parts for line in _result(name, array)]
    return "\n".join([*given, "", f"{function.name} gives", *results])


def _result(name: str, array: Array) -> Iterator[str]:
    """Yield an output as aligned rows, slice by slice."""
    for label, numbers in planes(name, array):
        rows = ["  ".join(row) for row in aligned(numbers)]
        if len(rows) == 1:
            yield f"  {label} = {rows[0].strip()}"
        else:
            yield from (f"  {label} =", *(f"    {row}".rstrip() for row in rows))
