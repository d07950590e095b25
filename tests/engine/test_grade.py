"""The pipeline: findings, points, seeds, and what is never a pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.checks import CHECKS
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.errors import GraderFault
from autograder.grading.pipeline import (
    VARIANTS,
    Options,
    broken,
    grade_exercise,
    not_submitted,
    report,
    seed_of,
    sum_up,
    undiagnosed,
    without,
)
from autograder.implementation import Raised
from autograder.report.report import Finding
from tests.engine.desks import DARK_DOUBLE, DOUBLE, SQUARE
from tests.engine.scripted import scripted

texts = st.text(max_size=20)


@given(texts, texts, texts)
def test_a_seed_is_made_of_key_exercise_and_text(key, name, sha):
    """The same three always make the same seed; another key or exercise makes another one."""
    seed = seed_of(key, name, sha)
    assert seed == seed_of(key, name, sha)
    assert 0 <= seed < 2**64
    assert len({seed, seed_of(key + "x", name, sha), seed_of(key, name + "x", sha)}) == 3


def test_texts_share_sixty_four_papers():
    """Every paper is sat by somebody, and there are no others."""
    assert len({seed_of("key", "conv2d", f"{text:064x}") for text in range(2000)}) == VARIANTS == 64


def test_a_seed_stays_the_same_for_ever():
    """A published key is compared with a report of long ago, so the recipe may not drift."""
    assert seed_of("", "conv2d", "0" * 64) == 8206346416877082158


def test_a_right_answer_earns_everything(tiny):
    """All points of every tiny exercise, speed left out."""
    for name in tiny.names:
        exercise = without(tiny.exercise(name), {"speed"})
        findings = grade_exercise(Variant(exercise, 1), scripted(exercise, {}), Options(skip=frozenset({"speed"})))
        verdict = replace(sum_up(exercise, findings, "cd"), source="ab")
        assert (verdict.name, verdict.status, verdict.score, verdict.max_score) == (
            name, "passed", exercise.max_score, exercise.max_score
        )  # fmt: skip
        assert (verdict.variant, verdict.source, verdict.unit) == ("cd", "ab", "01_tiny")


def test_speed_is_graded_at_the_end(tiny):
    """Where it is not skipped, a finding of speed closes the list."""
    scale = tiny.exercise("scale")
    findings = grade_exercise(Variant(scale, 1), scripted(scale, {}))
    assert findings[-1].check == "speed"
    assert sum(f.max_score for f in findings) == scale.max_score


def test_the_sum_is_rounded_and_the_worst_status_wins():
    """Points of all findings; a failed finding worth nothing still counts for the status."""
    findings = (
        Finding("values", "double", "passed", "out", 0.1, 0.1),
        Finding("purity", "double", "passed", None, 0.2, 0.2),
        Finding("consistency", "double", "failed"),
    )
    verdict = sum_up(DOUBLE, findings)
    assert (verdict.score, verdict.status) == (0.3, "failed")


def test_the_findings_of_every_output_sum_to_the_maximum():
    """No point of an exercise is without a finding, even when nothing runs."""
    for answers in ({}, {"square_forward": Raised("ValueError")}, {"square_backward": Raised("NotImplementedError")}):
        findings = grade_exercise(Variant(SQUARE, 1), scripted(SQUARE, answers))
        assert sum(f.max_score for f in findings) == SQUARE.max_score


@pytest.mark.parametrize(
    ("skip", "maximum"),
    [
        ((), 8.5), (("purity",), 7.5), (("speed",), 8), (("purity", "speed"), 7), (("consistency", "contract"), 8.5),
        (("values",), 5.5), (("gradient",), 3), (("values", "gradient"), 0),
    ],
)  # fmt: skip
def test_skipping_a_check_removes_its_points(tiny, skip, maximum):
    """And a right answer still earns all that is left: what builds on a skipped check goes with it."""
    exercise = without(tiny.exercise("scale"), skip)
    assert exercise.max_score == maximum
    findings = grade_exercise(Variant(exercise, 1), scripted(exercise, {}), Options(skip=frozenset(skip)))
    assert sum(f.score for f in findings) == sum(f.max_score for f in findings) == maximum


def test_the_contract_is_never_skipped():
    """The other checks build on it."""
    found = undiagnosed(Trial(Variant(SQUARE, 1), scripted(SQUARE, {})), CHECKS)
    assert [finding.check for finding in found] == ["contract"] * len(SQUARE.functions)


def test_skipped_checks_have_no_findings():
    """Not even a skipped one: its points are gone too."""
    findings = grade_exercise(Variant(SQUARE, 1), scripted(SQUARE, {}), Options(skip=frozenset({"purity", "gradient"})))
    assert {f.check for f in findings} == {"contract", "values"}


def test_skipping_stability_removes_its_points(tiny):
    """The stable case is not asked, and the rest can still be earned in full."""
    softplus = tiny.exercise("softplus")
    assert (softplus.max_score, without(softplus, {"stability"}).max_score) == (3, 2)
    assert without(softplus, {"purity"}).max_score == 3


def test_hidden_numbers_stay_hidden_unless_asked():
    """What nobody asked for is not revealed, not skipped, and needs no key."""
    assert Options() == Options(key="", skip=frozenset(), reveal=False)
    wrong = scripted(DARK_DOUBLE, {"double": lambda x: x if x.ndim == 2 else 2 * x})
    told = grade_exercise(Variant(DARK_DOUBLE, 1), wrong)
    assert told[1].message == "out has wrong values. Case “in the dark” (1 of 2 cases fail)."
    shown = grade_exercise(Variant(DARK_DOUBLE, 1), wrong, Options(reveal=True))
    assert "expected" in shown[1].message


def test_a_grader_s_fault_passes_through():
    """The caller retries; nobody turns it into a failed answer."""

    class Gone:
        def call_many(self, request_batch, seconds):
            raise GraderFault("the zygote is gone")

    with pytest.raises(GraderFault, match=r"^the zygote is gone$"):
        grade_exercise(Variant(DOUBLE, 1), Gone())


def test_broken_is_neither_a_pass_nor_the_student_s_fault():
    """The words, the place, no points, and a status that outranks everything."""
    try:
        np.zeros(2)[5]
    except IndexError as fault:
        verdict = broken(SQUARE, fault)
    assert (verdict.status, verdict.score, verdict.max_score) == ("broken", 0, 5.5)
    (finding,) = verdict.findings
    assert (finding.check, finding.status) == ("grader", "broken")
    assert finding.message.startswith("The grader failed, not the answer: IndexError: index 5 is out of bounds")
    assert ", line " in finding.message and finding.message.endswith("). It will be graded again.")
    assert report("ann", "sealed", (verdict, sum_up(DOUBLE, ()))).status == "broken"


def test_broken_without_a_traceback_has_no_place():
    """A fault that was never raised is told all the same."""
    (finding,) = broken(SQUARE, GraderFault("no zygote")).findings
    assert finding.message == "The grader failed, not the answer: GraderFault: no zygote. It will be graded again."


def test_what_was_not_handed_in_is_skipped_with_its_reason():
    """Or an error, when something was there and could not be read."""
    verdict = not_submitted(replace(SQUARE, name="square"), None)
    assert (verdict.status, verdict.score, verdict.max_score) == ("skipped", 0, 5.5)
    assert verdict.findings[0].message == "square.py was not handed in."
    assert not_submitted(SQUARE, "too large").status == "error"


def test_a_report_sums_its_exercises():
    """Score, maximum, notes and the engine's version."""
    passed = Finding("values", "double", "passed", "out", 2, 2)
    record = report("ann", "local", (sum_up(DOUBLE, (passed,)), not_submitted(SQUARE, None)), ("late",))
    assert (record.submission, record.tier, record.score, record.max_score) == ("ann", "local", 2, 8)
    assert record.notes == ("late",) and record.engine
