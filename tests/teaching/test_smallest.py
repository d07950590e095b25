"""The smallest failing input: its content for each kind of failure, the calls it costs, and what stays hidden."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.diagnosis.hint import add_hints
from autograder.grading.pipeline import Options, run_checks
from autograder.implementation import Raised, Returned, Stopped
from autograder.report.json import from_dict, to_dict
from autograder.report.report import Array, ExerciseReport, Report
from autograder.sandbox.sandbox import Sandbox
from autograder.spec.draw import derived, generator, literal, normal
from autograder.spec.exercise import layer, optimizer, plain
from autograder.spec.function import Free, Function, case
from autograder.spec.small import small
from autograder.values import Unsupported
from tests.engine.scripted import Scripted, scripted


def scale_forward(x, w):
    """Return x * w for x (B, D) and w (D,)."""
    return x * w


def scale_backward(dout, x, w):
    """Return dx (B, D) and dw (D,)."""
    return dout * w, (dout * x).sum(axis=0)


SCALE = replace(
    layer(
        Function(scale_forward, {"out": 2}),
        Function(scale_backward, {"dx": 2, "dw": 3}),
        cases=[case("open", public=True, x=normal(3, 4), w=normal(4)), case("dark", x=normal(1, 5), w=normal(5))],
    ),
    name="scale",
    small={name: (small(x="B D", w="D"),) for name in ("scale_forward", "scale_backward")},
)


def fresh(exercise=SCALE):
    """Return the exercise with families without memo."""
    families = {name: tuple(replace(f, memo={}) for f in given) for name, given in exercise.small.items()}
    return replace(exercise, small=families)


def taught(answers, exercise=SCALE, reveal=False, seed=7):
    """Return the examples by output, and the implementation, which is right except for these functions."""
    exercise = fresh(exercise)
    implementation = scripted(exercise, answers)
    trial = Trial(Variant(exercise, seed), implementation, reveal)
    findings = add_hints(trial, run_checks(trial))
    return {f"{f.output or f.check}": f.example for f in findings if f.example}, implementation


def numbers(array):
    """Return the values of an array as nested lists."""
    return np.reshape([float(value) for value in array.values], array.shape).tolist()


def test_the_smallest_input_that_fails_is_found():
    """The example of an averaged dw has two rows and one column; dx, which is right, has none."""
    found, _ = taught({"scale_backward": lambda dout, x, w: (dout * w, (dout * x).mean(axis=0))})
    assert list(found) == ["dw"]
    example = found["dw"]
    assert (example.case, example.output, example.outcome) == ("B = 2, D = 1", "dw", "")
    dout, x = numbers(example.inputs["dout"]), numbers(example.inputs["x"])
    assert np.shape(dout) == (2, 1) and np.all(np.rint(dout) == dout)
    assert numbers(example.expected) == [dout[0][0] * x[0][0] + dout[1][0] * x[1][0]]
    assert numbers(example.yours) == [numbers(example.expected)[0] / 2]


def test_a_right_answer_is_not_called_again():
    """A right answer gets no calls beyond those of the checks."""
    found, implementation = taught({})
    cases = {tuple(np.shape(args[0])) for _, args in implementation.calls}
    assert found == {} and cases == {(3, 4), (1, 5)}


def test_a_wrong_answer_is_called_in_few_batches():
    """The search ends with the first batch that holds a failure."""
    implementation = scripted(fresh(), {"scale_forward": lambda x, w: x + w + 1})
    trial = Trial(Variant(fresh(), 7), implementation)
    findings = run_checks(trial)
    before = len(implementation.calls)
    add_hints(trial, findings)
    assert [name for name, _ in implementation.calls[before:]] == ["scale_forward"] * 9


def test_hidden_cases_stay_hidden():
    """No example is shown where only a hidden case fails, unless hidden cases are revealed."""
    answers = {"scale_forward": lambda x, w: x * w + (len(w) == 5)}
    assert taught(answers)[0] == {}
    found = taught(answers, reveal=True)[0]["out"]
    assert found.case == "dark" and found.inputs["x"].shape == (1, 5)


def test_the_same_kind_of_failure_is_looked_for():
    """The example of wrong values is not a smaller input that raises."""

    def one_row_raises(x, w):
        if len(x) == 1:
            raise IndexError("no rows left")
        return x * w + 1

    found = taught({"scale_forward": one_row_raises})[0]["out"]
    assert found.case == "B = 2, D = 1" and found.yours is not None


def test_any_failure_is_better_than_a_larger_one():
    """Where no small input fails in the same way, the smallest that fails is shown."""

    def raises_when_small(x, w):
        if x.size < 12:
            raise ValueError("too small")
        return x * w + 1

    found = taught({"scale_forward": raises_when_small})[0]["out"]
    assert (found.case, found.yours) == ("B = 1, D = 1", None)
    assert found.outcome == "scale_forward raises ValueError: too small."


def test_the_check_s_own_case_is_shown_where_no_small_one_fails():
    """The failing case itself is shown where no small input fails, or where there are none."""
    answers = {"scale_forward": lambda x, w: x * w + (x.shape == (3, 4))}
    assert taught(answers)[0]["out"].case == "open"
    assert taught(answers, replace(SCALE, small={}))[0]["out"].inputs["x"].shape == (3, 4)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Raised("IndexError", "out of range", 3), "scale_forward raises IndexError at line 3: out of range."),
        (Returned((1, 2)), "out is a tuple of 2, expected an array of shape (1, 1)."),
        (Returned(Unsupported("object")), "out is an object of type object, expected an array of shape (1, 1)."),
        (Returned("text"), "out is 'text', expected an array of shape (1, 1)."),
    ],
)
def test_where_no_array_came_the_outcome_is_told(outcome, words):
    """A call without an array shows its outcome and the expected output."""
    found = taught({"scale_forward": outcome})[0]["out"]
    assert found.yours is None and found.expected.shape == (1, 1)
    assert found.outcome == words


def test_a_shape_and_numbers_that_json_lacks_are_shown():
    """A wrong shape is kept, and nan and infinities are stored as text."""
    found = taught({"scale_forward": lambda x, w: (x * w).ravel() * np.nan})[0]["out"]
    assert found.yours == Array((1,), ("nan",)) and found.expected.shape == (1, 1)
    assert found.outcome == "out has shape (1,), expected (1, 1)."
    report = Report("a", "local", 0, 0, (ExerciseReport("e", "u", "failed", 0, 0, ()),))
    assert from_dict(json.loads(json.dumps(to_dict(report), allow_nan=False))) == report


def test_what_numbers_do_not_show_is_told():
    """A wrong dtype, which the numbers do not show, is shown in words."""
    found = taught({"scale_forward": lambda x, w: (x * w).astype(np.float32)})[0]["out"]
    assert found.yours == found.expected
    assert found.outcome == "out has dtype float32, expected float64. Keep the precision of the input."


def drift(w, v):
    """Return w + v and v / 2."""
    return w + v, v / 2


def test_a_state_is_shown_after_as_many_calls():
    """An example of several steps shows the first inputs and the last outputs."""
    cases = [case("three steps", public=True, steps=3, w=literal([1.0]), v=literal([4.0]))]
    exercise = optimizer(Function(drift, {"w": 2, "v": 1}), cases=cases)
    found = taught({"drift": lambda w, v: (w + v, v)}, exercise)[0]
    assert found["v"].case == "three steps"
    assert found["w"].case == "three steps, after 2 calls in a row"
    assert (numbers(found["w"].inputs["v"]), numbers(found["w"].yours), numbers(found["w"].expected)) == ([4], [9], [7])


def parts(x):
    """Return a dict of a list."""
    return {"low": x, "high": [x, 2 * x]}


@pytest.mark.parametrize(
    ("answer", "output", "outcome"),
    [
        (lambda x: {"low": x, "high": [x, 3 * x]}, "parts['high'][1]", ""),
        (lambda x: {"low": 2 * x, "high": [x, 2 * x]}, "parts['low']", ""),
        (lambda x: {"low": x}, "parts['low']", "parts has the keys low, expected low, high."),
        (lambda x: {"low": x, "high": [x]}, "parts['high'][0]", "parts['high'] has 1 items, expected 2."),
        (lambda x: [x], "parts['low']", "parts is a list of 1, expected a dict with the keys low, high."),
    ],
)
def test_of_a_list_or_a_dict_the_part_that_differs_is_shown(answer, output, outcome):
    """The example names the part that differs as Python writes it."""
    exercise = plain(Function(parts, {"parts": 1}), cases=[case("one", public=True, x=literal([1.0, 2.0]))])
    found = taught({"parts": answer}, exercise)[0]["parts"]
    assert (found.output, found.outcome) == (output, outcome)
    assert (found.yours is None) == bool(outcome)


def pick(x, rng, labels):
    """Return a random entry of x."""
    return x[rng.permutation(len(x))]


def test_what_is_drawn_is_not_shown():
    """A random output shows no values; its shape is shown if that is wrong."""
    draws = {"x": literal([1.0, 2.0, 3.0]), "rng": generator(), "labels": derived(lambda rng: [literal([1])(rng)])}
    exercise = plain(Function(pick, {"out": 1}), cases=[case("one", public=True, **draws)])
    assert taught({"pick": lambda x, rng, labels: x}, exercise)[0] == {}
    found = taught({"pick": lambda x, rng, labels: x[:2]}, exercise)[0]["out"]
    assert found.inputs["rng"].startswith("np.random.default_rng(")
    assert found.inputs["labels"] == "[np.array([1.0])]"


def test_what_is_judged_by_what_it_does_is_not_shown():
    """An output that is judged by its properties has no example."""
    judged = case("one", public=True, accept={"out": Free(lambda inputs, value: "too dull")}, x=literal([1.0]))
    exercise = plain(Function(parts, {"out": 1}), cases=[judged])
    assert taught({}, exercise)[0] == {}


def test_what_is_large_is_told_by_its_shape():
    """A large input is shown by its shape; a large output is not shown."""
    wide = plain(Function(np.sum, {"total": 1}), cases=[case("one", public=True, a=normal(30, 30))])
    wide = replace(wide, functions=(replace(wide.functions[0], oracle=_total),))
    assert taught({"_total": lambda a: 0.0}, wide)[0]["total"].inputs == {"a": "an array of shape (30, 30)"}
    same = plain(Function(_same, {"out": 1}), cases=[case("one", public=True, a=normal(30, 30))])
    assert taught({"_same": lambda a: a + 1}, same)[0] == {}


def _total(a):
    return float(np.sum(a))


def _same(a):
    return a


def test_an_answer_that_does_not_end_is_asked_once_more_and_no_further():
    """The first small call that is stopped ends the search, and is shown."""
    found, implementation = taught({"scale_forward": Stopped("time")})
    assert found["out"].outcome.startswith("scale_forward did not finish in the time allowed and was stopped")
    assert len([name for name, _ in implementation.calls if name == "scale_forward"]) == 2


@pytest.mark.parametrize(("answer", "asked"), [(lambda x, w: x, True), (Stopped("time"), False)])
def test_an_answer_that_was_stopped_is_not_asked_for_many_at_once(monkeypatch, answer, asked):
    """A batch of its small calls would be waited for once more."""
    batches = []
    note = lambda self, batch, seconds: batches.append({request.function for request in batch.requests})  # noqa: E731
    monkeypatch.setattr(Scripted, "call_many", note)
    taught({"scale_forward": answer})
    assert ({"scale_forward"} in batches) == asked


class Burning(Scripted):
    """An implementation whose calls report 0.4 seconds of CPU time each."""

    def call(self, function, args, kwargs, **rest):
        return replace(super().call(function, args, kwargs, **rest), cpu=0.4)


def test_the_time_is_bounded():
    """The search ends after one second of CPU time."""
    exercise = fresh()
    right = scripted(exercise, {"scale_forward": lambda x, w: x * w + (x.size > 11)})
    implementation = Burning(right.answers, right.described)
    trial = Trial(Variant(exercise, 7), implementation, True)
    findings = run_checks(trial, Options(skip=frozenset({"gradient"})))
    before = len(implementation.calls)
    (example,) = (f.example for f in add_hints(trial, findings) if f.example)
    assert (example.case, len(implementation.calls) - before) == ("open", 3)


def test_it_is_the_same_in_the_sandbox():
    """The search in the sandbox finds the example that the search in process finds."""
    source = "def scale_forward(x, w):\n    return x * w\n\ndef scale_backward(dout, x, w):\n" \
        "    return dout * w, (dout * x).mean(axis=0)\n"  # fmt: skip
    exercise = fresh()
    with Sandbox() as sandbox, sandbox.session() as session:
        trial = Trial(Variant(exercise, 7), session.implementation("scale", source))
        found = {f.output: f.example for f in add_hints(trial, run_checks(trial)) if f.example}
    assert found == taught({"scale_backward": lambda dout, x, w: (dout * w, (dout * x).mean(axis=0))})[0]


def test_the_record_keeps_the_example():
    """An example is unchanged by a round trip through JSON."""
    findings = tuple(_failed())
    report = Report("a", "local", 0, 0, (ExerciseReport("e", "u", "failed", 0, 0, findings),))
    assert from_dict(json.loads(json.dumps(to_dict(report), allow_nan=False))) == report
    assert any(finding.example for finding in findings)


def _failed():
    exercise = fresh()
    trial = Trial(Variant(exercise, 7), scripted(exercise, {"scale_forward": lambda x, w: x / 0 * w}), True)
    with np.errstate(all="ignore"):
        return add_hints(trial, run_checks(trial))
