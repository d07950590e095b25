"""Sentences about what hasty students write: exceptions, arrays changed in place, bounded losses, random masks."""

from __future__ import annotations

import pytest

from autograder.grading.pipeline import grade_to_teach
from autograder.sandbox.session import Session
from tests.diagnosis.test_causes import QUICK, findings, hints, variant

MLP = """
def mlp_backward(dout, x, weights, biases):
    h = [x]
    for w, b in zip(weights, biases):
        h.append(1 / (1 + np.exp(-(h[-1] @ w + b))))
    dweights, dbiases, dh = [], [], dout
    for i in reversed(range(len(weights))):
        ds = {ds}
        dweights.insert(0, h[i].T @ ds)
        dbiases.insert(0, ds.sum(axis=0))
        dh = ds @ weights[i].T
    return dh, {dweights}, dbiases
"""


def test_the_exception_that_is_quoted_is_explained(session: Session) -> None:
    """A slope of the wrong layer raises another exception from case to case; the sentence is about the one shown."""
    found = findings(session, "mlp_backprop", MLP.format(ds="dh * h[i] * (1 - h[i])", dweights="dweights"))
    (finding,) = {f.message: f for f in found.values()}.values()
    assert "matmul: " in finding.message
    assert finding.hint.startswith("In a matrix product the last length of the left array must be the first of ")


def test_arrays_of_different_shapes_in_np_array(session: Session) -> None:
    """NumPy cannot make one array of them, and a list can hold them."""
    text = MLP.format(ds="dh * h[i + 1] * (1 - h[i + 1])", dweights="np.array(dweights, dtype=object)")
    assert findings(session, "mlp_backprop", text)["dx"].hint == (
        "An array is written into a place of another shape: a slice, or an entry of np.array, which cannot hold arrays "
        "of different shapes. A list can."
    )
    assert findings(session, "mlp_backprop", text.replace(", dtype=object", ""))["dx"].hint == (
        "np.array takes only arrays of one shape. Keep arrays of different shapes in a list."
    )


def test_a_helper_that_is_no_python(session: Session) -> None:
    """A function whose helper does not parse is told so, with the line; one whose helper is not there is not."""
    text = "{}\ndef relu_forward(x):\n    return positive(x)"
    broken = text.format("def positive(x):\n    y = x * (x > 0)\n      return y")
    words = "The definition of positive is no Python and was left out: unexpected indent in line 4."
    assert hints(session, "relu", broken) == {words}
    assert not any("no Python" in hint for hint in hints(session, "relu", text.format("")))


NEURON = """
def neuron_forward(x, w, b):
    return 1 / (1 + np.exp({exponent}))
def neuron_backward(dout, x, w, b):
    out = neuron_forward(x, w, b)
    ds = dout * out * (1 - out)
    return ds * w, ds @ x, ds.sum()
"""


def test_wrong_numbers_of_forward_are_no_cause_of_an_exception(session: Session) -> None:
    """An exception of backward is explained by itself, though backward calls a forward that is wrong, too."""
    found = findings(session, "neuron", NEURON.format(exponent="x @ w + b"))
    assert found["dx"].status == "error" and "axis" in found["dx"].hint and "your own" not in found["dx"].hint
    raising = findings(session, "neuron", NEURON.format(exponent="x @ w[:-1] + b"))
    assert raising["dx"].hint.startswith("It calls your own neuron_forward, which is wrong: ")


@pytest.mark.parametrize(
    ("mask", "hint"),
    [
        ("(rng.random(shape) < p) / 1 - p", ""),
        ("(rng.random(shape) >= p).astype(int)", "The right share is dropped; those that are kept are 1: nothing makes "
         "up for those that are dropped."),
        ("(rng.random(shape) >= p) / 1 - p", "`/ 1 - p` divides by 1 and then subtracts p, so no entry is 0. "
         "Put 1 - p in brackets."),
    ],
)  # fmt: skip
def test_one_mask_that_is_not_random_says_nothing_of_the_others(session: Session, mask: str, hint: str) -> None:
    """Where p = 0 a mask may be 0 everywhere, or right but for its dtype; of the random masks that would be false."""
    text = f"def dropout_mask(shape, *, p, rng):\n    return {mask}"
    assert findings(session, "dropout", text)["mask"].hint == hint


LOSS = """
def softmax_cross_entropy(scores, labels):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p = p[np.arange(len(p)), labels]
    return float(-np.log({p}).mean())
"""


@pytest.mark.parametrize(("p", "bound"), [("p + 1e-12", "1e-12"), ("np.clip(p, 1e-100, 1)", "1e-100")])
def test_a_loss_that_ends_at_a_logarithm(session: Session, p: str, bound: str) -> None:
    """A small number or a limit inside the logarithm is told with its size."""
    assert hints(session, "softmax_cross_entropy", LOSS.format(p=p)) == {
        f"loss ends at -log({bound}), and the right one is larger: a probability is cut off there, or a small number "
        "is added to it. Take the logarithm on paper first: log and exp cancel."
    }


def test_another_wrong_loss_has_no_bound(session: Session) -> None:
    """A probability of 0 gives inf, and a limit that is no power of ten is not told."""
    for p in ("np.maximum(p, 3.3e-13)", "np.where(p > 0, p, 0.5)"):
        assert hints(session, "softmax_cross_entropy", LOSS.format(p=p)) == {""}


def writes(session: Session, exercise: str, text: str) -> str:
    """Return the step that names the lines which write into an argument; "" where there is none."""
    answer = session.implementation(exercise, f"import numpy as np\n{text}")
    found = grade_to_teach(variant(exercise), answer, QUICK)
    (finding,) = (f for f in found if (f.check, f.status) == ("purity", "failed"))
    return next((step for step in finding.ladder if step.startswith("Which line writes\n")), "")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("x[x < 0] = 0; return x", "`x[…] = …` writes into the array x itself."),
        ("out = x; out *= out > 0; return out", "out is another name of the array x, for `=` and `for` make no copy, "
         "and `out *= …` writes into it."),
        ("for row in x: row[row < 0] = 0\n    return x", "row is another name of the array x, for `=` and `for` make "
         "no copy, and `row[…] = …` writes into it."),
    ],
)  # fmt: skip
def test_the_line_that_writes_is_named(session: Session, lines: str, words: str) -> None:
    """Directly, through a second name, and through the rows that a loop runs through."""
    step = writes(session, "relu", f"def relu_forward(x):\n    {lines}")
    assert step.startswith(f"Which line writes\n{words} `a = a * 2` makes a new array")


def test_a_copy_is_another_array(session: Session) -> None:
    """A line that writes into a copy is not named beside one that writes into the argument."""
    step = writes(session, "relu", "def relu_forward(x):\n    out = x.copy()\n    out[out < 0] = 0\n    x *= 1.5\n"
                                   "    return out")  # fmt: skip
    assert "out[…]" not in step and "`x *= …` writes into the array x itself." in step


def test_where_no_line_is_found_there_is_no_step(session: Session) -> None:
    """What a helper writes is not read off the code."""
    text = "def stop(a):\n    a[a < 0] = 0\n    return a\ndef relu_forward(x):\n    return stop(x)"
    assert writes(session, "relu", text) == ""


def test_truths_in_the_place_of_numbers(session: Session) -> None:
    """True and False are told as such, not as a lack of precision."""
    found = findings(session, "relu", "def relu_backward(dout, x):\n    return x > 0")
    words = "dx has dtype bool, expected float64. A comparison gives True and False; .astype(float) makes numbers."
    assert words in found["dx"].message
