"""The reference where numbers are extreme: batches without examples, tails, scales, and a momentum of 0."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference.activations import sigmoid_backward
from reference.convolution import conv2d_backward, conv2d_forward
from reference.convolution1d import conv1d_backward, conv1d_forward
from reference.dense import dense_backward, dense_forward, flatten_backward, flatten_forward
from reference.normalization import batchnorm2d_infer, batchnorm_infer, z_score
from reference.perceptron import mlp_forward, neuron_backward, neuron_forward, perceptron_forward
from reference.pooling import avg_pool2d_backward, avg_pool2d_forward, max_pool2d_backward, max_pool2d_forward
from reference.repairs import corrected_momentum_step, local1d_backward

B, W2, W1 = np.ones(3), np.ones((3, 2, 2, 3)), np.ones((3, 2, 3))
IMAGES, POOL = np.ones((2, 4, 5, 2)), {"window": 2, "stride": 1}


@pytest.mark.parametrize(
    ("function", "batches", "others", "words"),
    [
        (conv2d_forward, [IMAGES], [W2, B], {"pad": 1}),
        (conv2d_backward, [np.ones((2, 4, 6, 3)), IMAGES], [W2, B], {"pad": 1}),
        (conv1d_forward, [np.ones((2, 6, 2))], [W1, B], {"pad": 1, "stride": 2}),
        (conv1d_backward, [np.ones((2, 3, 3)), np.ones((2, 6, 2))], [W1, B], {"pad": 1, "stride": 2}),
        (dense_forward, [np.ones((2, 2, 2))], [np.ones((4, 3)), B], {}),
        (dense_backward, [np.ones((2, 3)), np.ones((2, 2, 2))], [np.ones((4, 3)), B], {}),
        (flatten_forward, [IMAGES], [], {}),
        (flatten_backward, [np.ones((2, 40)), IMAGES], [], {}),
        (max_pool2d_forward, [IMAGES], [], POOL),
        (max_pool2d_backward, [np.ones((2, 3, 4, 2)), IMAGES], [], POOL),
        (avg_pool2d_forward, [IMAGES], [], POOL),
        (avg_pool2d_backward, [np.ones((2, 3, 4, 2)), IMAGES], [], POOL),
        (perceptron_forward, [np.ones((2, 3))], [B, 0.0], {}),
        (neuron_forward, [np.ones((2, 3))], [B, 0.0], {}),
        (neuron_backward, [np.ones(2), np.ones((2, 3))], [B, 0.0], {}),
        (mlp_forward, [np.ones((2, 3))], [[np.ones((3, 3))], [B]], {}),
        (local1d_backward, [np.ones((2, 2, 1)), np.ones((2, 3, 1))], [np.ones((2, 2, 1, 1))], {}),
        (batchnorm_infer, [np.ones((2, 3))], [B, B, B, B], {}),
        (batchnorm2d_infer, [np.ones((2, 2, 2, 3))], [B, B, B, B], {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_batch_without_examples_has_a_result_without_examples(function, batches, others, words):
    """The shapes are those of two examples, with 0 in the place of 2; gradients of parameters are 0."""
    full = function(*batches, *others, **words)
    empty = function(*(batch[:0] for batch in batches), *others, **words)
    pairs = zip(full, empty, strict=True) if isinstance(full, tuple) else [(full, empty)]
    for some, none in pairs:
        some, none = np.asarray(some), np.asarray(none)
        follows = some.ndim > 0 and some.shape != none.shape
        assert none.shape == ((0, *some.shape[1:]) if follows else some.shape)
        assert not np.any(none)


@pytest.mark.parametrize("x", [-700.0, -40.0, -1.0, 0.0, 20.0, 40.0, 700.0])
def test_the_slope_of_the_sigmoid_keeps_its_digits(x):
    """In both tails too, where 1 - s is 0."""
    decay = math.exp(-abs(x))
    assert sigmoid_backward(np.ones(1), np.array([x])).item() == pytest.approx(
        decay / (1 + decay) ** 2, rel=1e-14, abs=0
    )


@pytest.mark.parametrize("scale", [1e-300, 1e-165, 1e-150, 1.0, 1e150, 1e155, 1e300])
def test_z_score_ignores_the_scale_where_squares_cannot_be_stored(scale):
    """Of all columns, and beside a column of another scale and a constant one."""
    column = np.array([-1.0, 1.0, -1.0, 1.0])
    x = np.stack([column * scale, column, np.full(4, 7.0)], axis=1)
    np.testing.assert_allclose(z_score(x), np.stack([column, column, np.zeros(4)], axis=1), rtol=1e-14)


def test_a_momentum_of_zero_keeps_the_gradient_to_the_last_bit():
    """Nothing of m is left, however large it was."""
    dw = np.array([1e-6, 0.1])
    assert np.array_equal(corrected_momentum_step(np.zeros(2), dw, np.array([1e3, -1e9]), lr=0.1, t=3, mu=0.0)[1], dw)
