"""The bars for speed: far from every right answer and from every loop, measured where answers are graded."""

from __future__ import annotations

import shutil

import pytest

from autograder.authoring.margins import BarMargin, measure_margins
from autograder.course.catalog import Course
from autograder.errors import GraderFault
from autograder.sandbox.sandbox import Sandbox
from tests.house.sources import ROOT

RIGHT, LOOP = {"the solution": 1.0, "by_mask": 12.5}, {"entry_by_entry": 40.0}
GOOD = BarMargin("relu", "relu_forward", 20.0, 60.0, 2.0, 0.001, 0.00004, RIGHT, LOOP)
SMALL = "the reference takes "


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({}, None),
        ({"right": RIGHT | {"by_mask": 12.6}},
         "by_mask takes 12.6 times the reference's time: raise the bar of 20 to 20 or more"),
        ({"right": RIGHT | {"by_mask": 19.0}},
         "by_mask takes 19 times the reference's time: raise the bar of 20 to 30 or more"),
        ({"loops": {"entry_by_entry": 39.0}},
         "entry_by_entry takes only 39 times the reference's time: lower the bar of 20 to 20 or less"),
        ({"loops": {"entry_by_entry": 39.0}, "above": 1.5}, None),
        ({"loops": {"entry_by_entry": 29.0}, "above": 1.5},
         "entry_by_entry takes only 29 times the reference's time: lower the bar of 20 to 19 or less"),
        ({"loops": {}}, None),
        ({"loops": LOOP | {"row_by_row": 49.0}}, None),
        ({"loops": LOOP | {"row_by_row": 73.0}}, None),
        ({"loops": LOOP | {"row_by_row": 51.0}},
         "row_by_row takes 51 times the reference's time: move the second bar of 60 away from it"),
        ({"loops": LOOP | {"row_by_row": 71.0}},
         "row_by_row takes 71 times the reference's time: move the second bar of 60 away from it"),
        ({"call": 0.00079}, None),
        ({"call": 0.0016}, "the reference takes 1 ms at full size: time a larger one, of 2 ms or more"),
        ({"call": 0.00081}, "the reference takes 1 ms at full size: time a larger one, of 1 ms or more"),
    ],
)  # fmt: skip
def test_a_margin_that_is_too_small_is_a_fault(changed, fault):
    """Right answers stay 1.6 times below the bar, loops twice above, and the bar is 25 empty calls long."""
    assert BarMargin(**{**vars(GOOD), **changed}).faults == ([fault] if fault else [])


def bars(margins):
    """Faults but those of the size: the tiny course times sizes at which nothing takes long."""
    return [fault for margin in margins for fault in margin.faults if not fault.startswith(SMALL)]


@pytest.fixture
def scale(tmp_path, tiny):
    """A copy of the tiny course."""
    return Course(shutil.copytree(tiny.root, tmp_path / "tiny"))


def edit(course, old, new):
    """Change a line of scale's alternatives."""
    path = course.folders["scale"] / "alternatives.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_margins_are_measured_through_the_sandbox(tiny):
    """Of the function that is timed: its slowest right answer below the bar, its loop above."""
    (margin,) = measure_margins(tiny, "scale")
    assert (margin.function, margin.bar, margin.fastest) == ("scale_forward", 30.0, "entry_by_entry")
    assert bars([margin]) == [] and 0 < margin.right[margin.slowest] < margin.loops["entry_by_entry"]


def test_a_slow_alternative_called_fast_is_a_fault(scale):
    """fast=False says that a loop need not pass; without it the bar is too low for it."""
    edit(scale, '"scale_forward", fast=False', '"scale_forward"')
    (fault,) = bars(measure_margins(scale, "scale"))
    assert fault.startswith("entry_by_entry takes ") and "raise the bar of 30 to " in fault


def test_a_fast_alternative_called_slow_is_a_fault(scale):
    """Where neither is promised, fast=None says so."""
    edit(scale, '@alternative("scale_forward")', '@alternative("scale_forward", fast=False)')
    (fault,) = bars(measure_margins(scale, "scale"))
    assert " takes only " in fault and "lower the bar of 30 to " in fault
    edit(scale, '@alternative("scale_forward", fast=False)', '@alternative("scale_forward", fast=None)')
    assert bars(measure_margins(Course(scale.root), "scale")) == []  # which reads the files anew


def test_margins_are_not_measured_where_nothing_can_be_timed(tiny, monkeypatch):
    """A machine that cannot time is no fault of the course."""
    monkeypatch.setattr(Sandbox, "timing_fault", lambda self: "no clock.")
    with pytest.raises(GraderFault, match="the margins of scale cannot be measured: no clock"):
        measure_margins(tiny, "scale")


def test_an_exercise_without_speed_has_no_margins(tiny):
    """Nothing is measured, and no sandbox opened."""
    assert measure_margins(tiny, "mean_square") == []


COURSE = Course(ROOT)


@pytest.mark.parametrize("name", ["l2_loss"])
def test_a_bar_of_the_course_has_its_margins(name):
    """One exercise whose margins are ten times what is asked, so that a busy machine changes nothing."""
    assert [fault for margin in measure_margins(COURSE, name) for fault in margin.faults] == []


@pytest.mark.nightly
@pytest.mark.parametrize("name", COURSE.names)
def test_every_bar_of_the_course_has_its_margins(name):
    """All of them, on a machine that does nothing else."""
    assert [fault for margin in measure_margins(COURSE, name) for fault in margin.faults] == []
