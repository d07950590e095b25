"""What the pictures of units 1 to 4 show is the reference's, and what their captions claim is true of it."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from reference.descent import gradient_descent
from reference.perceptron import perceptron_forward, perceptron_update
from reference.regression import l2_loss
from reference.translation import pool_invariance


def test_the_line_turns_until_nothing_is_wrong(scripts):
    """Each panel is one pass of perceptron_update after the one before, and a further pass changes nothing."""
    unit = scripts("perceptron")
    lines = unit.lines()
    for (w, b), (next_w, next_b) in pairwise(lines):
        updated = perceptron_update(unit.X, unit.Y, w, b, lr=unit.LR)
        assert np.array_equal(updated[0], next_w) and updated[1] == next_b
    wrong = [int(np.sum(perceptron_forward(unit.X, w, b) != unit.Y)) for w, b in lines]
    assert (wrong[0], wrong[1], wrong[-1]) == (4, 2, 0)
    assert np.array_equal(perceptron_update(unit.X, unit.Y, *lines[-1], lr=unit.LR)[0], lines[-1][0])


def test_the_sigmoid_s_slope_is_drawn(scripts):
    """It is out·(1 − out), at most a quarter, and what a difference quotient of the curve says."""
    found = scripts("perceptron").responses()
    assert np.array_equal(found["step"], found["sum"] >= 0)
    assert np.allclose(found["slope"], found["sigmoid"] * (1 - found["sigmoid"]))
    assert found["slope"].max() == 0.25
    assert np.allclose(np.gradient(found["sigmoid"], found["sum"])[1:-1], found["slope"][1:-1], atol=1e-3)


def test_the_network_computes_xor(scripts):
    """Hidden neuron 1 says or, hidden neuron 2 and, the output xor, at every corner."""
    said = scripts("perceptron").hidden_and_out(scripts("perceptron").CORNERS)
    assert np.round(said).tolist() == [[0, 0, 0], [1, 0, 1], [1, 0, 1], [1, 1, 0]]


def test_the_sliding_window_makes_the_lecture_s_table(scripts):
    """All sixteen numbers, and for the first window the slide's own sum."""
    unit = scripts("layers")
    table = [[unit.window_step((i, j))[1] for j in range(4)] for i in range(4)]
    assert table == [[-1, 3, 2, 3], [0, 4, 3, 6], [2, 3, 6, 3], [2, 2, 4, 0]]
    window, _, products = unit.window_step((0, 0))
    assert window.tolist() == [[0, 0, 0], [0, 1, 2], [0, 0, 2]]
    assert products == "0·1 + 0·(−1) + 0·1 + 0·0 + 1·1 + 2·0 + 0·1 + 0·1 + 2·(−1) = −1"


@pytest.mark.parametrize("place", [(0, 1), (2, 2), (3, 3)])
def test_the_products_that_are_written_out_make_the_number(place, scripts):
    """The sum of window times kernel, entry by entry."""
    window, out, products = scripts("layers").window_step(place)
    assert np.sum(window * scripts("layers").KERNEL) == out
    assert eval(products.partition(" = ")[0].replace("·", "*").replace("−", "-")) == out


def test_both_poolings_are_the_lecture_s(scripts):
    """Window 2 with stride 1 on 3×3, and with stride 2 on 4×4."""
    unit = scripts("layers")
    assert unit.pooled(unit.NINE, window=2, stride=1).tolist() == [[5, 6], [8, 9]]
    assert unit.pooled(unit.SIXTEEN, window=2, stride=2).tolist() == [[6, 8], [14, 16]]


def test_the_activations_slopes_belong_to_their_curves(scripts):
    """Away from the corner at 0 each dashed line is the solid one's difference quotient."""
    x = np.linspace(-4, 4, 161)
    smooth = np.abs(x) > 0.1
    smooth[[0, -1]] = False
    for out, slope in scripts("layers").activation_curves().values():
        assert np.allclose(np.gradient(out, x)[smooth], slope[smooth], atol=2e-3)


def test_lines_and_numbers_of_the_layers_agree(scripts):
    """As many connections as the matrix has entries, as many parameters as it has different numbers."""
    unit = scripts("layers")
    assert unit.counts() == ((25, 25), (13, 3))
    for matrix, (connections, parameters) in zip(unit.matrices(), unit.counts(), strict=True):
        assert np.count_nonzero(matrix) == connections
        assert len(np.unique(matrix[matrix != 0])) == parameters


def test_the_moved_pictures_pool_as_the_lecture_says(scripts):
    """Its first row moved changes no output; the whole picture moved changes two of four."""
    unit = scripts("layers")
    still, row, everything = (unit.pooled(x, window=2, stride=2) for x in unit.moves().values())
    assert unit.moves()["first row to the left"][0].tolist() == [2, 3, 4, 5]
    assert row.tolist() == still.tolist() == [[6, 8], [14, 16]]
    assert np.mean(everything == still) == pool_invariance(unit.SIXTEEN, 0, -1, window=2, stride=2) == 0.5


@pytest.mark.parametrize(
    ("name", "options", "loss", "gradient"),
    [
        ("l1_loss", {}, 2, 1),
        ("l2_loss", {}, 4, 4),
        ("smooth_l1_loss", {}, 1.5, 1),
        ("huber_loss", {"delta": 0.5}, 0.875, 0.5),
        ("huber_loss", {"delta": 2.0}, 2, 2),
    ],
)
def test_the_regression_losses_at_a_distance_of_two(name, options, loss, gradient, scripts):
    """On both sides, computed by hand."""
    unit = scripts("losses")
    values, slopes = unit.loss_curve(name, **options)
    right, left = (np.argmin(np.abs(unit.DIFFERENCES - d)) for d in (2, -2))
    assert [values[right], values[left]] == pytest.approx([loss, loss])
    assert [slopes[right], slopes[left]] == pytest.approx([gradient, -gradient])


def test_the_lecture_s_cross_entropies_in_both_bases(scripts):
    """2 and 0.0457 to base 10, 4.605 and 0.105 to base e."""
    surprises = scripts("losses").surprises
    assert surprises(10) == pytest.approx((2, 0.045757), abs=1e-6)
    assert surprises(math.e) == pytest.approx((4.60517, 0.105361), abs=1e-5)


def test_the_scores_are_pushed_apart(scripts):
    """Probabilities less the label; the pushes sum to 0."""
    p, dscores = scripts("losses").pulls()
    assert p == pytest.approx([0.125, 0.25, 0.625])
    assert dscores == pytest.approx([0.125, -0.75, 0.625])


def test_the_race_goes_as_its_caption_says(scripts):
    """SGD changes sides at every step, AdaGrad leads at first, momentum ends far below both."""
    unit = scripts("optimizers")
    paths = unit.paths()
    across = paths["sgd"][:, 1]
    assert np.all(across[1:] * across[:-1] < 0)
    heights = {name: unit.ravine(path) for name, path in paths.items()}
    assert all(len(path) == 31 and path[0].tolist() == [-8, 2] for path in paths.values())
    assert min(heights, key=lambda name: heights[name][1]) == "adagrad"
    assert heights["momentum"][-1] < 1e-3 * min(heights["sgd"][-1], heights["adagrad"][-1])


def test_four_epochs_are_so_many_steps(scripts):
    """One, six and sixty in an epoch of sixty rows; batch descent never climbs, stochastic descent does."""
    unit = scripts("optimizers")
    x, y = unit.measurements()
    losses = {name: [l2_loss(x @ w, y) for w in path] for name, path in unit.descents().items()}
    assert {name: len(found) - 1 for name, found in losses.items()} == {
        "batch": 4,
        "mini-batch": 24,
        "stochastic": 240,
    }
    assert np.all(np.diff(losses["batch"]) < 0)
    assert np.any(np.diff(losses["stochastic"]) > 0)
    assert losses["stochastic"][-1] < losses["mini-batch"][-1] < losses["batch"][-1]


def test_the_two_walks_end_in_different_valleys(scripts):
    """Both ends are flat, and the walk from 1.5 ends in the higher one."""
    unit = scripts("optimizers")
    right, left = (path[-1, 0] for path in unit.ends().values())
    assert [right, left] == pytest.approx([0.838, -1.107], abs=1e-3)
    assert [4 * w * (w * w - 1) + 1 for w in (right, left)] == pytest.approx([0, 0], abs=1e-3)
    assert unit.valleys(right) > unit.valleys(left)


def test_a_large_rate_jumps_out_of_the_valley():
    """From 1.5 on the same curve, 0.05 and 0.1 end in the right valley, 0.15 in the left one."""
    ends = [
        gradient_descent(lambda w: 4 * w * (w * w - 1) + 1, np.array([1.5]), lr=lr, steps=500)[-1, 0]
        for lr in (0.05, 0.1, 0.15)
    ]
    assert ends == pytest.approx([0.838, 0.838, -1.107], abs=1e-3)
