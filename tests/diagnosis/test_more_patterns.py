"""Hints about numbers, steps, lists, windows, changed inputs and single locations."""

from __future__ import annotations

import numpy as np
import pytest

from tests.diagnosis.exercises import (
    COUNT,
    DENSE,
    GATE,
    HEAVY,
    PARTS,
    PICK,
    SLIDE,
    SPREAD,
    count,
    dense_backward,
    finding,
    gate_backward,
    gate_forward,
    hint,
    parts,
    pick,
    slide_backward,
    slide_forward,
    spread,
)  # fmt: skip


def shares(keep):
    """Return a slide_backward that overwrites instead of adding, at the windows that `keep` selects."""

    def code(dout, x, *, window, stride=1):
        dx = np.zeros_like(x)
        for i in keep(range(dout.shape[1])):
            dx[:, i * stride : i * stride + window] = dout[:, i : i + 1]
        return dx

    return code


def without_stride(x, *, window, stride=1):
    """Return the sums of windows one step apart, whatever the stride."""
    return slide_forward(x, window=window)[:, : (x.shape[1] - window) // stride + 1]


def loss(change):
    """Return a spread whose loss is changed by `change(loss, p, x)`."""
    return lambda x, y, *, p: float(change(spread(x, y, p=p), p, x))


def products(change):
    """Return parts with a changed list."""
    return lambda x, weights: (change(parts(x, weights)[0]), parts(x, weights)[1])


def ends(change):
    """Return parts with a changed dict."""
    return lambda x, weights: (parts(x, weights)[0], change(parts(x, weights)[1]))


def step(w_of, v_of=lambda v, dw, lr, mu: mu * v - lr * dw):
    """Return a heavy_step made of `w_of(w, dw, v, new_v, lr, mu)` and `v_of(v, dw, lr, mu)`."""

    def code(w, dw, v, *, lr, mu=0.9):
        new = v_of(v, dw, lr, mu)
        return w_of(w, dw, v, new, lr, mu), new

    return code


def last_overwrites(dout, x, *, window, stride=1):
    """Return a dx in which each window overwrites the one before."""
    return shares(lambda places: places)(dout, x, window=window, stride=stride)


STEPS = {
    "state": (
        lambda w, dw, v, *, lr, mu=0.9: (w + mu * v - lr * dw, v), "w",
        "Every step of w is right for the v that you carry into it: repair that.",
    ),
    "v came back": (
        lambda w, dw, v, *, lr, mu=0.9: (w + mu * v - lr * dw, v), "v", "v came back as it went in.",
    ),
    "swapped": (lambda w, dw, v, *, lr, mu=0.9: (mu * v - lr * dw, w + mu * v - lr * dw), "w",
                "w is what v should be. In which order are the results returned?"),
    "uphill": (step(lambda w, dw, v, new, lr, mu: w - new), "w",
               "The terms of w: dw has the wrong sign; v has the wrong sign; the others are right."),
    "one term": (step(lambda w, dw, v, new, lr, mu: w + mu * v), "w",
                 "The terms of w: dw is missing; the others are right."),
    "weight without a name": (
        step(lambda w, dw, v, new, lr, mu: w + mu * v - 0.05 * dw), "w",
        "The terms of w: dw always has the same weight: what should it depend on; the others are right.",
    ),
    "weight of 1 - mu": (
        step(lambda w, dw, v, new, lr, mu: w + mu * v - (1 - mu) * lr * dw), "w",
        "In the cases with mu > 0, and in no others, the terms of w: dw counts (1 - mu) times what it should; the "
        "others are right.",
    ),
    "only the step": (
        step(lambda w, dw, v, new, lr, mu: new), "w", "w is what v should be. In which order are the results returned?",
    ),
    "v forgets itself": (
        lambda w, dw, v, *, lr, mu=0.9: (w + mu * v - lr * dw, (mu - 1) * v - lr * dw), "v",
        "v lacks the v that came in: it is right once v is added.",
    ),
    "twice": (
        step(lambda w, dw, v, new, lr, mu: 2 * w + new), "w", "w is right once the w that came in is subtracted.",
    ),
    "a default": (
        step(lambda w, dw, v, new, lr, mu: w + 0.9 * v - lr * dw), "w",
        "w is exactly what is right for mu = 0.9, its default.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "output", "words"), STEPS.values(), ids=STEPS)
def test_what_is_wrong_with_a_step(code, output, words):
    """Later steps are compared with the right output for the state that the answer carried."""
    assert hint(HEAVY, code, output) == words


NUMBERS = {
    "a root": (loss(lambda loss, p, x: loss**0.5), "loss is the square root of what it should be."),
    "its inverse": (loss(lambda loss, p, x: 1 / loss), "loss is 1 divided by what it should be."),
    "less than one": (loss(lambda loss, p, x: 1 - loss), "loss is 1 minus what it should be."),
    "too large": (loss(lambda loss, p, x: loss + 1), "loss is too large by 1 everywhere."),
    "1 - p": (loss(lambda loss, p, x: loss * (1 - p)), "loss is (1 - p) times what it should be."),
    "p": (loss(lambda loss, p, x: loss * p), "loss is p times what it should be."),
    "odds": (loss(lambda loss, p, x: loss * (1 - p) / p), "loss is (1 - p)/p times what it should be."),
    "plus p": (loss(lambda loss, p, x: loss + p), "loss is right once p is subtracted."),
    "all entries": (loss(lambda loss, p, x: loss * x.size), "loss is x.size times what it should be."),
    "another p": (lambda x, y, *, p: spread(x, y, p=1 - p), "loss is (1 - p)/p times what it should be."),
    "no y": (lambda x, y, *, p: spread(x, 0 * y, p=p), "loss is exactly what is right for y = 0."),
    "nothing of y": (lambda x, y, *, p: float(np.sum(x**3)), "loss does not depend on y, and it should."),
    "not summed": (
        lambda x, y, *, p: np.mean((x - y) ** 2, axis=0) / (1 - p),
        "loss still has to be averaged: it is one number, not an array.",
    ),
    "a constant": (loss(lambda loss, p, x: loss * 1.7), ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), NUMBERS.values(), ids=NUMBERS)
def test_what_is_wrong_with_a_number(code, words):
    """An output of one number per case gets the hint that holds in all cases."""
    assert hint(SPREAD, code, "loss") == words


COUNTS = {
    "one too few": (lambda size, *, window, stride=1: (size - window) // stride, "count is too small by 1 everywhere."),
    "no stride": (
        lambda size, *, window, stride=1: size - window + 1, "count is exactly what is right for stride = 1.",
    ),
    "another step": (
        lambda size, *, window, stride=1: count(size, window=window, stride=window),
        "count is exactly what is right with window in place of stride.",
    ),
    "the window": (lambda size, *, window, stride=1: count(size, window=window, stride=stride) * window,
                   "count is window times what it should be."),
    "a wrong size": (
        lambda size, *, window, stride=1: count(size, window=window, stride=stride) + (stride > 1),
        "In the cases with stride > 1, and in no others, count is too large by 1 everywhere.",
    ),
    "something": (lambda size, *, window, stride=1: (size * 7 + window * 3) % 5, ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), COUNTS.values(), ids=COUNTS)
def test_what_is_wrong_with_a_count(code, words):
    """Small integers, which can agree by chance, get a hint if there are enough of them."""
    assert hint(COUNT, code, "count") == words


WINDOWS = {
    "nearly overwritten": (
        lambda dout, x, *, window, stride=1: last_overwrites(dout, x, window=window, stride=stride) * 1.01,
        "dx holds too little.",
    ),
    "at wrong places": (
        lambda dout, x, *, window, stride=1: np.cumsum(slide_backward(dout, x, window=window, stride=stride), axis=1)
        - np.cumsum(slide_backward(dout, x, window=window, stride=stride), axis=1).mean(axis=1, keepdims=True)
        + slide_backward(dout, x, window=window, stride=stride).mean(axis=1, keepdims=True),
        "All of it arrived, at the wrong places.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), WINDOWS.values(), ids=WINDOWS)
def test_what_is_wrong_with_windows(code, words):
    """A wrong gradient of sliding windows gets the expected hint."""
    assert hint(SLIDE, code, "dx") == words


def test_windows_that_do_not_jump():
    """A forward that ignores the stride gets the hint that it fails where stride > 1."""
    assert hint(SLIDE, without_stride, "out", "slide_forward") == "Of all cases exactly those fail with stride > 1."


CHANGED = {
    "w transposed": (
        lambda dout, x, w, b: (dout @ w if w.shape[0] == w.shape[1] else dout @ w.T, x.T @ dout, dout.sum(axis=0)),
        "dx", "In the cases with D = M, and in no others, dx is exactly what is right for w transposed.",
    ),
    "dout forgotten": (
        lambda dout, x, w, b: dense_backward(np.ones_like(dout), x, w, b), "dx",
        "dx is exactly what is right for dout = 1 everywhere.",
    ),
    "w turned": (
        lambda dout, x, w, b: (dout @ w[::-1, ::-1].T, x.T @ dout, dout.sum(axis=0)), "dx",
        "dx is exactly what is right for w in reverse along D and M.",
    ),
    "w doubled, minus": (
        lambda dout, x, w, b: (-2 * dout @ w.T, x.T @ dout, dout.sum(axis=0)), "dx",
        "dx is -2 times what it should be.",
    ),
    "where it returns": (
        lambda dout, x, w, b: (dout @ w, x.T @ dout, dout.sum(axis=0)), "dx",
        "Where it returns something, dx is exactly what is right for w transposed.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "output", "words"), CHANGED.values(), ids=CHANGED)
def test_exactly_right_for_other_inputs(code, output, words):
    """An output that is right for changed inputs gets a hint that names the change."""
    assert hint(DENSE, code, output) == words


FORWARD = {
    "bias forgotten": (lambda x, w, b: x @ w, "out lacks b: it is right once b is added."),
    "bias twice": (lambda x, w, b: x @ w + 2 * b, "out is right once b is subtracted."),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), FORWARD.values(), ids=FORWARD)
def test_a_term_too_many_or_too_few(code, words):
    """The hint names the input or number that is missing or was added once too often."""
    assert hint(DENSE, code, "out", "dense_forward") == words


REGIONS = {
    "no leak": (lambda x, *, slope=0.1: np.maximum(x, 0), "out is exactly what is right for slope = 0."),
    "sign": (
        lambda x, *, slope=0.1: np.where(x > 0, x, -slope * x),
        "out is exactly what is right for -slope in place of slope.",
    ),
    "no x": (
        lambda x, *, slope=0.1: np.where(x > 0, x, slope),
        "out is right but where x < 0: there out times x is right: one factor is missing.",
    ),
    "curved": (
        lambda x, *, slope=0.1: np.where(x > 0, x, slope * np.expm1(x)), "out is right but where x < 0.",
    ),
    "limited": (
        lambda x, *, slope=0.1: np.minimum(gate_forward(x, slope=slope), 1.0),
        "out is what it should be, with all that is above 1 set to 1: look for that number in your code.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), REGIONS.values(), ids=REGIONS)
def test_wrong_on_one_side(code, words):
    """The hint names the sign of the input where the output is wrong."""
    assert hint(GATE, code, "out", "gate_forward") == words


BACK = {
    "nothing": (
        lambda dout, x, *, slope=0.1: np.where(x > 0, 0, slope * dout),
        "dx is right but where x > 0: there dx is 0 everywhere: nothing reaches it. Where is something written or "
        "added into it?",
    ),
    "opposite": (
        lambda dout, x, *, slope=0.1: np.where(x > 0, -dout, slope * dout),
        "dx is right but where x > 0: there dx has the opposite sign everywhere.",
    ),
    "no gate": (lambda dout, x, *, slope=0.1: slope * dout, "dx is exactly what is right for x = 0."),
    "doubled": (
        lambda dout, x, *, slope=0.1: np.where(x > 0, dout, 2 * slope * dout),
        "dx is right but where x < 0: there dx is 2 times what it should be.",
    ),
    "without dout": (
        lambda dout, x, *, slope=0.1: np.where(x > 0, dout, slope),
        "dx is right but where x < 0: there dx times dout is right: one factor is missing.",
    ),
    "the wrong gate": (
        lambda dout, x, *, slope=0.1: np.where(dout > 0, dout, slope * dout),
        "dx is exactly what is right with dout in place of x.",
    ),
    "bent": (
        lambda dout, x, *, slope=0.1: np.where(x > 0, np.tanh(dout), slope * np.sin(dout)),
        "A gradient is proportional to dout: -2 times dout must give -2 times dx, and does not.",
    ),
    "passed": (lambda dout, x, *, slope=0.1: dout.copy(), "dx is dout itself, just as it came in."),
    "nearly": (lambda dout, x, *, slope=0.1: gate_backward(dout, x, slope=slope) * (1 + 0.01 * np.cos(x)), ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), BACK.values(), ids=BACK)
def test_what_is_wrong_in_a_place(code, words):
    """The hint names the location of the wrong entries and how they are wrong."""
    assert hint(GATE, code, "dx") == words


PICKED = {
    "no truth": (lambda scores, labels: scores.copy(), "out is scores itself, just as it came in."),
    "counted from 1": (
        lambda scores, labels: pick(scores, labels - 1),
        "out is exactly what is right for labels - 1 in place of labels.",
    ),
    "the last row": (
        lambda scores, labels: np.concatenate([pick(scores, labels)[:-1], np.exp(scores[-1:])]),
        "out is right but at the last place along B.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "words"), PICKED.values(), ids=PICKED)
def test_wrong_by_label_or_index(code, words):
    """The hint names the rows, columns, or entries selected by labels that are wrong."""
    assert hint(PICK, code, "out") == words


STRUCTURES = {
    "one key": (
        ends(lambda found: found | {"low": -found["low"]}), "ends", "ends['low'] has the opposite sign everywhere.",
    ),
    "both keys": (
        ends(lambda found: {k: -v for k, v in found.items()}), "ends", "ends has the opposite sign everywhere.",
    ),
    "all": (products(lambda found: [2 * a for a in found]), "products", "products is 2 times what it should be."),
    "too few": (products(lambda found: found[:-1]), "products", ""),
}  # fmt: skip


@pytest.mark.parametrize(("code", "output", "words"), STRUCTURES.values(), ids=STRUCTURES)
def test_a_part_of_a_list_or_dict(code, output, words):
    """The hint is about the wrong parts of a list or dict where the others are always right."""
    words = words[:1].upper() + words[1:] if words.startswith(("the ", "every ")) else words
    assert hint(PARTS, code, output) == words


def test_a_pattern_is_recorded_as_one():
    """A hint from a pattern is recorded as one, without the name of a mistake."""
    found = finding(GATE, lambda x, *, slope=0.1: -gate_forward(x, slope=slope), "out", "gate_forward")
    assert (found.diagnosis, found.mistake) == ("pattern", None)


@pytest.mark.parametrize("spoil", [
    lambda out: out * np.nan,
    lambda out: np.where(np.arange(out.shape[-1]) == 1, np.nan, out),
    lambda out: out + np.inf,
])  # fmt: skip
def test_what_is_no_number_is_no_amount_and_no_factor(spoil):
    """An output with nan or inf gets no hint about factors and offsets."""
    said = hint(DENSE, lambda x, w, b: spoil(x @ w + b), "out", "dense_forward")
    assert "amount" not in said and "factor" not in said
