"""Training: the digits are what they say they are, and the bars leave right code room."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import cnn_training, mlp_training, regularized_training
from reference.digits import CLASSES, SIZES, digits, drawn, mislabelled, part
from reference.training import descend, fitting, he


def test_the_digits_are_the_published_ones():
    """1,797 images with the counts that the source gives, in its order, and none of it can be changed."""
    x, labels = digits()
    assert x.shape == (1797, 64) and x.min() == 0 and x.max() == 1 and set(np.unique(x * 16)) <= set(range(17))
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert not x.flags.writeable and not labels.flags.writeable
    assert hashlib.sha256((x * 16).astype(np.uint8).tobytes()).hexdigest()[:16] == "8f26b2bd9d135c25"


def test_the_parts_share_no_row():
    """Together they are all rows; no image to train on is also hidden."""
    rows = [set(map(bytes, part(name)[0])) for name in SIZES]
    assert sum(SIZES.values()) == 1797
    assert [len(part(name)[1]) for name in SIZES] == list(SIZES.values())
    assert not (rows[0] & rows[2]) and not (rows[0] & rows[1]) and not (rows[1] & rows[2])


@given(st.integers(0, 2**32))
@settings(max_examples=20)
def test_what_is_drawn(seed):
    """Every class is there, class by class; fresh rows are hidden ones; the classes' names are permuted alike."""
    x, labels, fresh, truth = drawn(np.random.default_rng(seed), 200, 300)
    assert (np.diff(labels) >= 0).all() and set(labels) == set(range(CLASSES))
    hidden, names = part("hidden")
    learned, digits_of = part("train")
    of = dict(zip(map(bytes, [*hidden, *learned]), [*names, *digits_of], strict=True))
    pairs = {(of[bytes(row)], label) for row, label in zip([*x, *fresh], [*labels, *truth], strict=True)}
    assert len(pairs) == CLASSES and all(bytes(row) in set(map(bytes, hidden)) for row in fresh[:20])


@given(st.integers(0, 2**32), st.integers(0, 50))
def test_mislabelled_rows_have_another_class(seed, count):
    """Exactly so many labels differ, none of them by chance the same."""
    labels = np.arange(50) % CLASSES
    noisy = mislabelled(labels, count, np.random.default_rng(seed))
    assert (noisy != labels).sum() == count and noisy.min() >= 0 and noisy.max() < CLASSES


def test_descent_goes_down_and_leaves_the_start_alone():
    """A parabola: the loss falls to nothing, the params that were given stay."""
    start = {"w": np.array([3.0, -4.0])}

    def gradients(x, labels, params):
        return float(params["w"] @ params["w"]), {"w": 2 * params["w"]}

    params, history = descend(gradients, start, np.zeros((9, 1)), np.zeros(9), lr=0.05, epochs=60, batch_size=4,
                              rng=np.random.default_rng(0))  # fmt: skip
    assert len(history) == 60 and history[0] > 1 and history[-1] < 1e-6
    assert start["w"].tolist() == [3.0, -4.0] and np.abs(params["w"]).max() < 1e-3


def test_he_s_weights_keep_the_size_of_what_a_relu_passes_on():
    """The mean square of 100 ReLUs' outputs is half of 2, whatever the number of inputs."""
    rng = np.random.default_rng(0)
    for inputs in (10, 300):
        out = np.maximum(rng.standard_normal((2000, inputs)) @ he(inputs, 100, fan_in=inputs, rng=rng), 0)
        assert np.mean(out**2) == pytest.approx(1, rel=0.15)


@pytest.mark.parametrize(
    "params",
    [
        None, [], {}, {"w": np.zeros((2, 3))}, {"w": np.zeros((2, 3)), "b": np.zeros(2)},
        {"w": np.zeros((2, 3)), "b": np.zeros((3, 1))}, {"w": np.zeros((5, 3)), "b": np.zeros(3)},
        {"w": np.zeros((2, 3), int), "b": np.zeros(3)}, {"w": "text", "b": np.zeros(3)},
    ],
)  # fmt: skip
def test_params_that_do_not_fit_are_refused(params):
    """Before anything is computed with them, whatever they are."""
    with pytest.raises(ValueError, match=r"is no float array|which does not fit"):
        fitting(params, w=(2, "M"), b=("M",))


def test_params_that_fit_come_in_order():
    """More than what was asked for does not matter."""
    w, b = fitting({"b": np.ones(3), "w": np.zeros((2, 3)), "history": [1.0]}, w=(2, "M"), b=("M",))
    assert w.shape == (2, 3) and b.tolist() == [1, 1, 1]


@pytest.mark.parametrize("predict", [mlp_training.predict, regularized_training.predict])
def test_predict_refuses_other_params(predict):
    """The grader tries a student's params in it, so it must not stumble or agree by chance."""
    with pytest.raises(ValueError):
        predict(np.zeros((4, 64)), {"w1": np.zeros((64, 5)), "b1": np.zeros(5), "w2": np.zeros((5, 5, 5)), "b2": 0})


def test_the_cnn_refuses_other_params():
    """Too few dense rows for the pooled images, and another kernel."""
    params = {"conv_w": np.zeros((3, 3, 1, 2)), "conv_b": np.zeros(2), "dense_w": np.zeros((31, 10)),
              "dense_b": np.zeros(10)}  # fmt: skip
    with pytest.raises(ValueError, match="dense_w has 31 rows"):
        cnn_training.predict(np.zeros((4, 8, 8, 1)), params)
    with pytest.raises(ValueError, match="conv_w"):
        cnn_training.predict(np.zeros((4, 8, 8, 1)), params | {"conv_w": np.zeros((5, 5, 1, 2))})


def accuracies(name, seeds):
    """Accuracy on 800 fresh rows over many seeds; for "regularized" the shrinking of the gap as well."""
    found = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        x, labels, fresh, truth = drawn(rng, 200 if name == "regularized" else 400, 800)
        if name == "mlp":
            found.append(np.mean(mlp_training.predict(fresh, mlp_training.train(x, labels, rng=rng)) == truth))
        elif name == "cnn":
            images, others = x.reshape(-1, 8, 8, 1), fresh.reshape(-1, 8, 8, 1)
            params = cnn_training.train(images, labels, rng=rng)
            found.append(np.mean(cnn_training.predict(others, params) == truth))
        else:
            found.append(shrinking(x, mislabelled(labels, 60, rng), fresh, truth, seed))
    return np.array(found)


def shrinking(x, labels, fresh, truth, seed):
    """(accuracy regularized, own rows plain, how much the gap shrinks)."""
    figures = []
    for flag in (False, True):
        params = regularized_training.train(x, labels, rng=np.random.default_rng(seed), regularize=flag)
        predict = regularized_training.predict
        figures += [np.mean(predict(x, params) == labels), np.mean(predict(fresh, params) == truth)]
    given_plain, fresh_plain, given, found = figures
    return found, given_plain, (given_plain - fresh_plain) - (given - found)


@pytest.mark.nightly
@pytest.mark.parametrize(("name", "bars"), [("mlp", [0.88]), ("cnn", [0.85]), ("regularized", [0.62, 0.8, 0.08])])
def test_the_bars_leave_right_code_room(name, bars):
    """Over 200 seeds the reference keeps five standard deviations from each bar: a false alarm in 3 million."""
    found = accuracies(name, range(200)).reshape(200, -1)
    room = (found.mean(axis=0) - bars) / found.std(axis=0)
    assert (room > 5).all(), room
