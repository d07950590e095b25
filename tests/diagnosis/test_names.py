"""Known mistakes are named where they explain a failing output in every case, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis.evidence import KnownMistakes
from autograder.grading.pipeline import Options, grade_exercise
from autograder.implementation import Raised, Returned, Stopped
from autograder.sandbox.inprocess import InProcess
from autograder.spec.draw import normal
from autograder.spec.exercise import Exercise, convention, mistake, plain
from autograder.spec.function import Function, case
from tests.engine.scripted import Verdict, scripted

QUICK = Options(skip=frozenset({"speed"}))


def grade(exercise: Exercise, answers, known_mistakes: KnownMistakes | None = None) -> Verdict:
    """Return the diagnosed findings on an implementation that is right except for these functions."""
    implementation = scripted(exercise, answers)
    return Verdict(grade_exercise(Variant(exercise, 7), implementation, QUICK, known_mistakes), implementation)


@pytest.fixture
def scale(tiny: Course) -> Exercise:
    """Return a layer with three known mistakes in forward and five in backward."""
    return tiny.exercise("scale")


def names(verdict: Verdict) -> dict[str, str | None]:
    """Return the names of the mistakes of the failing findings, by output or check."""
    return {f.output or f.check: f.mistake for f in verdict.findings if f.status in ("failed", "error")}


def test_a_known_mistake_is_named_and_hinted(scale):
    """A known mistake in other code is recognised by its outputs."""
    finding = grade(scale, {"scale_forward": lambda x, w: np.add(w, x)}).of("values")
    assert (finding.mistake, finding.hint) == ("adds", "w is added. To scale is another operation.")


def test_a_right_answer_is_never_named(scale):
    """A right answer gets no name, and the known mistakes are not run."""
    ran = []

    def spy(x, w):
        ran.append(x)
        return x + w

    watched = replace(scale, mistakes=(replace(scale.mistakes[0], code=spy), *scale.mistakes[1:]))
    assert names(grade(watched, {})) == {}
    assert not ran
    grade(watched, {"scale_forward": lambda x, w: x - w})
    assert ran


def test_only_the_failing_output_bears_the_name(scale):
    """Only dw is diagnosed where dx is right."""
    verdict = grade(scale, {"scale_backward": lambda dout, x, w: (dout * w, np.mean(dout * x, axis=0))})
    assert names(verdict) == {"dw": "dw_averaged"}
    assert verdict.of("gradient", output="dx").mistake is None


@mistake("scale_backward")
def dw_averaged_alone(dout, x, w):
    """Only dw is wrong."""
    return dout * w, np.mean(dout * x, axis=0)


@mistake("scale_backward")
def dw_averaged_and_w_forgotten(dout, x, w):
    """dx is wrong too."""
    return dout, np.mean(dout * x, axis=0)


@pytest.mark.parametrize("order", [1, -1])
def test_the_mistake_that_equals_the_answer_in_most_outputs_is_preferred(scale, order):
    """Of two mistakes with an equal dw, the one with an equal dx is named, in either order."""
    redrawn_records = replace(scale, mistakes=(dw_averaged_alone, dw_averaged_and_w_forgotten)[::order])
    assert names(grade(redrawn_records, {"scale_backward": dw_averaged_alone.code})) == {"dw": "dw_averaged_alone"}
    assert names(grade(redrawn_records, {"scale_backward": dw_averaged_and_w_forgotten.code})) == {
        "dx": "dw_averaged_and_w_forgotten", "dw": "dw_averaged_and_w_forgotten"
    }  # fmt: skip


@mistake("scale_backward")
def dx_forgets_w(dout, x, w):
    """dx is dout itself. What does each entry count?"""
    return dout, np.sum(dout * x, axis=0)


def test_two_mistakes_at_once_are_both_named(scale):
    """Each output is named after its own mistake where no single mistake explains both."""
    known = replace(scale, mistakes=(*scale.mistakes, dx_forgets_w))
    verdict = grade(known, {"scale_backward": lambda dout, x, w: (dout.copy(), np.mean(dout * x, axis=0))})
    assert names(verdict) == {"dx": "dx_forgets_w", "dw": "dw_averaged"}


def test_a_mistake_is_matched_in_all_outputs_that_it_changes(scale):
    """A mistake that changes dx and dw is not named where only dx is the same."""
    forgotten = next(m for m in scale.mistakes if m.name == "dout_forgotten")
    both = grade(scale, {"scale_backward": forgotten.code})
    assert names(both) == {"dx": "dout_forgotten", "dw": "dout_forgotten"}
    one = grade(scale, {"scale_backward": lambda dout, x, w: (np.broadcast_to(w, x.shape).copy(), (dout * x).sum(0))})
    assert names(one) == {"dx": None}


def test_a_hint_leads_to_the_outputs_that_it_speaks_of(scale):
    """Under an output that the hint does not mention, it begins with that output."""

    @mistake("scale_backward")
    def negative(dout, x, w):
        """dx has the wrong sign."""
        return -dout * w, -np.sum(dout * x, axis=0)

    verdict = grade(replace(scale, mistakes=(negative,)), {"scale_backward": negative.code})
    assert verdict.of("gradient", output="dx").hint == "dx has the wrong sign."
    assert verdict.of("gradient", output="dw").hint == "dw is wrong by this mistake too: dx has the wrong sign."


def test_nan_in_the_same_places_is_no_evidence(scale):
    """An answer that is nan where a mistake is nan, and right elsewhere, is not named."""

    @mistake("scale_forward")
    def divides_by_zero(x, w):
        """0 is divided by 0."""
        return x * w + (0.0 if len(x) > 2 else np.nan)

    known = replace(scale, mistakes=(divides_by_zero,))
    assert names(grade(known, {"scale_forward": divides_by_zero.code})) == {"out": None}


@convention("scale_forward")
def divides(x, w):
    """In other books w divides. Here it multiplies."""
    return x / w


def test_a_convention_is_told_from_a_mistake(scale):
    """A convention gets the name and hint of a mistake, and is recorded as a convention."""
    known = replace(scale, mistakes=(*scale.mistakes, divides))
    finding = grade(known, {"scale_forward": np.divide}).of("values")
    assert (finding.mistake, finding.diagnosis) == ("divides", "convention")
    assert finding.hint == "In other books w divides. Here it multiplies."
    assert grade(known, {"scale_forward": np.add}).of("values").diagnosis == "mistake"


def test_an_unknown_mistake_stays_unnamed(scale):
    """An answer that equals no known mistake has no name."""
    verdict = grade(scale, {"scale_forward": lambda x, w: x * w * 1.001})
    assert names(verdict) == {"out": None}


def test_a_mistake_must_explain_every_case(scale):
    """An answer that equals a mistake in the public case only has no name."""
    verdict = grade(scale, {"scale_forward": lambda x, w: x + w if len(x) == 2 else x + 2 * w})
    assert names(verdict) == {"out": None}


def test_a_mistake_in_place_is_named_through_purity(scale):
    """A mistake with right values that changes its arguments is named in the purity finding."""

    def mine(x, w):
        for row in x:
            row *= w
        return x

    verdict = grade(scale, {"scale_forward": mine})
    assert names(verdict) == {"purity": "writes_into_x"}
    assert "writes into the caller's x" in verdict.of("purity", "scale_forward").hint


def test_another_impurity_is_not_the_known_one(scale):
    """An answer that changes another argument than the known mistake has no name."""

    def mine(x, w):
        w *= 1
        w += 1
        return x * (w - 1)

    assert names(grade(scale, {"scale_forward": mine})) == {"purity": None}


def test_a_mistake_that_raises_is_named_by_its_kind_and_the_rest_of_its_behaviour(scale):
    """An answer that raises and returns in the same cases as a known mistake is named after it."""
    verdict = grade(scale, {"scale_forward": lambda x, w: np.multiply(x, w.reshape(-1, 1))})
    assert names(verdict) == {"out": "scales_rows"}
    assert verdict.of("values").status == "error"


@pytest.mark.parametrize("outcome", [Raised("TypeError", "no"), Raised("ValueError", "no"), Stopped("time")], ids=repr)
def test_an_exception_alone_is_not_the_known_mistake(scale, outcome):
    """An exception of another kind, or in cases where the mistake returns, does not match."""
    assert names(grade(scale, {"scale_forward": outcome})) == {"out": None}


@mistake("scale_forward")
def always_raises(x, w):
    """Never works."""
    raise ValueError("no")


@pytest.mark.parametrize(
    ("outcome", "name"),
    [(Raised("ValueError", "no"), None), (Raised("KeyError", "no"), None), (Stopped("time"), None),
     (Returned((1.0, 2.0)), None)],
)  # fmt: skip
def test_the_same_exception_everywhere_is_no_evidence(scale, outcome, name):
    """A mistake that always raises one exception is never named: many mistakes raise it."""
    known = replace(scale, mistakes=(always_raises,))
    assert names(grade(known, {"scale_forward": outcome})) == {"out": name}


@mistake("scale_forward")
def columns_first(x, w):
    """x and w do not fit together."""
    return x + np.zeros((len(x), x.shape[1] + 1))


def test_exceptions_with_the_sizes_of_their_cases_are_evidence(scale):
    """Two answers whose exceptions name the same sizes in every case made the same mistake."""
    known = replace(scale, mistakes=(columns_first,))
    assert names(grade(known, {"scale_forward": columns_first.code})) == {"out": "columns_first"}
    other = lambda x, w: x + np.zeros((len(x), x.shape[1] + 2))  # noqa: E731
    assert names(grade(known, {"scale_forward": other})) == {"out": None}


def test_a_wrong_number_of_results_matches_only_the_same_results(scale):
    """The mistake that returns only dx does not match an answer that returns three gradients."""
    known = grade(scale, {"scale_backward": lambda dout, x, w: w * dout})
    assert names(known) == {"dx": "only_dx", "dw": "only_dx"}
    other = grade(scale, {"scale_backward": lambda dout, x, w: (dout * w, np.sum(dout * x, axis=0), 0.0)})
    assert names(other) == {"dx": None, "dw": None}


def test_stability_is_diagnosed_too(tiny):
    """A naive formula that fails only in the stable case is named."""
    verdict = grade(tiny.exercise("softplus"), {"softplus": lambda x: np.log(np.exp(x) + 1.0)})
    assert names(verdict) == {"stability": "overflows"}


def test_an_optimizer_is_diagnosed_over_all_its_steps(tiny):
    """A forgotten velocity, which shows from the second step on, is named."""
    heavy = tiny.exercise("heavy_step")
    verdict = grade(heavy, {"heavy_step": lambda w, dw, v, *, lr, mu=0.9: (w - dw * lr, -(dw * lr))})
    assert names(verdict) == {"w": "velocity_forgotten", "v": "velocity_forgotten"}


def test_a_stub_is_not_diagnosed(scale):
    """A function that is not written has no diagnosis."""
    verdict = grade(scale, {"scale_forward": Returned(None), "scale_backward": Raised("NotImplementedError")})
    assert {f.mistake for f in verdict.findings} == {None}


def test_a_diagnosis_never_changes_a_score(scale):
    """A diagnosis changes only the hint, the mistake and the diagnosis of a finding."""
    answers = {"scale_forward": lambda x, w: x + w, "scale_backward": lambda dout, x, w: (dout, x.sum(axis=0))}
    silent = replace(scale, mistakes=())
    stripped, bare = (
        [replace(f, mistake=None, hint="", diagnosis="") for f in grade(exercise, answers).findings]
        for exercise in (scale, silent)
    )
    assert stripped == bare


def test_the_known_mistakes_run_once_for_many_answers(scale):
    """The known mistakes run once per variant, however many answers are diagnosed."""
    ran = []

    def spy(x, w):
        ran.append(x)
        return x + w

    watched = replace(scale, mistakes=(replace(scale.mistakes[0], code=spy),))
    variant = Variant(watched, 7)
    known_mistakes = KnownMistakes(variant)
    for _ in range(3):
        findings = grade_exercise(variant, scripted(watched, {"scale_forward": np.add}), QUICK, known_mistakes)
        assert "adds" in {f.mistake for f in findings}
    assert len(ran) == 3


def test_every_known_mistake_of_the_tiny_course_is_named(tiny):
    """Every known mistake of the tiny course is named, for three seeds."""
    for name in tiny.names:
        exercise = tiny.exercise(name)
        right = {function.name: function.oracle for function in exercise.functions}
        for seed in range(3):
            variant = Variant(exercise, seed)
            known_mistakes = KnownMistakes(variant)
            for known in exercise.mistakes:
                implementation = InProcess(right | {known.function: known.code})
                found = {f.mistake for f in grade_exercise(variant, implementation, QUICK, known_mistakes)} - {None}
                assert found == {known.name}


def cube(x):
    """x³."""
    return x**3


@mistake("cube")
def doubled(x):
    """x is doubled."""
    return x + x


@pytest.mark.parametrize(("count", "name"), [(1, None), (9, None), (10, "doubled")])
def test_a_name_that_rests_on_few_numbers_is_proven_on_inputs_drawn_anew(count, name):
    """An answer that equals a mistake in few numbers of one variant, but not on redrawn ones, has no name."""
    known = plain(Function(cube, {"out": 2}), cases=[case("a row", public=True, x=normal(count))])
    exercise = replace(known, mistakes=(doubled,))
    (function,) = exercise.functions
    x_here = Variant(exercise, 7).calls(function, function.cases[0])[0].inputs["x"]
    answer = lambda x: x + x if np.array_equal(x, x_here) else x - 1  # noqa: E731
    assert names(grade(exercise, {"cube": answer})) == {"out": name}
    assert names(grade(exercise, {"cube": doubled.code})) == {"out": "doubled"}
