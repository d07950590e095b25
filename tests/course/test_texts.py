"""What the course's texts say: formulas with one meaning a letter, no answer on a page, and sentences that are true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.pipeline import run_checks
from autograder.sandbox.inprocess import InProcess
from reference.losses import softmax_backward, softmax_cross_entropy, softmax_cross_entropy_backward, softmax_forward
from reference.optimizers import adagrad_step
from reference.regularization import l1_penalty_backward
from reference.translation import equivariance_error

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
INDEXED = re.compile(r"\w\[([^\[\]]*)\]")
REDUCED = re.compile(r"(?:sum|mean|max|min) over ([\w, ]+?)(?: of\b|$)")
LECTURE = re.compile(r"\blectures?\b|\bthe slides?\b|\bslide's", re.IGNORECASE)


def docstrings(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Function, docstring and arguments, of the module (without arguments) and of every function of a solution."""
    tree = ast.parse(COURSE.solution(name))
    yield name, ast.get_docstring(tree) or "", []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (text := ast.get_docstring(node)):
            yield node.name, text, [arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)]


def formulas(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Function, formula and arguments: the indented lines of each docstring, and hints.toml."""
    exercise = COURSE.exercise(name)
    for function, text, arguments in docstrings(name):
        yield from ((function, line, arguments) for line in text.split("\n") if line.startswith("    "))
    for function in exercise.functions:
        arguments = [*function.positional, *function.keywords]
        yield from ((function.name, text, arguments) for text in exercise.formulas.get(function.name, {}).values())


def letters(formula: str) -> set[str]:
    """What counts places in a formula: single letters that are an index by themselves, or that a sum runs over."""
    places = [*INDEXED.findall(formula), *REDUCED.findall(formula)]
    return {place.strip() for group in places for place in group.split(",") if re.fullmatch(r" *[a-z] *", place)}


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("out[b, i] = b[n] + sum over p, c of x[b, i*stride + p, c]", {"b", "i", "n", "p", "c"}),
        ("loss = mean over i of -log p[i, labels[i]]", {"i"}),
        ("dw = sum over the batch of dout * x", set()),
    ],
)
def test_the_letters_of_a_formula_are_found(formula, found):
    """Indices and what sums run over; no words, and no arithmetic inside an index."""
    assert letters(formula) == found


@pytest.mark.parametrize("name", COURSE.names)
def test_no_index_is_an_argument(name):
    """In the formulas of statements and of hints: `b` is a bias or a place in the batch, not both."""
    found = [(function, text) for function, text, arguments in formulas(name) if letters(text) & {*arguments}]
    assert found == []


@pytest.mark.parametrize("name", COURSE.names)
def test_statements_and_hints_stand_without_the_lecture(name):
    """A student who has not seen the lecture understands every sentence."""
    texts = [text for _, text, _ in docstrings(name)] + [mistake.hint for mistake in COURSE.exercise(name).mistakes]
    assert [text for text in texts if LECTURE.search(text)] == []


@pytest.mark.parametrize("name", COURSE.names)
def test_a_hint_is_one_line(name):
    """Its source's line breaks are not its own: the record and `--json` hold it as it is read."""
    assert [mistake.name for mistake in COURSE.exercise(name).mistakes if "\n" in mistake.hint] == []


@pytest.mark.parametrize(
    ("name", "functions"),
    [
        ("flatten", {"flatten_forward": lambda x: x.reshape(len(x), -1),
                     "flatten_backward": lambda dout, x: dout.reshape(x.shape)}),
        ("dropout", {"dropout_forward": lambda x, mask, *, train: x * mask if train else x,
                     "dropout_backward": lambda dout, x, mask, *, train: dout * mask if train else dout}),
    ],
)  # fmt: skip
def test_what_may_be_returned_as_it_is_passes(name, functions):
    """The statements say that x, dout or a view of them may come back."""
    findings = run_checks(Trial(Variant(COURSE.exercise(name), 1), InProcess(functions)))
    found = [f for f in findings if f.function in functions and f.check != "speed"]
    assert {f.function for f in found} == {*functions}
    assert [f.message for f in found if f.status in ("failed", "error")] == []


@pytest.mark.parametrize("move", [(0, 1), (2, -1), (-3, 4)])
def test_a_border_of_zeros_makes_a_convolution_equivariant(move):
    """KH - 1 rows and KW - 1 columns of zeros on each side are enough, whatever the move; one less is not."""
    rng = np.random.default_rng(3)
    w, inside = rng.normal(size=(3, 2)), rng.normal(size=(4, 5))
    assert equivariance_error(np.pad(inside, ((2, 2), (1, 1))), w, *move) < 1e-12
    assert equivariance_error(np.pad(inside, ((1, 1), (0, 0))), w, *move) > 1e-3


def test_adagrad_s_rate_shrinks_and_its_steps_may_grow():
    """After the gradients 1 and 0.01 the step of a gradient 1 is about seventy times the one before."""
    w, cache, steps = np.zeros(1), np.zeros(1), []
    for gradient in (1.0, 0.01, 1.0):
        after, cache = adagrad_step(w, np.array([gradient]), cache, lr=0.1)
        steps.append((w - after).item())
        w = after
    assert np.round(steps, 4).tolist() == [0.1, 0.001, 0.0707]
    rates = [step / gradient for step, gradient in zip(steps, (1.0, 0.01, 1.0), strict=True)]
    assert rates == sorted(rates, reverse=True)


def test_l1_ends_within_one_step_of_zero():
    """Not at exactly 0, unless the steps stop there."""
    w = soft = np.array([2.0, 1.0, 0.5])
    for _ in range(100):
        w = w - 0.1 * l1_penalty_backward(w, strength=0.37)
        soft = np.sign(soft) * np.maximum(np.abs(soft) - 0.037, 0)
    assert np.all(np.abs(w) <= 0.037) and np.all(w != 0)
    assert not np.any(soft)


@pytest.mark.parametrize("sign", [1, -1])
def test_losses_of_classes_are_finite_for_the_scores_that_are_promised(sign):
    """Up to 1e300, without a warning, whichever class is true."""
    scores, labels = sign * np.array([[1e300, -1e300, 0.0], [1e300, 1e300, 1e300]]), np.array([1, 0])
    for result in (
        softmax_forward(scores),
        softmax_backward(np.ones_like(scores), scores),
        softmax_cross_entropy(scores, labels),
        softmax_cross_entropy_backward(scores, labels),
    ):
        assert np.all(np.isfinite(result))
