"""The words beside the check: free judges, curves, time limits, and specs that would train nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.checks import CHECKS
from autograder.errors import CourseError
from autograder.numeric.sample import CURVE, thinned
from autograder.render.page import Page
from autograder.report.json import from_dict, to_dict
from autograder.report.report import Finding, Report
from autograder.spec.draw import literal
from autograder.spec.exercise import Exercise, plain
from autograder.spec.function import Free, Function, case
from autograder.spec.lint import check_exercise
from autograder.values import Unsupported
from tests.engine.scripted import sit
from tests.engine_training.lessons import LESSON, predict, train


def countdown(n: float) -> tuple[list[float], float]:
    """From n to 0, and how many numbers that is."""
    return [float(value) for value in range(int(n), -1, -1)], float(n + 1)


def ends_at_zero(given, path):
    """Whether it ends at 0 and has as many numbers as it says."""
    if not isinstance(path, list) or path[-1] != 0:
        return "path does not end at 0"
    return None if len(path) == given["count"] else "path and count do not agree"


JUDGED = plain(
    Function(countdown, {"path": 2, "count": 1}, curve="path", seconds=7.0),
    cases=[case("three", n=3.0, accept={"path": Free(ends_at_zero), "count": Free(lambda given, count: None)})],
)


@pytest.mark.parametrize("path", [[5.0, 0.0], [0.0], [9.0, 8.0, 7.0, 6.0, 0.0]])
def test_a_free_judge_takes_any_form(path):
    """Another length than the oracle's is no fault where the judge finds none."""
    assert sit(JUDGED, {"countdown": lambda n: (path, float(len(path)))}).score == 3


def test_a_free_judge_sees_the_other_outputs_and_is_always_asked():
    """Even the oracle's own path is wrong beside another count; the sentence is shown for a hidden case."""
    finding = sit(JUDGED, {"countdown": lambda n: (countdown(n)[0], 9.0)}).of("values", "countdown", "path")
    assert (finding.status, finding.score) == ("failed", 0)
    assert finding.message == "path and count do not agree. Case “three”."


def test_an_output_that_is_a_curve_is_drawn():
    """Right or wrong; what is no list of numbers is not."""

    def path(answer=None, output="path", reveal=True):
        answers = {"countdown": lambda n: answer} if answer else None
        return sit(JUDGED, answers, reveal=reveal).of("values", "countdown", output).series

    assert path() == {"path": (3.0, 2.0, 1.0, 0.0)}
    assert path(output="count") == {}
    assert path(([2.0, 1.0], 2.0)) == {"path": (2.0, 1.0)}
    assert path((["a"], 1.0)) == {}
    assert path(reveal=False) == path(([2.0, 1.0], 2.0), reveal=False) == {}, "the case is hidden"


@pytest.mark.parametrize(
    ("values", "curve"),
    [
        ([2, 1.5, np.float64(1)], (2.0, 1.5, 1.0)),
        (np.array([1.0, 2.0]), (1.0, 2.0)),
        ([3.0, 2.0, np.nan, 1.0], (3.0, 2.0)),
        ([np.inf, 1.0], ()),
        ([1.0], ()),
        ([], ()),
        ([True, False], ()),
        ([1.0, "2"], ()),
        ([1.0, [2.0]], ()),
        ([2**70, 1.0], ()),
        (np.zeros((2, 2)), ()),
        (np.array(["a", "b"]), ()),
        (None, ()),
        ("12", ()),
        (Unsupported("object"), ()),
    ],
)
def test_what_is_a_curve(values, curve):
    """Finite numbers, two or more, up to the first that is not finite."""
    assert thinned(values) == curve


def test_a_long_curve_keeps_its_ends():
    """At most MOST numbers, in order."""
    curve = thinned(list(range(10_000)))
    assert (len(curve), curve[0], curve[-1]) == (CURVE, 0, 9999)
    assert list(curve) == sorted(curve)


def test_a_curve_in_a_report_comes_back_as_it_went():
    """JSON has lists where the record has tuples."""
    finding = Finding("training", "train", "passed", series={"history": (2.0, 1.0)})
    from autograder.report.report import ExerciseReport

    report = Report("a", "sealed", 0, 0, (ExerciseReport("e", "u", "passed", 0, 0, (finding,)),))
    assert from_dict(to_dict(report)) == report
    record = to_dict(report)
    record["exercises"][0]["findings"][0]["series"] = {"history": [2.0, 1.0]}
    assert from_dict(record) == report


@pytest.mark.parametrize(
    ("values", "drawn"),
    [((7, 6, 5, 4, 3, 2, 1, 0), "█▇▆▅▄▃▂▁"), ((1.0, 1.0), "▁▁"), ((), ""), ((0.0, float("nan"), 1.0), "▁█")],
)
def test_a_curve_in_eight_heights(values, drawn):
    """Between the smallest and the largest number; nothing that is not finite."""
    assert Page().curve(values) == drawn


def test_a_curve_is_at_most_thirty_columns_wide_and_plain_where_it_must():
    """Every page has a character for each height."""
    assert len(Page().curve(range(1000))) == 30
    assert Page(encoding="ascii").curve(range(8)) == "_.-=+*%#"


def test_a_training_lacks_no_cases():
    """A learner is sound as it is."""
    check_exercise(LESSON, Path(), (), CHECKS)


@pytest.mark.parametrize(
    ("exercise", "names"),
    [
        (replace(LESSON, training=None), "train and predict"),
        (replace(LESSON, functions=LESSON.functions[:1]), "train"),
        (Exercise((Function(train, {"accuracy": 1}, kind="training"),)), "train"),
        (replace(plain(Function(predict, {"labels": 1}), cases=[case("a", x=literal([1.0]), params=1)]),
                 training=LESSON.training), "nothing"),
    ],
)  # fmt: skip
def test_half_a_learner_is_refused(exercise, names):
    """A train without its predict, or functions without a training."""
    with pytest.raises(CourseError) as error:
        check_exercise(exercise, Path(), (), CHECKS)
    assert str(error.value) == f"spec.py: it trains with {names}. Give a train and its predict to learner(...)."
