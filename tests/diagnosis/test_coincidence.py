"""No hint follows from a coincidence: of one case, of one exception or of one size."""

from __future__ import annotations

import pytest

from autograder.sandbox.session import Session
from tests.diagnosis.test_causes import findings

RELU6 = """
def relu_forward(x):
    return np.clip(x, 0, 6)
def relu_backward(dout, x):
    return dout * ((x > 0) & (x < 6))
"""
MATRIX = """
def dense_backward(dout, x, w, b):
    dx = np.asarray(np.matrix(dout) * np.matrix(w).T)
    dw = np.asarray(np.matrix(x).T * np.matrix(dout))
    return dx, dw, dout.sum(axis=0)
"""


def test_a_size_that_never_varies_names_no_factor(session: Session) -> None:
    """The hint names the bound 6, not x.shape[1], which is 6 in the only case that fails."""
    found = findings(session, "relu", RELU6)

    assert found["out"].hint.startswith("out is what it should be, with all that is above 6 set to 6")
    assert "x.shape" not in found["out"].hint


def test_no_place_is_named_where_other_cases_are_right_there(session: Session) -> None:
    """The hint on dx does not name x > 0, where dx is right in most cases."""
    assert "x > 0" not in findings(session, "relu", RELU6)["dx"].hint


def test_an_exception_of_another_output_is_no_factor_of_this_one(session: Session) -> None:
    """The hint on db names no factor where only the product for dw raises."""
    found = findings(session, "dense", MATRIX)

    assert found["db"].status == "error"
    assert "factor" not in found["db"].hint


POOL = """
def max_pool2d_forward(x, *, window, stride):
    B, H, W, C = x.shape
    Ho, Wo = (H - window) // stride + 1, (W - window) // stride + 1
    out = np.full((B, Ho, Wo, C), {start})
    for i in range(window):
        for j in range(window):
            out = np.maximum(out, x[:, i:i+stride*Ho:stride, j:j+stride*Wo:stride])
    return out
"""


@pytest.mark.parametrize("start", [-1.0, -2.5])
def test_a_bound_is_named_with_its_number(session: Session, start: float) -> None:
    """The hint names the number from which a running maximum starts."""
    hint = findings(session, "max_pool2d", POOL.format(start=start))["out"].hint

    assert f"all that is below {start:g} set to {start:g}" in hint


@pytest.mark.parametrize(("shift", "words"), [("[:, 1:]", "to the front along K"), ("[:, :-1]", "to the back along K")])
def test_a_move_by_one_place_is_named_with_its_axis(session: Session, shift: str, words: str) -> None:
    """The hint names the direction and the axis where classes are counted from 1 or from -1."""
    at = "labels" if shift == "[:, 1:]" else "labels + 1"
    text = f"""
def one_hot(labels, K):
    out = np.zeros((len(labels), K + 1))
    out[np.arange(len(labels)), {at}] = 1
    return out{shift}
"""
    assert words in findings(session, "one_hot", text)["out"].hint


def test_a_loop_that_begins_with_one_is_off_by_one(session: Session) -> None:
    """The hint on dw calls a bound off by one where the loop leaves the first example out."""
    text = """
def dense_backward(dout, x, w, b):
    flat = x.reshape(len(x), -1)
    dw = np.zeros_like(w)
    for i in range(1, len(x)):
        dw += np.outer(flat[i], dout[i])
    return (dout @ w.T).reshape(x.shape), dw, dout.sum(axis=0)
"""
    assert findings(session, "dense", text)["dw"].hint == "One size, bound or index is off by one."


@pytest.mark.parametrize("keep", ['KEPT["x"] = x', "KEPT.update(x=x)"])
def test_what_an_earlier_call_left_behind_is_named(session: Session, keep: str) -> None:
    """The hint says that a backward is right only straight after the forward whose values it reads."""
    text = f"""
KEPT = {{}}
def relu_forward(x):
    {keep}
    return np.maximum(x, 0)
def relu_backward(dout, x):
    return dout * (KEPT["x"] > 0)
"""
    hint = findings(session, "relu", text)["dx"].hint
    assert hint.startswith("It is right only straight after relu_forward was called with the same arguments")


def test_a_backward_that_calls_a_right_forward_kept_nothing(session: Session) -> None:
    """The hint does not speak of an earlier call where the backward is wrong after it too."""
    text = """
def relu_forward(x):
    return np.maximum(x, 0)
def relu_backward(dout, x):
    return dout + (relu_forward(x) > 0)
"""
    assert "straight after" not in findings(session, "relu", text)["dx"].hint


def test_zeros_of_some_cases_tell_nothing_of_their_cause(session: Session) -> None:
    """No hint calls zeros or a factor the cause where small gradients are set to 0 and others are right."""
    text = """
def neuron_forward(x, w, b):
    return 1 / (1 + np.exp(-(x @ w + b)))
def neuron_backward(dout, x, w, b):
    s = neuron_forward(x, w, b)
    d = dout * s * (1 - s)
    dw = d @ x
    return np.outer(d, w), np.where(np.abs(dw) < 1e-4, 0, dw), d.sum()
"""
    hint = findings(session, "neuron", text)["dw"].hint
    assert not any(words in hint for words in ("0 everywhere", "one factor", "dout = 0"))


def test_a_law_behind_a_beginning_continues_the_sentence(session: Session) -> None:
    """The hint begins with the cases that it is about, and the course's sentence follows in small letters."""
    text = """
def softmax_cross_entropy_backward(scores, labels):
    y = np.eye(labels.max() + 1)[labels]
    e = np.exp(scores - scores.max(1, keepdims=True))
    return (e / e.sum(1, keepdims=True) - y) / len(y)
"""
    hint = findings(session, "softmax_cross_entropy", text)["dscores"].hint
    assert hint.startswith("Where it returns something, the rows of dscores must sum to 0")
