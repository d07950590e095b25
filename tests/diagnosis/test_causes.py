"""Causes that wrong code of one's own has, each in two exercises, and code that looks alike but has another cause."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import Course, find_course
from autograder.grading.pipeline import Options, grade_exercise
from autograder.report.report import Finding
from autograder.sandbox.session import Session

QUICK = Options(skip=frozenset({"speed", "training"}))
COURSE: Course = find_course(Path(__file__).parents[2])


@cache
def variant(exercise: str) -> Variant:
    """Return one variant of an exercise, for all tests of this file."""
    return Variant(COURSE.exercise(exercise), 11)


def findings(session: Session, exercise: str, text: str) -> dict[str, Finding]:
    """Return the failing findings on a text by output or check, of the functions that it defines."""
    found = grade_exercise(variant(exercise), session.implementation(exercise, f"import numpy as np\n{text}"), QUICK)
    return {f.output or f.check: f for f in found if f.status in ("failed", "error")}


def hints(session: Session, exercise: str, text: str) -> set[str]:
    """Return the distinct hints on a text."""
    return {finding.hint for finding in findings(session, exercise, text).values()}


CONV = """
def conv2d_forward(x, w, b, *, stride=1, pad=0):
    B, H, W, C = x.shape
    kh, kw, _, N = w.shape
    p = {pad}
    h, v = {size}
    out = np.zeros((B, h, v, N))
    for i in {range}(h):
        for j in {range}(v):
            out[:, i, j] = np.einsum("bpqc,pqcn->bn", p[:, i*stride:i*stride+kh, j*stride:j*stride+kw], w) + b
    return {out}
"""
POOL = """
def avg_pool2d_forward(x, *, window, stride):
    B, H, W, C = x.shape
    h, v = {size}
    out = np.zeros((B, h, v, C))
    for i in {range}(h):
        for j in {range}(v):
            out[:, i, j] = x[:, i*stride:i*stride+window, j*stride:j*stride+window].mean(axis=(1, 2))
    return {out}
"""
PARTS = {
    "pad": "np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))", "range": "range", "out": "out",
    "size": "(H + 2*pad - kh)//stride + 1, (W + 2*pad - kw)//stride + 1",
}  # fmt: skip
POOLED = PARTS | {"size": "(H - window)//stride + 1, (W - window)//stride + 1"}


def conv(**parts: str) -> str:
    """Return a convolution with parts that are wrong."""
    return CONV.format(**(PARTS | parts))


def pool(**parts: str) -> str:
    """Return an average pooling with parts that are wrong."""
    return POOL.format(**(POOLED | parts))


DIVIDED = "In Python 3 `/` gives a float, also where nothing is left over; a size or an index needs `//`."
XRANGE = "Python 3 has no xrange: its name is range."
LISTED = (
    "NumPy reads a list between brackets as one index for the first axis. For one index per axis, leave the inner "
    "brackets out: a[i, j]."
)
RESHAPED = "NumPy 2 calls this argument of np.reshape shape, not newshape."
PADDED = (
    "The padding of np.pad covers other axes than it should. It takes one pair for each axis: (0, 0) for those that "
    "keep their length."
)
KEPT = (
    "A sum, mean or maximum along an axis loses that axis, and NumPy then lines up other axes: keepdims=True keeps it."
)
ROUNDED = "A size is rounded down; round() gives the nearest whole number, and of two the even one."
CEILED = "A size is rounded down, not up."
SEVERAL = "It returns more than it is asked for: leave the rest out, such as a cache."
NUMBER = "A number is written where an argument belongs."
CHANNELS = "It is right for images in the order (B, C, H, W); here the channels are the last axis: (B, H, W, C)."
STARRED = (
    "A name is not defined, and `from … import *` asks for a module that is not here, so that it defines nothing. "
    "Define what you need in this file."
)
NONE = "A value is None where an array or a number is needed: is a starter line such as `out = None` not written yet?"
ASKED = "input() finds nobody here who could answer: take all values from the arguments."
DRAWN = "Two calls with equal arguments give different results: what does it keep from one call to the next, or draw?"
BRACKETS = "An attribute of an array, such as shape, is no function: leave the brackets behind it out."
OVER = "An assert forbids what the exercise allows."
SIDES = "Two lengths or positions are exchanged, such as those of height and width: which belongs where?"
REST = "Of all cases exactly those fail in which stride leaves something over."

CAUSES = {
    "division": (DIVIDED, (
        ("conv2d", conv(size="(H + 2*pad - kh)/stride + 1, (W + 2*pad - kw)/stride + 1")),
        ("avg_pool2d", pool(size="(H - window)/stride + 1, (W - window)/stride + 1")),
    )),
    "xrange": (XRANGE, (("conv2d", conv(range="xrange")), ("avg_pool2d", pool(range="xrange")))),
    "rounding": (ROUNDED, (
        ("output_size", "def output_size(size, *, window, stride=1, pad=0):\n"
                        "    return round(1 + (size + 2*pad - window)/stride)"),
        ("avg_pool2d", pool(size="round((H - window)/stride) + 1, round((W - window)/stride) + 1")),
    )),
    "ceiling": (CEILED, (
        ("conv2d", conv(size="int(np.ceil((H + 2*pad - kh)/stride)) + 1, int(np.ceil((W + 2*pad - kw)/stride)) + 1")),
    )),
    "padding": (PADDED, (
        ("conv2d", conv(pad="np.pad(x, pad)")),
        ("conv2d", conv(pad="np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))")),
        ("conv1d", "def conv1d_forward(x, w, b, *, stride=1, pad=0):\n"
                   "    p, k = np.pad(x, pad), len(w)\n"
                   "    L = (x.shape[1] + 2*pad - k)//stride + 1\n"
                   "    parts = [p[:, i*stride:i*stride+k] for i in range(L)]\n"
                   "    return np.stack([np.einsum('bkc,kcn->bn', part, w) for part in parts], 1) + b"),
    )),
    "several results": (SEVERAL, (
        ("conv2d", conv(out="out, (x, w, b)")), ("avg_pool2d", pool(out="out, x")),
        ("dense", "def dense_forward(x, w, b):\n    return x.reshape(len(x), -1) @ w + b, (x, w, b)"),
    )),
    "shape called": (BRACKETS, (
        ("dense", "def dense_forward(x, w, b):\n    return x.reshape(x.shape()[0], -1) @ w + b"),
        ("relu", "def relu_forward(x):\n    return np.maximum(x, np.zeros(x.shape()))"),
    )),
    "list as an index": (LISTED, (
        ("softmax_cross_entropy",
         "def softmax_cross_entropy(scores, labels):\n"
         "    s = scores - scores.max(1, keepdims=True)\n"
         "    p = s - np.log(np.exp(s).sum(1, keepdims=True))\n"
         "    return float(-p[[np.arange(len(labels)), labels]].sum()/len(labels))"),
        ("softmax_cross_entropy",
         "def softmax_cross_entropy_backward(scores, labels):\n"
         "    p = np.exp(scores - scores.max(1, keepdims=True))\n"
         "    p /= p.sum(1, keepdims=True)\n"
         "    p[[np.arange(len(labels)), labels]] -= 1\n    return p/len(labels)"),
    )),
    "newshape": (RESHAPED, (
        ("dense", "def dense_forward(x, w, b):\n    return np.reshape(x, newshape=(len(x), -1)) @ w + b"),
        ("flatten", "def flatten_forward(x):\n    return np.reshape(x, newshape=(len(x), -1))"),
    )),
    "keepdims": (KEPT, (
        ("softmax", "def softmax_forward(scores):\n"
                    "    e = np.exp(scores - scores.max(axis=1, keepdims=True))\n    return e/e.sum(axis=1)"),
        ("softmax_cross_entropy",
         "def softmax_cross_entropy(scores, labels):\n"
         "    s = scores - scores.max(axis=1)\n"
         "    p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))\n"
         "    return float(-p[np.arange(len(labels)), labels].mean())"),
    )),
    "a number in place of an argument": (NUMBER, (
        ("batchnorm", "def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):\n"
                      "    return gamma*(x - running_mean)/np.sqrt(running_var + 1e-7) + beta"),
        ("adagrad", "def adagrad_step(w, dw, cache, *, lr, eps=1e-8):\n"
                    "    cache = cache + dw**2\n    return w - lr*dw/(np.sqrt(cache) + 1e-6), cache"),
    )),
    "channels first": (CHANNELS, (
        ("max_pool2d", "def max_pool2d_forward(x, *, window, stride):\n"
                       "    v = np.lib.stride_tricks.sliding_window_view(x, (window, window), (2, 3))\n"
                       "    return v[:, :, ::stride, ::stride].max(axis=(4, 5))"),
        ("conv2d", "def conv2d_forward(x, w, b, *, stride=1, pad=0):\n"
                   "    p = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))\n"
                   "    v = np.lib.stride_tricks.sliding_window_view(p, w.shape[2:], (2, 3))\n"
                   "    v = v[:, :, ::stride, ::stride]\n"
                   "    return np.einsum('bchvpq,ncpq->bnhv', v, w) + b[:, None, None]"),
    )),
    "star import": (STARRED, (
        ("relu", "from im2col import *\ndef relu_forward(x):\n    return positive(x)"),
        ("dense", "from layers import *\ndef dense_forward(x, w, b):\n    return affine(x, w) + b"),
    )),
    "starter line": (NONE, (
        ("dropout", "def dropout_forward(x, mask, *, train):\n    out = None\n    return out.astype(x.dtype)"),
        ("relu", "def relu_forward(x):\n    out = None\n    return out * 1.0"),
    )),
    "input": (ASKED, (
        ("relu", "def relu_forward(x):\n    return np.maximum(x, float(input()))"),
        ("dense", "def dense_forward(x, w, b):\n    return x.reshape(int(input('rows')), -1) @ w + b"),
    )),
    "calls that differ": (DRAWN, (
        ("relu", "def relu_forward(x):\n    return np.maximum(x, 0) + np.random.rand(*x.shape)"),
        ("dense", "CALLS = []\ndef dense_forward(x, w, b):\n"
                  "    CALLS.append(1)\n    return x.reshape(len(x), -1) @ w + b + len(CALLS)"),
    )),
    "a rest": (OVER, (
        ("conv2d", conv(size="(H + 2*pad - kh)//stride + 1, (W + 2*pad - kw)//stride + 1\n"
                             "    assert (H + 2*pad - kh) % stride == 0 and (W + 2*pad - kw) % stride == 0")),
        ("avg_pool2d", pool(size="(H - window)//stride + 1, (W - window)//stride + 1\n"
                                 "    assert (H - window) % stride == 0 and (W - window) % stride == 0")),
    )),
    "a rest that is refused": (REST, (
        ("conv2d", conv(size="({0: H}[(H + 2*pad - kh) % stride] + 2*pad - kh)//stride + 1, "
                             "({0: W}[(W + 2*pad - kw) % stride] + 2*pad - kw)//stride + 1")),
    )),
    "sides exchanged": (SIDES, (
        ("max_pool2d", "def max_pool2d_forward(x, *, window, stride):\n"
                       "    h, v = (x.shape[1] - window)//stride + 1, (x.shape[2] - window)//stride + 1\n"
                       "    rows = np.zeros((len(x), h*v, x.shape[3]))\n"
                       "    for i in range(h):\n        for j in range(v):\n"
                       "            part = x[:, i*stride:i*stride+window, j*stride:j*stride+window]\n"
                       "            rows[:, i*h + j] = part.max((1, 2))\n"
                       "    return rows.reshape(len(x), h, v, -1)"),
    )),
}  # fmt: skip
CASES = [(words, exercise, text) for words, group in CAUSES.values() for exercise, text in group]
NAMES = [f"{name}, {exercise}" for name, (_, group) in CAUSES.items() for exercise, _ in group]


@pytest.mark.parametrize(("words", "exercise", "text"), CASES, ids=NAMES)
def test_the_cause_is_told(session, words, exercise, text):
    """Code with the cause gets its sentence and no other."""
    assert hints(session, exercise, text) == {words}


ALIKE = {
    "a quotient that is wrong": ("relu", "def relu_forward(x):\n    return np.maximum(x, 0) / 2 + np.tanh(x)", DIVIDED),
    "a float from elsewhere": ("avg_pool2d", pool(size="H*0.5, W*0.5"), DIVIDED),
    "an own name": ("relu", "def relu_forward(x):\n    return yrange(x)", XRANGE),
    "rounded rightly": ("output_size", "def output_size(size, *, window, stride=1, pad=0):\n"
                                       "    return round((size + 2*pad - window)//stride)", ROUNDED),
    "padded twice": ("conv2d", conv(pad="np.pad(np.pad(x, pad), 1)"), PADDED),
    "several wrong results": ("relu", "def relu_forward(x):\n    return np.tanh(x), x", SEVERAL),
    "a list that selects": ("relu", "def relu_forward(x):\n    return np.tanh(x)[[0, 0]]", LISTED),
    "no keepdims, another mistake": ("softmax", "def softmax_forward(scores):\n"
                                     "    e = np.exp(scores)**2\n    return e/e.sum(axis=1)", KEPT),
    "a number and another mistake": ("batchnorm",
                                     "def batchnorm_infer(x, gamma, beta, running_mean, running_var, *, eps=1e-5):\n"
                                     "    return gamma*(x - running_mean)/(running_var + 1e-7) + beta**2", NUMBER),
    "channels last, another mistake": ("max_pool2d", "def max_pool2d_forward(x, *, window, stride):\n"
                                       "    return x[:, ::stride, ::stride]", CHANNELS),
    "star import of NumPy": ("relu", "from numpy import *\ndef relu_forward(x):\n    return positiv(x)", STARRED),
    "no starter line": ("relu", "def relu_forward(x):\n    return x.maximum(0)", NONE),
    "drawn from one seed": ("relu", "def relu_forward(x):\n"
                            "    return np.maximum(x, 0) + np.random.default_rng(0).random(x.shape)", DRAWN),
    "a rest and another mistake": ("conv2d", conv(size="(H - kh)//stride + 1, (W - kw)//stride + 1\n"
                                                       "    assert C < 3"), OVER),
    "the largest size": ("max_pool2d", "def max_pool2d_forward(x, *, window, stride):\n"
                         "    v = np.lib.stride_tricks.sliding_window_view(x, (window, window), (1, 2))\n"
                         "    v = v[:, ::stride, ::stride]\n    v = v.reshape(*v.shape[:4], -1)\n"
                         "    return np.take_along_axis(v, np.abs(v).argmax(-1)[..., None], -1)[..., 0]",
                         "Of all cases exactly those fail with C > 1."),
}  # fmt: skip


@pytest.mark.parametrize(("exercise", "text", "words"), ALIKE.values(), ids=ALIKE)
def test_code_that_looks_alike_is_not_told_so(session, exercise, text, words):
    """Code that is wrong for another reason does not get the sentence."""
    found = findings(session, exercise, text)
    assert found and words not in {finding.hint for finding in found.values()}


MASKS = {
    "kept with p": ("rng.binomial(1, p, size=shape).astype(float)",
                    "An entry is kept with probability p, and p is the probability to drop it; those that are kept "
                    "are 1: nothing makes up for those that are dropped."),
    "not scaled": ("rng.binomial(1, 1 - p, size=shape).astype(float)",
                   "The right share is dropped; those that are kept are 1: nothing makes up for those that are "
                   "dropped."),
    "divided by p": ("rng.choice([0, 1], size=shape, p=[p, 1 - p])/np.float64(p)",
                     "The right share is dropped; those that are kept are divided by p."),
    "normal": ("(rng.standard_normal(shape) < 1 - p)/(1 - p)",
               "The share of the entries that are kept is not 1 - p: a normal draw is compared with a probability, "
               "which takes a uniform one; those that are kept are divided by 1 - p, as they should."),
    "one row for all": ("np.ones(shape)*(rng.random(shape[-1:]) >= p)/(1 - p)", ""),
    "another share": ("(rng.random(shape) >= p**2)/(1 - p)", ""),
}  # fmt: skip


@pytest.mark.parametrize(("mask", "words"), MASKS.values(), ids=MASKS)
def test_masks_are_judged_by_their_statistics(session, mask, words):
    """The share that is kept and the scale are named where both are one function of p in every case."""
    text = f"def dropout_mask(shape, *, p, rng):\n    return {mask}"
    found = findings(session, "dropout", text)["mask"].hint
    assert found == words if words else "kept" not in found


def test_two_mistakes_are_both_told(session):
    """Where two repairs together make the code right, both sentences stand in the hint."""
    text = conv(size="(H + 2*pad - kh)/stride + 1, (W + 2*pad - kw)/stride + 1", out="out, (x, w)")
    (found,) = hints(session, "conv2d", text)
    assert found == f"There are two mistakes. {DIVIDED} {SEVERAL}"


def test_a_backward_that_calls_a_wrong_forward(session):
    """The hint names the forward that the backward calls, where the gradient is wrong given the right forward too.

    Where it is right then, it has passed. A right forward is not blamed.
    """
    text = "def {0}_forward(x):\n    return {1}\ndef {0}_backward(dout, x):\n    return {2}"
    wrong = text.format("tanh", "np.tanh(x)**3 + x", "dout*(1 - tanh_forward(x)**4)*x")
    words = "It calls your own {}_forward, which is wrong: repair that first, then see what changes here."
    assert findings(session, "tanh", wrong)["dx"].hint == words.format("tanh")
    other = text.format("sigmoid", "np.exp(-x*x)", "dout*sigmoid_forward(x)*(2 - sigmoid_forward(x))")
    assert findings(session, "sigmoid", other)["dx"].hint == words.format("sigmoid")
    excused = text.format("sigmoid", "np.exp(-x*x)", "dout*sigmoid_forward(x)*(1 - sigmoid_forward(x))")
    assert list(findings(session, "sigmoid", excused)) == ["out"]
    right = text.format("tanh", "np.tanh(x)", "dout*(1 - tanh_forward(x)**4)*x")
    assert "your own" not in findings(session, "tanh", right)["dx"].hint


def test_an_exception_in_a_network_says_in_which_layer(session):
    """An exception inside one of the text's own layers names the kind of layer, behind what the exception says."""
    text = (
        "def {0}(x):\n    return x.reshape(3, -1)[:, 10**9]\ndef cnn_loss(x, labels, params):\n    return {0}(x), {{}}"
    )
    reshape = "reshape keeps the number of entries: the lengths of the new shape multiplied must give it."
    for name, layer in (("my_conv_forward", "convolution"), ("pooling", "pooling")):
        assert hints(session, "cnn_backprop", text.format(name)) == {f"{reshape} It is raised in the {layer}."}
    assert not any("raised in" in hint for hint in hints(session, "cnn_backprop", text.format("step_two")))


@pytest.mark.parametrize(("name", "near"), [("affine_forward", "dense"), ("relu_fwd", "relu")])
def test_a_near_name_is_told(session, name, near):
    """A function that is missing is told from one of a near name."""
    text = f"def {name}(x, w=0, b=0):\n    return x\ndef helper(x):\n    return x"
    found = grade_exercise(variant(near), session.implementation(near, text), QUICK)
    messages = [f.message for f in found if f.check == "contract" and f.function == f"{near}_forward"]
    assert messages == [f"{near}_forward is not defined. Define it with exactly this name. Is {name} meant to be it?"]


@pytest.mark.parametrize("exercise", ["relu", "tanh"])
@pytest.mark.parametrize(("dtype", "repair"), [("longdouble", "Keep the precision of the input."),
                                               ("complex128", "Take its real part.")])  # fmt: skip
def test_a_dtype_that_is_no_float_is_named(session, exercise, dtype, repair):
    """Results of type longdouble or complex are told by their dtype, with the repair."""
    right = {"relu": "np.maximum(x, 0)", "tanh": "np.tanh(x)"}[exercise]
    text = f"def {exercise}_forward(x):\n    return {right}.astype(np.{dtype})"
    found = findings(session, exercise, text)["out"].message
    assert found.startswith(f"out has dtype {dtype}, expected float64. {repair}")
