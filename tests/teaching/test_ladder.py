"""The steps of the hints: their order, the limits of hidden cases, and the case to compute by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.answers import answer_code, find_leak
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.diagnosis.hint import BY_HAND, DIFFERS, FORMULA, TERM, add_hints, title, worked_text
from autograder.diagnosis.shrink import small_call
from autograder.grading.pipeline import Options, grade_to_teach, run_checks
from autograder.sandbox import inprocess
from autograder.sandbox.inprocess import InProcess
from autograder.spec.draw import generator
from autograder.spec.exercise import Exercise, plain
from autograder.spec.formulas import Formulas
from autograder.spec.function import Function, case
from autograder.spec.small import small
from tests.engine.scripted import scripted

COURSE = Course(Path(__file__).parents[2])
CALM = Options(skip=frozenset({"speed"}))


def ladders(exercise: Exercise, answers, reveal=False) -> dict[str, tuple[str, ...]]:
    """Return the steps of the failing findings, by output or check."""
    trial = Trial(Variant(exercise, 7), scripted(exercise, answers), reveal)
    return {f.output or f.check: f.ladder for f in add_hints(trial, run_checks(trial, CALM)) if f.ladder}


@pytest.fixture
def scale(tiny: Course) -> Exercise:
    """Return the exercise scale of the tiny course."""
    return tiny.exercise("scale")


def test_the_steps_come_in_order(scale):
    """The steps are the difference, the term, the formula and a small case, each with its title in the first line."""
    steps = ladders(scale, {"scale_backward": lambda dout, x, w: (dout * w, np.mean(dout * x, axis=0))})["dw"]
    assert [title(step) for step in steps] == [DIFFERS, TERM, FORMULA, BY_HAND]
    assert steps[0].partition("\n")[2].startswith("dw[") and "expected" in steps[0].partition("\n")[2]
    assert steps[1].partition("\n")[2] == "dw is divided by the batch size, which is the loss's business."
    assert steps[2].partition("\n")[2] == "dw[j] = sum over ____ of dout[i, j] * x[i, j]"
    assert "scale_backward gives\n  dw = " in steps[3].partition("\n")[2]


def test_a_failure_without_a_name_has_no_term(scale):
    """A failure that is not explained has no step about the term."""
    steps = ladders(scale, {"scale_forward": lambda x, w: x - w})["out"]
    assert [title(step) for step in steps] == [DIFFERS, FORMULA, BY_HAND]


def test_a_hidden_case_tells_its_words_and_no_more(scale):
    """A hidden case has no steps with formula or numbers, unless hidden cases are revealed."""
    answers = {"scale_forward": lambda x, w: x * w if len(w) == 3 else x + w}
    (step,) = ladders(scale, answers)["out"]
    assert step == f"{DIFFERS}\nout has wrong values. Case “batch of one” (2 of 3 cases fail)."
    assert [title(step) for step in ladders(scale, answers, reveal=True)["out"]] == [DIFFERS, FORMULA, BY_HAND]


def test_what_shows_no_numbers_has_words_alone(scale):
    """A changed argument and a wrong signature have steps without numbers."""

    def in_place(x, w):
        x *= w
        return x

    (differs, term) = ladders(scale, {"scale_forward": in_place})["purity"]
    assert (title(differs), title(term)) == (DIFFERS, TERM)
    assert [title(step) for step in ladders(scale, {"scale_forward": lambda x: x})["contract"]] == [DIFFERS]


def test_a_right_answer_has_no_hints(scale):
    """A passed finding has no steps."""
    assert ladders(scale, {}) == {}


def test_hints_never_change_a_verdict(scale):
    """Hints change neither status, points nor message."""
    answers = {"scale_forward": lambda x, w: x + w, "scale_backward": lambda dout, x, w: (dout, x)}
    trial = Trial(Variant(scale, 7), scripted(scale, answers), True)
    findings = run_checks(trial, CALM)
    assert [replace(f, example=None, ladder=()) for f in add_hints(trial, findings)] == [*findings]


def shift(x):
    """Return x + 1."""
    return x + 1


def test_what_is_drawn_has_no_case():
    """A function of a random generator has no case to compute by hand."""
    exercise = plain(Function(_drawn, {"out": 1}), cases=[case("one", x=small(x="B").members[0].case.draws["x"])])
    assert worked_text(exercise.functions[0], (small(x="B", rng=generator()),), "out") == ""
    assert worked_text(exercise.functions[0], (), "out") == ""


def _drawn(x, rng=None):
    return x


@pytest.mark.parametrize("name", COURSE.names)
def test_a_case_for_paper_is_true_and_tells_no_code(name):
    """The numbers of the case are those of the solution, few, and without its code."""
    exercise = COURSE.exercise(name)
    kept = answer_code(exercise, COURSE.solution(name))
    solution = inprocess.load(COURSE.solution(name), name)
    for function in exercise.functions:
        families = exercise.small.get(function.name, ())
        for output in function.outputs:
            text = worked_text(function, families, output)
            assert find_leak(text, kept) == ""
            assert len(text.split("\n")) <= 32
            if text:
                assert pasted(text, function, solution) == shown(text, function)


def pasted(text: str, function: Function, solution: InProcess) -> str:
    """Return the outputs of the solution for the inputs in the text, in the layout of the text."""
    lines, values = text.split("\n\n")[0].split("\n"), {"np": np}
    code = "\n".join(line for line in lines if line)
    exec(compile(code, "a case for paper", "exec"), values)
    given = {key: value for key, value in values.items() if key in (*function.positional, *function.keywords)}
    args = [given[key] for key in function.positional]
    value = solution.functions[function.name](*args, **{k: given[k] for k in function.keywords if k in given})
    outputs = (value,) if len(function.outputs) == 1 else value
    return " ".join(f"{number:.3g}" for number in _flat(list(outputs)))


def shown(text: str, function: Function) -> str:
    """Return the outputs of the reference for the inputs in the text, as one list."""
    families = COURSE_FAMILIES[function.name]
    calls = small_call(function, families[0].example.case)
    return " ".join(f"{number:.3g}" for number in _flat(list(calls.expected.values())))


COURSE_FAMILIES = {
    function.name: families
    for exercise in map(COURSE.exercise, COURSE.names)
    for function in exercise.functions
    if (families := exercise.small.get(function.name))
}


def _flat(value) -> list[float]:
    if isinstance(value, dict):
        return [n for item in value.values() for n in _flat(item)]
    if isinstance(value, list | tuple):
        return [n for item in value for n in _flat(item)]
    return [float(n) + 0.0 for n in np.ravel(value)]


def test_a_broken_hint_costs_no_verdict(scale, tmp_path):
    """A finding keeps its verdict where the file of hints cannot be read."""
    (tmp_path / "hints.toml").write_text("[", encoding="utf-8")
    spoilt = replace(scale, formulas=Formulas(tmp_path / "hints.toml", scale.functions))
    implementation = scripted(spoilt, {"scale_forward": lambda x, w: x + w})
    found = [f for f in grade_to_teach(Variant(spoilt, 7), implementation, CALM) if f.check == "values"]
    assert [(f.status, f.mistake, f.ladder) for f in found] == [("failed", "adds", ())]
