"""Hints about a failing output: its steps, the least specific first, and the smallest failing input.

No step holds code of the solution. The steps of a hidden case end with the sentence about the mistake, so that they
reveal no more than the message. Status and points of a finding stay unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder import values
from autograder.checks.trial import Trial
from autograder.checks.variant import reference
from autograder.diagnosis.repairs import explain_writes
from autograder.diagnosis.shrink import items, small_call, smallest_failure, to_array, to_input
from autograder.report.report import Array, ExerciseReport, Finding
from autograder.report.slices import aligned, planes
from autograder.spec.exercise import Call, Exercise, Inputs
from autograder.spec.formulas import formula
from autograder.spec.function import Function
from autograder.spec.small import Small
from autograder.values import Rng

DIFFERS, TERM = "What differs", "Which term"
FORMULA, BY_HAND = "The formula, with a hole", "A case for paper"
SHOWN_IN_FEEDBACK = (DIFFERS,)
"""Titles of the steps that `handgrad check` already shows."""

SPEED, WINDOWS, WRITES = "Where the time goes", "All windows at once", "Which line writes"

Step = tuple[str, str]

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


def hint_steps(exercise: Exercise, finding: Finding, show_numbers: bool) -> tuple[str, ...]:
    """Return the steps of a finding, each with its title in the first line; with numbers only if they may be shown."""
    steps = [(DIFFERS, finding.message), (TERM, " ".join(finding.hint.split()))]
    functions = {function.name: function for function in exercise.functions}
    if show_numbers and finding.function in functions:
        steps += steps_without_answer(exercise, functions[finding.function], finding.output)
    return tuple(f"{title}\n{text}" for title, text in steps if text)


def steps_without_answer(exercise: Exercise, function: Function, output: str | None) -> Iterator[Step]:
    """Yield the steps that need no answer: the formula, and a case to compute by hand."""
    yield FORMULA, formula(exercise, function.name, output)
    yield BY_HAND, worked_text(function, exercise.small.get(function.name, ()), output or next(iter(function.outputs)))


def speed_steps(finding: Finding, function: Function) -> tuple[str, ...]:
    """Return the steps of a slow finding: what was measured, how loops are replaced, and windows if it has any."""
    steps = [(DIFFERS, finding.message), (SPEED, " ".join(_SPEED.split()))]
    if _SLIDES & {*function.positional, *function.keywords}:
        steps.append((WINDOWS, " ".join(_WINDOWS.split())))
    return tuple(f"{title}\n{text}" for title, text in steps)


def writing_steps(trial: Trial, finding: Finding) -> tuple[str, ...]:
    """Return the steps of a function that changes its arguments: which lines do, and what makes a new array."""
    lines = explain_writes(trial, trial.exercise.function(finding.function))
    return (f"{WRITES}\n{lines} {' '.join(_COPY.split())}",) if lines else ()


def title(step: str) -> str:
    """Return the title of a step."""
    return step.partition("\n")[0]


def body(step: str) -> str:
    """Return the text of a step without its title."""
    return step.partition("\n")[2]


_WRONG = ("failed", "error", "slow", "broken")


@dataclass(frozen=True)
class Hint:
    """The steps of the hints about one finding, and how many of them are shown."""

    finding: Finding | None
    """The finding; None where nothing is wrong."""
    steps: tuple[str, ...] = ()
    """All steps, the least specific first."""
    shown: int = 0
    """The number of steps to show."""
    shown_before: int = 0
    """The number of steps that were shown before."""
    about: str = ""
    """The key of the finding in the record of hints."""


def choose(exercise: Exercise, report: ExerciseReport, record: Mapping[str, Any], all_steps: bool = False) -> Hint:
    """Choose the first wrong finding, else the first function that is not written, and one step more than before.

    The steps that feedback holds count as shown. Another mistake starts again with its own first step.
    """
    finding = _first(report)
    if finding is None:
        return Hint(None)
    steps = finding.ladder or _without_answer(exercise, finding)
    about = " ".join(filter(None, (finding.function, finding.check, finding.output, finding.mistake)))
    shown_before = sum(title(step) in SHOWN_IN_FEEDBACK for step in steps)
    if record.get("about") == about and isinstance(record.get("told"), int):
        shown_before = max(shown_before, min(record["told"], len(steps)))
    return Hint(finding, steps, len(steps) if all_steps else min(shown_before + 1, len(steps)), shown_before, about)


def _first(report: ExerciseReport) -> Finding | None:
    order = sorted(report.findings, key=lambda finding: finding.check != "contract")
    wrong = [finding for finding in order if finding.status in _WRONG]
    not_written = [finding for finding in order if finding.status == "skipped" and finding.check == "contract"]
    return next(iter(wrong or not_written), None)


def _without_answer(exercise: Exercise, finding: Finding) -> tuple[str, ...]:
    """Return the steps that need no answer, for the function that is not written or for the first one."""
    if finding.status != "skipped":
        return ()
    function = next(function for function in exercise.functions if finding.function in ("", function.name))
    return tuple(
        f"{head}\n{text}"
        for head, text in steps_without_answer(exercise, function, next(iter(function.outputs)))
        if text
    )


_NUMBERS = ("values", "gradient", "ties", "stability")
_FORMULAS = (*_NUMBERS, "training")


def add_hints(trial: Trial, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return the findings; those that failed get hints and the smallest input that fails, slow ones get hints."""
    return tuple(
        _extend(trial, finding) if finding.status in ("failed", "error")
        else replace(finding, ladder=speed_steps(finding, trial.exercise.function(finding.function)))
        if finding.status == "slow" and finding.function
        else finding
        for finding in findings
    )  # fmt: skip


def _extend(trial: Trial, finding: Finding) -> Finding:
    """Add hints to a failure of a named function. An exception here costs the hints and not the verdict; the audit and
    the tests of the course find its cause."""
    if not finding.function or finding.check == "consistency":
        return finding
    try:
        example = smallest_failure(trial, finding) if finding.check in _NUMBERS else None
        show_numbers = finding.check in _FORMULAS and _may_show_numbers(trial, finding)
        steps = hint_steps(trial.exercise, finding, show_numbers)
        steps += writing_steps(trial, finding) if finding.check == "purity" else ()
        return replace(finding, example=example, ladder=steps)
    except Exception:
        return finding


def _may_show_numbers(trial: Trial, finding: Finding) -> bool:
    """Return whether the numbers of the case may be shown: it is public, or hidden cases are revealed."""
    function = trial.exercise.function(finding.function)
    public = {case.name for case in (*function.cases, *function.stable_cases) if case.public}
    return trial.reveal or finding.case in public


MAX_LISTED = 12
"""Most entries that are listed."""

# Changes of one entry: far in both directions, to pass kinks and to become a maximum; near; and relative noise on all.
_FAR, _NEAR, _NOISE = 20.0, 0.37, 0.2
# Scales of the noise that is added to all other entries at once to confirm that none of them has an influence.
_SCALES = (0.1, 1.0, 1.0, 10.0, 10.0, 100.0)
Place = tuple[str, tuple[int, ...]]


def describe_influence(function: Function, calls: Call, output: str) -> str:
    """Describe the output entry that the most input entries influence; "" where all of them do, or where some inputs
    are lists or dicts, whose entries are not changed."""
    arrays = {name: value for name, value in calls.inputs.items() if isinstance(value, np.ndarray)}
    if not arrays or not isinstance(calls.expected[output], float | np.floating | np.ndarray) or _nested(calls.inputs):
        return ""
    influences = _find_influences(function, calls.inputs, output)
    sizes = {name: value.size for name, value in arrays.items()}
    fitting = {at: places for at, places in influences.items() if 0 < len(places) < sum(sizes.values())}
    if not fitting:
        return ""
    at = max(fitting, key=lambda entry: (len(fitting[entry]), entry == (0,) * len(entry)))
    words = list(_in_words(fitting[at], sizes))
    if len(words) > MAX_LISTED or _depends_on_others(function, calls, output, at, fitting[at]):
        return ""
    entry = f"{output}[{', '.join(map(str, at))}]" if at else output
    return f"Of all entries, only these have a say in {entry}: {', '.join(words)}."


def _depends_on_others(
    function: Function, calls: Call, output: str, at: tuple[int, ...], influences: list[Place]
) -> bool:
    """Return whether the output entry changes when all input entries but the found ones do."""
    rng, base = np.random.default_rng(1), np.asarray(calls.expected[output], dtype=float)[at]
    for scale in _SCALES:
        inputs = {name: _randomise(value, rng, scale) for name, value in calls.inputs.items()}
        for name, index in influences:
            inputs[name][index] = calls.inputs[name][index]
        found = np.asarray(reference(function, inputs)[output], dtype=float)
        if found.shape != np.shape(calls.expected[output]) or not np.isclose(found[at], base, rtol=1e-9, atol=1e-12):
            return True
    return False


def _randomise(value: Any, rng: np.random.Generator, scale: float) -> Any:
    """Add noise to a float array; permute the entries of an integer array."""
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind != "f":
        return rng.permutation(value.ravel()).reshape(value.shape)
    return value + scale * rng.standard_normal(value.shape)


def _nested(inputs: Inputs) -> bool:
    """Return whether an input is a list, tuple or dict, whose entries are not changed."""
    return any(isinstance(value, list | tuple | dict) for value in inputs.values())


def _find_influences(function: Function, inputs: Inputs, output: str) -> dict[tuple[int, ...], list[Place]]:
    """Return the input entries that change each output entry, at the inputs themselves or at inputs with noise, where
    no number is equal to another by chance."""
    rng = np.random.default_rng(0)
    perturbed = {name: _perturb(value, rng) for name, value in inputs.items()}
    influences: dict[tuple[int, ...], list[Place]] = {}
    for place in _places(inputs):
        changed = _affected(function, inputs, output, place) | _affected(function, perturbed, output, place)
        for index in np.argwhere(changed):
            influences.setdefault(tuple(int(i) for i in index), []).append(place)
    return influences


def _perturb(value: Any, rng: np.random.Generator) -> Any:
    is_float = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value * (1 + rng.uniform(-_NOISE, _NOISE, value.shape)) if is_float else value


def _places(inputs: Inputs) -> Iterator[Place]:
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            yield from ((name, index) for index in np.ndindex(value.shape))


def _affected(function: Function, inputs: Inputs, output: str, place: Place) -> np.ndarray:
    """Return the mask of the output entries that differ for some other value of one input entry."""
    name, index = place
    base = np.asarray(reference(function, inputs)[output], dtype=float)
    differs = np.zeros(base.shape, bool)
    for value in _values(inputs[name], index):
        moved = inputs[name].copy()
        moved[index] = value
        found = np.asarray(reference(function, {**inputs, name: moved})[output], dtype=float)
        differs |= ~np.isclose(found, base, rtol=1e-9, atol=1e-12, equal_nan=True)
    return differs


def _values(array: np.ndarray, index: tuple[int, ...]) -> list[Any]:
    """Return other values of an entry; for integers, such as labels, those that occur in the array."""
    if array.dtype.kind == "f":
        far = _FAR * (1 + float(np.max(np.abs(array))))
        return [array[index] + step for step in (far, -far, _NEAR)]
    return [value for value in np.unique(array).tolist() if value != array[index]]


def _in_words(places: list[Place], sizes: dict[str, int]) -> Iterator[str]:
    """Yield the entries in words; an array all of whose entries are found by its name alone."""
    for name, size in sizes.items():
        mine = [index for other, index in places if other == name]
        if len(mine) == size:
            yield name
        else:
            yield from (f"{name}[{', '.join(map(str, index))}]" for index in mine)


_PARTS = 6


def worked_text(function: Function, families: tuple[Small, ...], output: str) -> str:
    """Return the case as lines of text; "" where there is none, or where the output is random."""
    if not families:
        return ""
    memo, key = families[0].memo, worked_key(function, output)
    if key not in memo:
        memo[key] = _text(function, small_call(function, families[0].example.case), output)
    text: str = memo[key]
    return text


def worked_key(function: Function, output: str) -> str:
    """Return the key of the text in the memo of the small inputs, which a record fills in advance."""
    return f"{function.name} {output} by hand"


def _text(function: Function, calls: Call, output: str) -> str:
    parts = list(_leaves(output, calls.expected[output]))[:_PARTS]
    if not parts or any(isinstance(value, Rng) for value in calls.inputs.values()):
        return ""
    given = [line for name, value in calls.inputs.items() for line in _input(name, value)]
    given += ["", f"{function.name} gives"]
    results = [line for name, array in parts for line in _result(name, array)]
    influences = describe_influence(function, calls, output)
    return "\n".join([*given, *results, *(["", influences] if influences else [])])


def _input(name: str, value: Any) -> list[str]:
    """Return an input as lines of Python."""
    shown = to_input(value)
    if isinstance(shown, Array):
        return [f"{name} = {values.array(shown.shape, shown.values)}"]
    return shown.split("\n") if shown.startswith("def ") else [f"{name} = {shown}"]


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Array]]:
    """Yield the arrays and numbers of an output with their names as Python writes them."""
    array = to_array(value)
    if array is not None:
        yield name, array
    for key, item in items(value):
        yield from _leaves(f"{name}[{key!r}]", item)


def _result(name: str, array: Array) -> Iterator[str]:
    """Yield an output as aligned rows, slice by slice."""
    for part in planes(name, array):
        (panel,) = part.panels
        rows = ["  ".join(row) for row in zip(*map(aligned, zip(*panel.rows, strict=True)), strict=True)]
        if len(rows) == 1:
            yield f"  {part.label} = {rows[0].strip()}"
        else:
            yield f"  {part.label} ="
            yield from (f"    {row}".rstrip() for row in rows)
