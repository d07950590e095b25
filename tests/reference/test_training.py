"""Training: the digits are what they say they are, and the bars leave right code room."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.catalog import Course
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
    """Every class is there, class by class; a row is near an image of its part and class, and is none."""
    x, labels, fresh, truth = drawn(np.random.default_rng(seed), 200, 300)
    assert (np.diff(labels) >= 0).all() and set(labels) == set(range(CLASSES))
    assert not set(map(bytes, [*x, *fresh])) & set(map(bytes, digits()[0]))
    pairs = set()
    for name, rows, given_names in (("train", x, labels), ("hidden", fresh, truth)):
        images, names = part(name)
        nearest = ((rows[:, None] - images) ** 2).sum(axis=2).argmin(axis=1)
        pairs |= set(zip(names[nearest].tolist(), given_names.tolist(), strict=True))
    assert len(pairs) <= CLASSES + 5


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


EXERCISES = Course(Path(__file__).parents[2])
CARRIED = 64 * 1024
"""Bytes of a text in which a student could carry images: a quarter of the largest; 1,797 images take 57,504."""


def rows_of(name, seed):
    """The rows that a training of this seed gets."""
    return EXERCISES.exercise(name).training.rows(np.random.default_rng(seed))


def accuracies(name, seeds):
    """Accuracy on 800 fresh rows over many seeds; for "regularized" the shrinking of the gap as well."""
    found = []
    for seed in seeds:
        rows = rows_of(name, seed)
        if name == "regularized":
            found.append(shrinking(rows.x, rows.labels, rows.fresh, rows.truth, seed))
        else:
            module = {"train_mlp": mlp_training, "train_cnn": cnn_training}[name]
            params = module.train(rows.x, rows.labels, rng=np.random.default_rng(seed))
            found.append(np.mean(module.predict(rows.fresh, params) == rows.truth))
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


BARS = {"train_mlp": [0.88], "train_cnn": [0.78], "regularized": [0.62, 0.8, 0.08]}


@pytest.mark.nightly
@pytest.mark.parametrize("name", BARS)
def test_the_bars_leave_right_code_room(name):
    """Over 200 seeds the reference keeps five standard deviations from each bar: a false alarm in 3 million."""
    found = accuracies(name, range(200)).reshape(200, -1)
    room = (found.mean(axis=0) - BARS[name]) / found.std(axis=0)
    assert (room > 5).all(), room


@pytest.mark.parametrize("name", BARS)
def test_the_bars_are_those_of_the_course(name):
    """The numbers above are the specs' own, and right code reaches them."""
    training = EXERCISES.exercise(name).training
    extra = [training.shrink.fits, training.shrink.by] if training.shrink else []
    assert [training.bars[0][0], *extra] == BARS[name]
    assert (accuracies(name, [0]).reshape(-1) > BARS[name]).all()


def nearest(images, labels, rows, count):
    """The most frequent label among so many nearest images."""
    images, rows = (a.reshape(len(a), -1) for a in (images, rows))
    distance = (rows**2).sum(axis=1)[:, None] - 2 * rows @ images.T + (images**2).sum(axis=1)
    near = labels[np.argsort(distance, axis=1)[:, :count]]
    return np.array([np.bincount(row).argmax() for row in near])


def table(name, seed):
    """The best share that one or three nearest neighbours reach: over all published images, the digits' names known,
    and over the rows that are given."""
    rows, images = rows_of(name, seed), digits()[0]
    names = np.random.default_rng(seed).permutation(CLASSES)  # as `drawn` draws them
    known = [(images, names[digits()[1]]), (rows.x, rows.labels)]
    return [max(np.mean(nearest(x, labels, rows.fresh, k) == rows.truth) for k in (1, 3)) for x, labels in known]


def assert_a_table_is_not_enough(name, seeds):
    """Every published image fits into a text, and no training is passed by looking up the nearest."""
    assert digits()[0].size // 2 < CARRIED
    for seed in seeds:
        public, given_rows = table(name, seed)
        assert public < BARS[name][0] - 0.03, (name, seed, public)
        assert name == "regularized" or given_rows < BARS[name][0] - 0.1, (name, seed, given_rows)


@pytest.mark.parametrize("name", BARS)
def test_the_nearest_known_image_is_not_enough(name):
    """Two seeds of each training."""
    assert_a_table_is_not_enough(name, range(2))


@pytest.mark.nightly
@pytest.mark.parametrize("name", BARS)
def test_the_nearest_known_image_is_never_enough(name):
    """Fifty seeds of each training, on which right code passes."""
    assert_a_table_is_not_enough(name, range(50))
    assert (accuracies(name, range(50)).reshape(50, -1) > BARS[name]).all()


def test_the_nearest_published_image_would_be_enough_without_the_disguise():
    """The tester's tester: among rows that are published images, looking up the nearest finds every label."""
    images, names = part("hidden")
    assert np.mean(nearest(*digits(), images[:100], 1) == names[:100]) == 1
