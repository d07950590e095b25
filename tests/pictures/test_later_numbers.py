"""What the pictures of units 5 to 7 show is the reference's, and what their captions claim is true of it."""

from __future__ import annotations

import numpy as np
import pytest

from reference.backpropagation import graph_backward, graph_forward
from reference.digits import part


@pytest.mark.parametrize("case", [(1.0, 2.0, 4.0), (5.0, 2.0, 4.0), (-1.5, 0.5, -3.0)])
def test_what_comes_back_on_the_edges_adds_up(case, scripts):
    """At x, y and z to graph_backward, and at every node by the rules of sum, max and product."""
    edges = {(edge.source, edge.target): edge for edge in scripts("backpropagation").graph(*case)}
    back = {name: sum(e.gradient for e in edges.values() if e.source == name) for name in ("x", "y", "z")}
    assert tuple(back.values()) == pytest.approx(graph_backward(*case))
    q, m = edges["+", "×"], edges["max", "×"]
    assert (q.gradient, m.gradient) == pytest.approx((m.value, q.value))
    assert q.value * m.value == pytest.approx(graph_forward(*case)) == pytest.approx(edges["×", "f"].value)
    assert edges["x", "max"].gradient + edges["z", "max"].gradient == pytest.approx(m.gradient)


def test_the_small_network_s_numbers_are_those_of_its_exercises(scripts):
    """As worked by hand in mlp and mlp_backprop."""
    forward, backward = scripts("backpropagation").mlp_numbers()
    assert [numbers.tolist() for numbers in forward] == [[1, 2], [0.5, 0.5], [0.5]]
    assert [numbers.tolist() for numbers in backward] == [[4, -2], [12, 4], [16]]


def test_the_error_of_a_difference_falls_and_rises(scripts):
    """A hundredfold for each factor ten of a large step, and again upwards for tiny ones; lowest near 1e-5."""
    h, error = scripts("backpropagation").difference_errors()
    at = {power: error[np.argmin(np.abs(np.log10(h) - power))] for power in (-12, -5, -3, -2)}
    assert at[-2] / at[-3] == pytest.approx(100, rel=1e-2)
    assert at[-5] < 1e-8 < at[-12]
    assert 1e-7 < h[np.argmin(error)] < 1e-4


def test_l1_arrives_at_zero_and_l2_never_does(scripts):
    """Under the penalty alone, after sixteen steps."""
    unit = scripts("regularization")
    arrived = [np.flatnonzero(weight == 0).tolist() for weight in unit.pulled("l1_penalty").T]
    assert arrived == [list(range(8, 17)), list(range(4, 17)), list(range(2, 17))]
    assert np.all(unit.pulled("l2_penalty") > 0)
    assert np.allclose(unit.pulled("l2_penalty")[1:] / unit.pulled("l2_penalty")[:-1], 0.75)


def test_the_masks_are_two_different_draws(scripts):
    """Their numbers are 0 and 1/(1 − p), and every layer keeps somebody, or the drawing would fall apart."""
    first, second = scripts("regularization").masks()
    assert all(set(mask) == {0.0, 2.0} for mask in (*first, *second))
    assert not all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_batch_normalization_moves_and_scales_only(scripts):
    """Mean 0 and deviation 1 for every feature, and the order of its numbers as before."""
    unit = scripts("regularization")
    x = unit.batch()
    out = unit.normalized(x)
    assert np.allclose(out.mean(axis=0), 0) and np.allclose(out.std(axis=0), 1, atol=1e-4)
    assert np.array_equal(np.argsort(x, axis=0), np.argsort(out, axis=0))


def test_momentum_is_the_weight_of_the_old_average(scripts):
    """From 0, the first batch counts nine times as much with momentum 0.1; with 0.9 the average is steadier."""
    slow, quick = (scripts("regularization").running_means(momentum) for momentum in (0.9, 0.1))
    assert quick[1] == pytest.approx(9 * slow[1])
    assert slow[20:].std() < 0.5 * quick[20:].std()
    assert slow[20:].mean() == pytest.approx(5, abs=0.5)


def test_the_digits_shown_are_training_rows(scripts):
    """Two of each, with their labels; no hidden row is given away."""
    images, labels = scripts("training").samples()
    assert labels.tolist() == [list(range(10))] * 2
    rows = {row.tobytes() for row in part("train")[0]}
    assert all(image.tobytes() in rows for image in images.reshape(20, 64))


def test_both_networks_learn(scripts):
    """From about the loss of a guess to a tenth of it, and right on most rows that they have not seen."""
    unit = scripts("training")
    for name in unit.NETWORKS:
        history = unit.trained(name)[0]
        assert history[0] == pytest.approx(np.log(10), rel=0.3)
        assert history[-1] < 0.1 * history[0] and unit.accuracy(name) > 0.9
    assert unit.trained("train_cnn")[0][7] < unit.trained("train_mlp")[0][19]


def test_the_confusion_matrix_counts_every_row(scripts):
    """The validation's rows, its trace the accuracy, and no error as frequent as an eight taken for a one."""
    unit = scripts("training")
    table = unit.confusion()
    assert table.sum() == len(part("validation")[0])
    assert np.trace(table) / table.sum() == pytest.approx(unit.accuracy("train_cnn"))
    errors = table - np.diag(np.diag(table))
    assert np.unravel_index(np.argmax(errors), errors.shape) == (8, 1)


def test_twenty_rows_are_learned_by_heart(scripts):
    """The last loss alone is below the tolerance."""
    history = scripts("training").memorized()
    assert history[-1] < scripts("training").TOLERANCE <= min(history[:-1])


def test_regularization_closes_the_gap(scripts):
    """Worse on its own rows, wrong labels and all, and better on fresh ones."""
    (plain_own, plain_fresh), (own, fresh) = scripts("training").gaps().values()
    assert own < plain_own and fresh > plain_fresh
    assert plain_own - plain_fresh > 0.2 and own - fresh < 0.05


def test_the_normalizations_keep_their_promises(scripts):
    """Min-max ends at 0 and 1, the logarithm too, arctangent stays below 1, z-score is centred."""
    unit, x = scripts("regularization"), np.arange(1.0, 21)[:, None]
    lines = {name: getattr(unit.normalization, name)(x)[:, 0] for name in unit.NORMALIZATIONS}
    assert (lines["min_max_normalize"][[0, -1]] == [0, 1]).all() and (lines["log_normalize"][[0, -1]] == [0, 1]).all()
    assert lines["arctan_normalize"].max() < 1 and lines["z_score"].mean() == pytest.approx(0)
