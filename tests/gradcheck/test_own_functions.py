"""`gradcheck` on functions of one's own: right code passes, and each kind of wrong code is told in words."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import numpy as np
import pytest

from autograder import gradcheck

RNG = np.random.default_rng(7)
X, W, B = RNG.standard_normal((4, 3)), RNG.standard_normal((3, 2)), RNG.standard_normal(2)


def dense_forward(x, w, b):
    return x @ w + b


def dense_backward(dout, x, w, b):
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(x, 0)


def relu_backward(dout, x):
    return dout * (x > 0)


def loss(prediction, target):
    return float(np.sum((prediction - target) ** 2) / len(prediction))


def loss_backward(prediction, target):
    return 2 * (prediction - target) / len(prediction)


def cross_entropy(scores, labels):
    z = scores - scores.max(axis=1, keepdims=True)
    return float(-np.mean(z[np.arange(len(labels)), labels] - np.log(np.exp(z).sum(axis=1))))


def cross_entropy_backward(scores, labels):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(labels)), labels] -= 1
    return p / len(labels)


def network(x, weights):
    for w in weights:
        x = np.tanh(x @ w)
    return x


def network_backward(dout, x, weights):
    h = [x]
    for w in weights:
        h.append(np.tanh(h[-1] @ w))
    grads = []
    for place in reversed(range(len(weights))):
        dout = dout * (1 - h[place + 1] ** 2)
        grads.insert(0, h[place].T @ dout)
        dout = dout @ weights[place].T
    return dout, grads


class Layer:
    """A layer that keeps its input for backward."""

    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, dout):
        return 2 * self.x * dout


LAYER = Layer()

RIGHT = {
    "three gradients": (dense_forward, dense_backward, X, W, B),
    "a loss without dout": (loss, loss_backward, X, X[::-1]),
    "labels": (cross_entropy, cross_entropy_backward, X, np.array([0, 2, 1, 0])),
    "an offset of ten thousand": (cross_entropy, cross_entropy_backward, X + 1e4, np.array([0, 2, 1, 0])),
    "a list of arrays": (network, network_backward, X, [W, W.T]),
    "numbers": (lambda x, y: (x + y) * y, lambda x, y: (y, x + 2 * y), 1.5, -2.0),
    "whole numbers": (lambda x, y: (x + y) * y, lambda x, y: (y, x + 2 * y), 3, 2),
    "an array without axes": (lambda x: x**3, lambda dout, x: 3 * dout * x**2, np.array(2.0)),
    "a list of numbers": (relu_forward, relu_backward, [1.0, -2.0, 3.0]),
    "float32": (relu_forward, relu_backward, X.astype(np.float32)),
    "empty": (relu_forward, relu_backward, np.zeros((0, 3))),
    "a strided view": (lambda x: x**2, lambda dout, x: 2 * x * dout, X[::2, ::-1]),
    "a corner among others": (relu_forward, relu_backward, np.array([1.0, 0.0, -2.0, 3.0])),
    "near a corner": (relu_forward, relu_backward, np.array([1e-6, -1e-6, 1e-5, -3e-5])),
    "tiny beside large": (np.log, lambda dout, x: dout / x, np.array([1e-8, 0.3, 0.7])),
    "out and a cache": (lambda x: (x**2, x), lambda dout, cache: 2 * cache * dout, X),
    "a layer with a state": (LAYER.forward, LAYER.backward, X),
    "gradients in a dict": (dense_forward, lambda dout, x, w, b: {"dw": x.T @ dout, "dx": dout @ w.T}, X, W, B),
    "loss and gradients in one": (lambda x, p: (float(np.sum((x @ p["w"]) ** 2)), {"w": 2 * x.T @ x @ p["w"]}), None, X,
                                  {"w": W}),
    "keys in another order": (lambda p: (float(np.sum(p["a"] ** 2) + np.sum(p["b"])),
                                         {"b": np.ones(2), "a": 2 * p["a"]}), None, {"a": X, "b": B}),
    "a large input": (relu_forward, relu_backward, RNG.standard_normal((60, 50))),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_right_code_passes(name):
    """A right pair passes, whatever its arguments are, and the errors are those of rounding."""
    found = gradcheck(*RIGHT[name])
    assert found.ok and found, repr(found)
    assert all(error < 1e-6 for error in found.errors.values())
    assert repr(found).isprintable() or "\n" in repr(found)


def in_place(x):
    x[x < 0] = 0
    return x


class Forgetful:
    """A forward whose result depends on how often it was called: it forgets a constant after 20 calls."""

    calls = 0

    def __call__(self, x):
        Forgetful.calls += 1
        return np.maximum(x, 0) + (1.0 if Forgetful.calls < 20 else 0.0)


MEMORY = {}


def remembered(x):
    return MEMORY.setdefault(x.shape, np.maximum(x, 0))


def unwritten(x):
    raise NotImplementedError("write this function")


def broken(dout, x):
    return dout[99]


def shifted(dout, x):
    dx = relu_backward(dout, x)
    dx[17, 33] *= 1.001
    return dx


# What is wrong → the arguments, and words that must be said.
WRONG = {
    "a factor": ((dense_forward, lambda dout, x, w, b: (dout @ w.T, x.T @ dout / 4, dout.sum(axis=0)), X, W, B),
                 "✘ dw  error 0.8 at dw", "Every entry is 0.25 times the numerical derivative. x.shape[0] is 4."),
    "a sign": ((loss, lambda p, t: -loss_backward(p, t), X, X[::-1]), "Every entry has the opposite sign."),
    "zeros": ((relu_forward, lambda dout, x: 0 * x, X), "dx is all zeros."),
    "swapped": ((dense_forward, lambda dout, x, w, b: (x.T @ dout, dout @ w.T, dout.sum(axis=0)), X, W, B),
                "dx has shape (3, 2), expected (4, 3), the shape of x."),
    "transposed": ((dense_forward, lambda dout, x, w, b: (dout @ w.T, dout.T @ x, dout.sum(axis=0)), X, W, B),
                   "dw has shape (2, 3), expected (3, 2), the shape of w."),
    "a shape": ((dense_forward, lambda dout, x, w, b: (dout @ w.T, x.T @ dout, dout.sum(0, keepdims=True)), X, W, B),
                "db has shape (1, 2), expected (2,), the shape of b."),
    "None": ((dense_forward, lambda dout, x, w, b: (dout @ w.T, None, dout.sum(axis=0)), X, W, B),
             "dw is None: is it missing in `return`?"),
    "too few": ((dense_forward, lambda dout, x, w, b: (dout, dout, dout, dout), X, W, B),
                "returns 4 values, expected 3: the gradients of x, w, b."),
    "a dtype": ((relu_forward, lambda dout, x: (dout * (x > 0)).astype(np.float32), X),
                "dx has dtype float32, expected float64. Keep the precision of the input."),
    "nan": ((relu_forward, lambda dout, x: np.where(x > 1, np.nan, dout * (x > 0)), X), "is nan."),
    "no subgradient": ((relu_forward, lambda dout, x: dout * np.where(x == 0, 3, x > 0), np.array([1.0, 0.0, -2.0])),
                       "Forward has a corner there: any value from"),
    "only corners": ((relu_forward, relu_backward, np.zeros(4)), "Most entries lie at a corner", "dx  unchecked",
                     "4 at a corner, not counted"),
    "one of 3000": ((relu_forward, shifted, np.abs(RNG.standard_normal((60, 50))) + 0.1), "at dx[17, 33]"),
    "forward changes x": ((in_place, relu_backward, X), "in_place changes its argument x in place"),
    "backward changes x": ((relu_forward, lambda dout, x: np.multiply(x > 0, dout, out=x) * 1.0, X),
                           "changes its argument x in place"),
    "random forward": ((lambda x: x * RNG.random(x.shape), relu_backward, X), "is random: two calls with equal"),
    "random backward": ((relu_forward, lambda dout, x: dout * RNG.random(x.shape), X), "give different gradients"),
    "a memory": ((remembered, relu_backward, X), "remembered does not change when x is moved"),
    "a state": ((Forgetful(), relu_backward, X), "remembers earlier calls"),
    "forward nan": ((lambda x: x + np.nan, lambda dout, x: dout, X), "gives nan at out[0, 0]"),
    "input nan": ((relu_forward, relu_backward, np.array([1.0, np.nan])), "the input x[1] is not finite"),
    "complex": ((lambda x: x + 0j, lambda dout, x: dout, X), "out has dtype complex128, expected float64: take .real"),
    "complex input": ((relu_forward, relu_backward, X + 1j), "none of the inputs (x) is an array or a number of"),
    "rounded": ((lambda x: np.round(x).astype(int), lambda dout, x: dout, X), "what is rounded has no derivative"),
    "float32 inside": ((lambda x: np.round(x, 7), lambda dout, x: 1.5 * dout, X), "✘ dx"),
    "not written": ((unwritten, relu_backward, X), "unwritten is not written yet."),
    "raises": ((relu_forward, broken, X), "broken raises IndexError at line "),
    "leaves": ((lambda x: exit(3), relu_backward, X), "raises SystemExit"),
    "returns nothing": ((lambda x: None, relu_backward, X), "returns None: is `return` missing?"),
    "returns a dict": ((lambda x: {"out": x}, relu_backward, X), "expected an array or a number"),
    "arguments": ((relu_forward, lambda a, b, c: a, X), "takes (a, b, c), expected (dout, x)."),
    "called too early": ((X, relu_backward, X), "forward is an array of shape (4, 3), expected a function"),
    "no inputs": ((relu_forward, relu_backward), "no inputs are given"),
    "labels alone": ((lambda labels: 1.0, lambda labels: None, np.array(["a"])), "is an array or a number of floats"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_code_is_told_in_words(name):
    """Each kind of wrong code is refused, without an exception and with its words."""
    args, *words = WRONG[name]
    MEMORY.clear()
    Forgetful.calls = 0
    before = [np.copy(item) if isinstance(item, np.ndarray) else item for item in args]
    found = gradcheck(*args)
    assert not found.ok and not found
    for said in words:
        assert said in repr(found)
    assert all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(args, before, strict=True)
               if isinstance(a, np.ndarray))  # fmt: skip


def test_hyperparameters_reach_the_functions_that_take_them():
    """A keyword goes to the functions that name it; one that none names is refused."""
    found = gradcheck(lambda x, *, a, b=0: a * x, lambda dout, x, *, a: a * dout, X, a=3.0, b=1)
    assert found.ok
    assert "takes nothing" in repr(gradcheck(relu_forward, relu_backward, X, nothing=1))


def test_given_dout_and_names_are_used():
    """`dout` weighs the outputs, and must have their shape; `wrt` names the inputs that have a gradient."""
    assert gradcheck(relu_forward, relu_backward, X, dout=np.ones(X.shape)).ok
    assert "dout has shape (3,), expected (4, 3)" in repr(gradcheck(relu_forward, relu_backward, X, dout=np.ones(3)))
    only = gradcheck(dense_forward, lambda dout, x, w, b: x.T @ dout, X, W, B, wrt=["w"])
    assert only.ok and list(only.errors) == ["dw"]


def test_a_generator_is_given_afresh_in_every_call():
    """A forward that draws from a Generator argument is not random."""

    def drop(x, rng):
        return x * (rng.random(x.shape) < 0.5)

    assert gradcheck(drop, lambda dout, x, rng: dout * (rng.random(x.shape) < 0.5), X, np.random.default_rng(3)).ok


def test_what_the_functions_print_is_shown_once():
    """Two hundred evaluations do not print two hundred lines."""

    def chatty(x):
        print("here")
        return x**2

    with redirect_stdout(io.StringIO()) as out:
        assert gradcheck(chatty, lambda dout, x: 2 * x * dout, X).ok
    assert out.getvalue() == "here\n"


def test_a_check_that_has_no_time_says_so():
    """Without time nothing is compared, and that is no success."""
    found = gradcheck(relu_forward, relu_backward, X, seconds=0.0)
    assert not found.ok and "the time was up" in repr(found)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 1e308, 1j])
@pytest.mark.filterwarnings("error")
def test_a_gradient_of_any_number_warns_of_nothing(value):
    """A gradient that holds inf, nan, complex or huge numbers is told in words, without warnings of NumPy."""
    found = gradcheck(relu_forward, lambda dout, x: np.where(x > 1, value, dout * (x > 0)), X)
    assert not found.ok and "✘ dx" in repr(found)
    assert not gradcheck(dense_forward, lambda dout, x, w, b: (dout * value, x * value, value), X, W, B).ok


def test_warnings_of_the_functions_are_shown_once():
    """What NumPy warns of in the student's own first call is shown, as that of any call is."""
    with pytest.warns(RuntimeWarning, match="divide by zero") as shown:
        gradcheck(lambda x: 1 / x, lambda dout, x: -dout / x**2, np.array([0.0, 1.0]))
    assert len(shown) == 1
