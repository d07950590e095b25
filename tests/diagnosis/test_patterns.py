"""Each pattern gives its hint for the wrong code that it is made for."""

from __future__ import annotations

import numpy as np
import pytest

from tests.diagnosis.exercises import DENSE, dense_backward, hint


def dx(change):
    """Return a dense_backward with a changed dx."""
    return lambda dout, x, w, b: (change(dense_backward(dout, x, w, b)[0]), *dense_backward(dout, x, w, b)[1:])


def dw(change):
    """Return a dense_backward whose dw is `change(dout, x, w)`."""
    return lambda dout, x, w, b: (dense_backward(dout, x, w, b)[0], change(dout, x, w), dout.sum(axis=0))


def db(change):
    """Return a dense_backward whose db is `change(dout)`."""
    return lambda dout, x, w, b: (*dense_backward(dout, x, w, b)[:2], change(dout))


FORMS = {
    "zero": (
        dx(lambda a: 0 * a), "dx",
        "dx is 0 everywhere: nothing reaches it. Where is something written or added into it?",
    ),
    "cut to whole numbers": (
        dw(lambda dout, x, w: np.trunc(x.T @ dout)), "dw",
        "dw is right but cut to whole numbers: somewhere it was kept as int.",
    ),
    "dtype": (
        dx(lambda a: a.astype(np.float32)), "dx",
        "The values of dx are right, its dtype float32 is not. Keep the precision of the input.",
    ),
    "too many axes": (
        db(lambda dout: dout.sum(axis=0, keepdims=True)), "db",
        "The values of db are right, but it has an axis of length 1 too many.",
    ),
    "too few axes": (
        dx(lambda a: a.squeeze()), "dx", "The values of dx are right, but an axis of length 1 is missing.",
    ),
    "another shape": (
        dx(lambda a: a.ravel()), "dx",
        "The values of dx are right and in the right order, only its shape is not.",
    ),
    "too short": (
        dx(lambda a: a[:, :-1]), "dx",
        "dx is right as far as it goes, but a part is missing. How long is it along each axis?",
    ),
    "too long": (
        dx(lambda a: np.pad(a, 1)), "dx", "dx holds what is right, and more beside it. What has to be cut off?",
    ),
}  # fmt: skip

PLACES = {
    "sign": (dx(np.negative), "dx", "dx has the opposite sign everywhere."),
    "transposed": (dw(lambda dout, x, w: dout.T @ x), "dw", "dw is right but transposed."),
    "reversed": (dx(lambda a: a[:, ::-1]), "dx", "dx holds the right numbers in reverse along D."),
    "turned": (dx(lambda a: a[::-1, ::-1]), "dx", "dx holds the right numbers in reverse along B and D."),
    "exchanged": (
        lambda dout, x, w, b: dense_backward(dout, x, w, b)[::-1], "db",
        "db is what dx should be. In which order are the results returned?",
    ),
    "passed on": (lambda dout, x, w, b: (x, x.T @ dout, dout.sum(axis=0)), "dx", "dx is x itself, just as it came in."),
}  # fmt: skip

SUMS = {
    "not summed": (db(lambda dout: dout), "db", "db still has to be summed along its first axis."),
    "summed too far": (
        dx(lambda a: a.sum(axis=1, keepdims=True) + 0 * a), "dx",
        "dx is the sum of what is right along D: one for all.",
    ),
    "averaged": (dx(lambda a: a.mean(axis=0)), "dx", "dx is the mean of what is right along B: one for all."),
}  # fmt: skip

FACTORS = {
    "one over B": (dw(lambda dout, x, w: x.T @ dout / len(x)), "dw", "dw is 1/B times what it should be."),
    "D": (dx(lambda a: a * a.shape[1]), "dx", "dx is D times what it should be."),
    "two": (dx(lambda a: 2 * a), "dx", "dx is 2 times what it should be."),
    "B·D": (dx(lambda a: -a * a.size), "dx", "dx is -B·D times what it should be."),
    "B by D": (dx(lambda a: a * len(a) / a.shape[1]), "dx", "dx is B/D times what it should be."),
    "Bessel": (
        dw(lambda dout, x, w: x.T @ dout * (1 + len(x)) / len(x)), "dw",
        "In each case all of dw is off by one factor. What multiplies or divides all of it?",
    ),
    "an input too often": (
        lambda dout, x, w, b: (dense_backward(dout, x, w, b)[0] * x, x.T @ dout, dout.sum(axis=0)), "dx",
        "dx is right but for x, by which it was multiplied once more than it should.",
    ),
    "an input missing": (
        lambda dout, x, w, b: (dense_backward(dout, x, w, b)[0] / x, x.T @ dout, dout.sum(axis=0)), "dx",
        "dx times x is right: one factor is missing.",
    ),
    "by column": (
        dx(lambda a: a * np.linspace(1.5, 2, a.shape[1])), "dx",
        "dx is off by a factor that differs along D and is the same along B.",
    ),
    "added by row": (
        dx(lambda a: a + np.linspace(1.5, 2, len(a))[:, None]), "dx",
        "dx is off by an amount that differs along B and is the same along D.",
    ),
}  # fmt: skip

KINDS = {"form": FORMS, "place": PLACES, "sum": SUMS, "factor": FACTORS}
CASES = {f"{kind}, {name}": entry for kind, group in KINDS.items() for name, entry in group.items()}


@pytest.mark.parametrize(("code", "output", "words"), CASES.values(), ids=CASES)
def test_what_is_wrong_with_a_gradient(code, output, words):
    """A wrong gradient gets the expected hint, for two seeds."""
    found = {hint(DENSE, code, output, seed=seed) for seed in (7, 8)}
    assert found == {words}
