"""What is believed of a worker stands in one table, with its worth, and no stability verdict is among it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from autograder.checks import CHECKS
from autograder.checks.judge import examine
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.implementation import Returned
from autograder.spec.exercise import Exercise
from autograder.spec.function import Function
from tests.house.sources import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (.+) \| `(\w+)` \| ([\d.]+) of ([\d.]+) points \| (\d+) %(?: \(`(\w+)`\))? \|$", re.MULTILINE)
COURSE = Course(ROOT)


def worth(exercise: Exercise, check: str) -> float:
    """The points of an exercise that a check gives."""
    return sum(function.points.get(check, 0.0) for function in exercise.functions)


def test_the_page_lists_each_word_that_is_believed() -> None:
    """Which check believes it, its points in the course, and the largest share of an exercise."""
    exercises = COURSE.exercises()
    rows = []
    for check in filter(lambda check: check.believes, CHECKS.values()):
        share, name = max((worth(exercise, check.name) / exercise.max_score, exercise.name) for exercise in exercises)
        points = sum(worth(exercise, check.name) for exercise in exercises)
        most = f"{round(100 * share)}", name if share else ""
        rows.append((check.believes, check.name, f"{points:g}", f"{sum(e.max_score for e in exercises):g}", *most))
    assert ROW.findall(PAGE) == rows


def test_a_reply_says_no_more_of_itself() -> None:
    """What comes back with a value: the time, measured outside, and the arguments that were changed."""
    assert list(Returned.__dataclass_fields__) == ["value", "cpu", "changed"]


def functions() -> Iterator[tuple[str, Function]]:
    for exercise in COURSE.exercises():
        yield from ((exercise.name, function) for function in exercise.functions if "stability" in function.points)


@pytest.mark.parametrize(("name", "function"), [*functions()], ids=lambda value: getattr(value, "name", value))
def test_the_naive_formula_gives_a_wrong_value(name: str, function: Function) -> None:
    """Some known mistake is right in all cases of the function and wrong, by its value, where it overflows."""
    exercise = COURSE.exercise(name)
    variant = Variant(exercise, 7)
    fails = []
    for mistake in exercise.mistakes:
        if mistake.function == function.name:
            trial = Trial(variant, variant.oracle.implementation(mistake))
            with np.errstate(all="ignore"):
                right, stable = (
                    not any(examine(trial, trial.call_case(function, case), output)
                            for case in cases for output in function.outputs)
                    for cases in (function.cases, function.stable_cases)
                )  # fmt: skip
            fails += [mistake.name] if right and not stable else []
    assert fails
