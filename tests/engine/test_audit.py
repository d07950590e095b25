"""The audit: the tiny course is right in every cell, and each way of being wrong is said in its sentence."""

from __future__ import annotations

import json

import pytest

from autograder.authoring.audit import Row, audit_exercise, summary, to_dict
from tests.engine.coursework import append, copy_scale, edit

MISTAKE = '''

@mistake("scale_forward")
def {name}(x, w):
    """One more."""
    return {expression}
'''


def faults(rows: list[Row]) -> dict[str, str]:
    """Name → what is wrong with it."""
    return {row.name: row.words for row in rows if not row.right}


@pytest.fixture
def scale(tmp_path):
    """A copy of scale that a test may spoil."""
    return copy_scale(tmp_path)


def audit(course) -> list[Row]:
    """Its rows on seed 3, without a clock."""
    return audit_exercise(course, "scale", [3], first=False)


def test_the_tiny_course_is_right_in_every_cell(tiny):
    """Stubs earn nothing, solutions and alternatives everything, mistakes are rejected and named, over two seeds."""
    rows = [row for name in tiny.names for row in audit_exercise(tiny, name, [0, 1], first=name == "scale")]
    assert faults(rows) == {}
    assert {row.seeds for row in rows} == {2}
    assert summary(rows) == {
        "mistakes": 32, "runs": 64, "named": 64, "right_answers": 28, "wrongly_rejected": 0, "faults": 0
    }  # fmt: skip


def test_the_kill_matrix_says_which_check_rejects_which_mistake(tiny):
    """By output, or by the check that has none."""
    rows = {row.name: row for row in audit(tiny)}
    assert rows["adds"].killed_by == {"out": 1}
    assert rows["writes_into_x"].killed_by == {"purity": 1}
    assert rows["only_dx"].killed_by == {"dx": 1, "dw": 1}
    assert rows["solution"].killed_by == {}


def test_a_mistake_that_is_not_wrong_is_reported(scale):
    """It needs a case in which it differs."""
    append(scale, "mistakes.py", MISTAKE.format(name="other_order", expression="w * x"))
    assert faults(audit(scale)) == {"other_order": "is not rejected: add a case in which it differs (seed 3)"}


def test_two_mistakes_that_behave_alike_are_reported(scale):
    """Neither can be named, for a name is a claim."""
    append(scale, "mistakes.py", MISTAKE.format(name="adds_too", expression="w + x"))
    words = "has no name on 1 of 1 variants: add a case that tells it from the others"
    assert faults(audit(scale)) == {"adds": words, "adds_too": words}


def test_one_variant_in_twenty_may_leave_a_mistake_unnamed(scale):
    """Chance can make two mistakes the same on a paper; more than that is a gap in the cases."""
    (row,) = [row for row in audit(scale) if row.name == "adds"]
    row.seeds, row.unnamed = 100, 5
    assert row.right
    row.unnamed = 6
    assert row.words == "has no name on 6 of 100 variants: add a case that tells it from the others"


def test_a_wrong_alternative_is_reported(scale):
    """A right answer that loses points, with the check's own words."""
    edit(scale, "alternatives.py", "return [dout * w, (dout * x).sum(0)]", "return [dout * w, (dout * x).sum(1)]")
    (fault,) = faults(audit(scale)).values()
    assert fault == (
        "is right and loses scale_backward gradient dw: dw has shape (2,), expected (3,). "
        "Case “two rows” (5 of 5 cases fail). (seed 3)"
    )


def test_a_wrong_solution_is_reported(scale):
    """Once for the solution, and for all that stands on it."""
    edit(scale, "solution.py", "dw = np.sum(dout * x, axis=0)", "dw = np.sum(dout, axis=0)")
    found = faults(audit(scale))
    assert found["solution"].startswith("is right and loses scale_backward gradient dw: dw[")
    assert found["adds"] == "costs scale_backward, which is right (seed 3)"
    assert found["entry_by_entry"].startswith("is right and loses scale_backward gradient dw: ")


def test_a_stub_that_holds_the_answer_is_reported(scale):
    """One function without markers earns its points in every student's first hand-in."""
    path = scale.root / "solutions/01_tiny/scale/solution.py"
    head, _, tail = path.read_text().rpartition("    # BEGIN SOLUTION\n")
    path.write_text(head + tail.replace("    # END SOLUTION\n", ""))
    assert faults(audit(scale)) == {"stub": "a stub earns 5.5 points, expected 0 (seed 3)"}


def test_a_stub_that_looks_like_an_attempt_is_reported(scale):
    """What is left around the block must not run into an error of its own."""
    block = "    # BEGIN SOLUTION\n    return x * w"
    edit(scale, "solution.py", block, f"    x = x.flat_please\n{block}")
    assert faults(audit(scale))["stub"] == (
        "a stub is judged error, expected skipped: scale_forward raises AttributeError: "
        "'numpy.ndarray' object has no attribute 'flat_please'. Case “two rows” (3 of 3 cases fail). (seed 3)"
    )


def test_too_few_mistakes_are_a_gap(scale):
    """Three at least; the gap is a fault, but no mistake that ran."""
    path = scale.root / "solutions/01_tiny/scale/mistakes.py"
    kept = path.read_text().split("@mistake", 3)
    path.write_text("@mistake".join(kept[:3]))
    rows = audit(scale)
    assert faults(rows) == {"—": "2 known mistakes, expected 3 or more in mistakes.py"}
    assert summary(rows)["mistakes"] == 2 and summary(rows)["faults"] == 1


def test_a_mistake_without_a_hint_is_a_gap(scale):
    """The docstring is what the student reads."""
    edit(scale, "mistakes.py", '    """w is added. To scale is another operation."""\n', "")
    assert faults(audit(scale)) == {"—": "adds has no docstring, which is the hint"}


def test_a_mistake_and_an_alternative_of_one_name_are_two_rows(scale):
    """Each row runs its own code."""
    append(scale, "alternatives.py", '\n\n@alternative("scale_forward")\ndef adds(x, w):\n    return w * x\n')
    assert faults(audit(scale)) == {}


def test_the_first_fault_stays_with_its_seed():
    """Later seeds do not hide it."""
    row = Row("e", "mistake", "m")
    row.blame(4, "one")
    row.blame(5, "two")
    assert (row.fault, row.right) == ("one (seed 4)", False)


def test_the_matrix_is_plain_data(scale):
    """JSON takes it as it is."""
    record = json.loads(json.dumps(to_dict(audit(scale))))[2]
    assert record == {
        "exercise": "scale", "kind": "mistake", "name": "adds", "function": "scale_forward", "seeds": 1,
        "killed_by": {"out": 1}, "named": 1, "unnamed": 0, "fault": "", "right": True,
    }  # fmt: skip


PLANTED = '''"""Scale: what students start from."""

import numpy as np


def scale_backward(dout, x, w):
    # BUG dx_without_w: dx = dout * w
    dx = dout.copy()
    # BUG dw_averaged: dw = np.sum(dout * x, axis=0)
    dw = np.mean(dout * x, axis=0)
    return dx, dw
'''
WITHOUT_W = '''

@mistake("scale_backward")
def dx_without_w(dout, x, w):
    """dx is dout. What did forward do with x?"""
    return dout.copy(), np.sum(dout * x, axis=0)
'''


@pytest.fixture
def planted(scale):
    """The same with two bugs planted in its backward."""
    append(scale, "mistakes.py", WITHOUT_W)
    (scale.folders["scale"] / "planted.py").write_text(PLANTED, encoding="utf-8")
    return scale


def test_planted_bugs_earn_nothing_and_have_their_names_alone(planted):
    """Unrepaired, either left, both repaired; and students who begin have a stub."""
    rows = {(row.kind, row.name): row for row in audit(planted)}
    assert not [row.words for row in rows.values() if not row.right]
    assert rows["planted", "dx_without_w and dw_averaged"].killed_by == {"dx": 1, "dw": 1}
    assert (rows["left", "dx_without_w"].killed_by, rows["left", "dx_without_w"].named) == ({"dx": 1}, 1)
    assert (rows["left", "dw_averaged"].killed_by, rows["left", "dw_averaged"].named) == ({"dw": 1}, 1)
    assert rows["repaired", "both planted bugs"].killed_by == {}
    assert rows["stub", "stub"].seeds == 1


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "dx = dout.copy()", "dx = dout * w",
            {
                "dx_without_w and dw_averaged": "earns 2.5 points unrepaired, expected 0: what is right already",
                "dx_without_w": "is not rejected: add a case in which it differs (seed 3)",
            },
        ),
        (
            "dx = dout * w", "dx = dout - w",
            {"both planted bugs": "is right and loses scale_backward gradient dx"},
        ),
        (
            "dw = np.mean(dout * x, axis=0)", "dw = dout * x",
            {"dx_without_w and dw_averaged": "is named dw_per_row, which is not planted (seed 3)",
             "dw_averaged": "is named dw_per_row: add a case that tells them apart (seed 3)"},
        ),
        ("BUG dx_without_w", "BUG dx_is_dout", {"—": "dx_is_dout in planted.py is no mistake of mistakes.py"}),
        ("# BUG dw_averaged: dw =", "# dw =", {"—": "planted.py: it plants 1 bugs (dx_without_w), expected 2"}),
    ],
)  # fmt: skip
def test_a_planted_bug_that_is_none_is_reported(planted, old, new, found):
    """One that changes nothing, that repairs nothing, that is another than it says, or that nobody knows."""
    assert PLANTED.count(old) == 1
    edit(planted, "planted.py", old, new)
    said = faults([row for row in audit(planted) if row.kind in ("planted", "left", "repaired")])
    assert said.keys() == found.keys()
    assert all(said[name].startswith(words) for name, words in found.items()), said
