"""Nothing of a hidden input reaches a student, by any word, number, curve or example of the record."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.feedback import SEEDS, Shown
from autograder.grading.grader import VariantCache
from autograder.grading.pipeline import Options, grade_to_teach
from autograder.report.report import Finding
from autograder.spec.exercise import Exercise
from tests.firewall.spy import CHANNELS, Spy, numbers

ROOT = Path(__file__).parents[2]
TINY = ("scale", "mean_square", "softplus", "spread", "ramp")
# Functions of every kind: with steps, with stable cases, with state, with judged outputs, with curves.
COURSE = ("batchnorm", "softmax_cross_entropy", "momentum", "dropout", "max_pool2d", "gradient_descent")

VARIANTS = VariantCache()
"""As one grader keeps them, from one answer to the next; no two exercises of the two courses have one name."""


def told(exercise: Exercise, tells: str, bundled: bool = True, guarded: bool = True) -> tuple[list[Finding], ...]:
    """What the record says of two spies who know other secrets."""
    variant = partial(VARIANTS.get, exercise)
    public = frozenset().union(*(_inputs(variant(seed)) for seed in SEEDS))
    secrets = _inputs(variant(7)) - public
    assert secrets
    records = []
    for twist in (1.0, 3.7):
        spy = Spy(tells, exercise, bundled, secrets, twist)
        clean = Spy(tells, exercise, bundled)
        shown = Shown(clean if guarded else spy, variant)
        records.append(list(grade_to_teach(variant(7), spy, Options(skip=frozenset({"speed"})), shown)))
        assert secrets.isdisjoint(clean.heard)
        assert not guarded or not leaks(records[-1], secrets)
    return tuple(records)


def _inputs(variant: Variant) -> frozenset[float]:
    return variant.once("inputs that a spy tells", lambda: frozenset(
        number
        for function in variant.exercise.functions
        for case in (*function.cases, *function.stable_cases)
        for call in variant.calls(function, case)
        for number in numbers(list(call.inputs.values()))
    ))  # fmt: skip


def leaks(findings: list[Finding], secrets: Collection[float]) -> list[str]:
    """The digits of secrets that occur in the record, in its texts and as its numbers.

    Eight digits are looked for: of fewer, some agree by chance. The first digits of very large and very small numbers
    are often those of another number, and prove nothing.
    """
    record = [asdict(finding) for finding in findings]
    text = json.dumps(record)
    shown = set(_numbers(record))
    digits = {number: f"{abs(number):.12g}".partition("e")[0] for number in secrets if 0.1 < abs(number) < 1e3}
    runs = set(re.findall(r"[\d._]{10,}", text))  # much faster than a search for each number
    windows = {run[start : start + 10] for run in runs for start in range(len(run) - 9)}
    heads = {form[:10]: word for word in digits.values() for form in (word, word.replace(".", "_"))}
    in_texts = [word for head, word in heads.items() if (head in windows if len(head) == 10 else head in text)]
    return in_texts + [f"{number:.12g}" for number in secrets if number in shown or -number in shown]


def _numbers(record: Any) -> Iterator[float]:
    if isinstance(record, dict):
        record = list(record.values())
    if isinstance(record, list | tuple):
        for item in record:
            yield from _numbers(item)
    elif isinstance(record, float):
        yield record


@pytest.mark.parametrize("bundled", [True, False], ids=["together", "one by one"])
@pytest.mark.parametrize("tells", CHANNELS)
@pytest.mark.parametrize("name", TINY)
def test_a_spy_tells_nothing(name: str, tells: str, bundled: bool, tiny: Course) -> None:
    """Whatever it tells, in whichever call, of whatever it has met before: another secret gives the same record."""
    one, other = told(tiny.exercise(name), tells, bundled)

    assert one == other


@pytest.fixture(scope="module")
def course() -> Course:
    return Course(ROOT)


@pytest.mark.parametrize("tells", CHANNELS)
@pytest.mark.parametrize("name", COURSE)
def test_no_exercise_of_the_course_tells_anything(name: str, tells: str, course: Course) -> None:
    """With the diagnosis, the hints and the smallest failing cases of real exercises."""
    one, other = told(course.exercise(name), tells)

    assert one == other


@pytest.mark.nightly
@pytest.mark.parametrize("bundled", [True, False], ids=["together", "one by one"])
def test_no_exercise_tells_anything_at_all(bundled: bool, course: Course) -> None:
    """All of them, in all ways."""
    for exercise in course.exercises():
        for tells in CHANNELS if exercise.training is None else ():
            one, other = told(exercise, tells, bundled)
            assert one == other, f"{exercise.name} {tells}"


@pytest.mark.parametrize("tells", ["message", "module", "text", "shape", "number"])
def test_the_spy_does_tell(tells: str, tiny: Course) -> None:
    """The tester's tester: in one process, a hidden input comes out in the words about the shown variant."""
    exercises = [tiny.exercise(name) for name in TINY]
    found = [told(exercise, tells, bundled, guarded=False) for exercise in exercises for bundled in (True, False)]

    assert any(one != other for one, other in found)
