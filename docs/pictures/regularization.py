"""Unit 6: what the penalties pull at, who is dropped, and what normalization does to numbers."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.pictures.grid import limits, neuron, number
from docs.pictures.style import (
    BLUE,
    GREEN,
    GREY,
    LINE,
    ORANGE,
    PALE_BLUE,
    PALE_GREY,
    PURPLE,
    VERMILION,
    bare,
    figure,
    zero_lines,
)
from reference import normalization
from reference.normalization import batchnorm_train
from reference.optimizers import sgd_step
from reference.regularization import (
    dropout_mask,
    l1_penalty,
    l1_penalty_backward,
    l2_penalty,
    l2_penalty_backward,
)

STRENGTH, LR, PULL_STEPS = 0.5, 0.25, 16
PENALTIES = {
    "l1_penalty": (l1_penalty, l1_penalty_backward, VERMILION, "--"),
    "l2_penalty": (l2_penalty, l2_penalty_backward, BLUE, "-"),
}


def pulled(name: str) -> np.ndarray:
    """The weights 1, 0.5 and 0.25 in each step of descent on the penalty alone: (steps + 1, 3)."""
    path = [np.array([1.0, 0.5, 0.25])]
    for _ in range(PULL_STEPS):
        path.append(sgd_step(path[-1], PENALTIES[name][1](path[-1], strength=STRENGTH), lr=LR))
    return np.array(path)


def penalties() -> Figure:
    """L1 and L2: the penalty, its gradient, and what becomes of three weights that only the penalty moves."""
    fig = figure(8.6, 3.0)
    value, slope, course = fig.subplots(1, 3)
    w = np.linspace(-2, 2, 81)
    for name, (penalty, backward, color, style) in PENALTIES.items():
        look = {"color": color, "linestyle": style}
        value.plot(w, [penalty(np.array([x]), strength=STRENGTH) for x in w], label=name, **look)
        slope.plot(w, backward(w, strength=STRENGTH), **look)
        course.plot(pulled(name), linewidth=1.3, **look)
    for ax in (value, slope):
        zero_lines(ax)
    value.set(xlabel="w", ylabel="penalty", title="strength 0.5")
    slope.set(xlabel="w", ylabel="dw", title="the pull")
    course.axhline(0, color=LINE, linewidth=0.8, zorder=0)
    course.set(xlabel="step", ylabel="w", title="the penalty alone")
    value.legend(loc="upper center")
    return fig


SIZES, DROP = (4, 6, 6, 2), 0.5


def masks() -> list[list[np.ndarray]]:
    """The hidden layers' masks of two steps of training, drawn one after the other."""
    rng = np.random.default_rng(2)
    return [[dropout_mask((size,), p=DROP, rng=rng) for size in SIZES[1:-1]] for _ in range(2)]


def dropout_masks() -> Figure:
    """The whole network, and who is there in two steps of training."""
    fig = figure(8.6, 3.2)
    everybody = [np.ones(size) for size in SIZES[1:-1]]
    titles = ("inference: all units", "one step of training", "the next step")
    for ax, drawn, title in zip(fig.subplots(1, 3), [everybody, *masks()], titles, strict=True):
        _network(ax, [np.ones(SIZES[0]), *drawn, np.ones(SIZES[-1])], hidden=range(1, len(SIZES) - 1))
        ax.set_title(title)
    return fig


def _network(ax: Axes, layers: list[np.ndarray], hidden: range) -> None:
    places = [np.arange(len(mask)) - (len(mask) - 1) / 2 for mask in layers]
    for n, mask in enumerate(layers):
        for x, value in zip(places[n], mask, strict=True):
            color = PALE_BLUE if value and n in hidden else PALE_GREY if value else "none"
            neuron(ax, x, 1.7 * n, color, number(value) if n in hidden else "", radius=0.32)
        if n:
            kept = [(a, b) for a in places[n - 1][layers[n - 1] > 0] for b in places[n][mask > 0]]
            # One path with gaps: a line of its own for each connection would make a large file.
            ends = [point for a, b in kept for point in ((a, 1.7 * n - 1.38), (b, 1.7 * n - 0.32), (np.nan, np.nan))]
            ax.plot(*zip(*ends, strict=True), color=GREY, linewidth=0.5, zorder=1)
    limits(ax, -3.1, 3.1, 1.7 * len(layers) - 1.2, -0.5)
    bare(ax)


FEATURES = {"feature 0": (8.0, 3.0, BLUE), "feature 1": (-4.0, 0.8, VERMILION), "feature 2": (1.0, 6.0, GREEN)}


def batch() -> np.ndarray:
    """A batch x (512, 3) whose features differ in place and width."""
    rng = np.random.default_rng(0)
    return np.stack([rng.normal(mean, std, 512) for mean, std, _ in FEATURES.values()], axis=1)


def normalized(x: np.ndarray) -> np.ndarray:
    """x after batchnorm_train with gamma 1 and beta 0."""
    ones, zeros = np.ones(x.shape[1]), np.zeros(x.shape[1])
    return batchnorm_train(x, ones, zeros, zeros, ones)[0]


def batchnorm_before_after() -> Figure:
    """Three features of a batch: where they lie before, and after."""
    fig = figure(8.2, 3.0)
    x = batch()
    shown = {"x": (x, np.linspace(-22, 22, 45)), "out, gamma = 1, beta = 0": (normalized(x), np.linspace(-4, 4, 33))}
    for ax, (title, (values, edges)) in zip(fig.subplots(1, 2), shown.items(), strict=True):
        for column, (name, (*_, color)) in zip(values.T, FEATURES.items(), strict=True):
            counts = np.histogram(column, edges)[0]
            label = f"{name}: mean {column.mean():.1f}, std {column.std():.1f}".replace("-0.0", "0.0")
            ax.stairs(counts, edges, color=color, linewidth=1.4, label=label.replace("-", "−"))
        ax.set(title=title, xlabel="value", ylabel="rows of the batch")
        ax.set_ylim(top=1.65 * ax.get_ylim()[1])
        ax.legend(loc="upper left", fontsize=8)
    return fig


def running_means(momentum: float) -> np.ndarray:
    """The running mean of one feature, before the first and after each of 40 batches of 8 rows around 5."""
    rng = np.random.default_rng(4)
    one, mean, var = np.ones(1), np.zeros(1), np.ones(1)
    found = [mean]
    for _ in range(40):
        _, mean, var = batchnorm_train(rng.normal(5, 3, (8, 1)), one, one, mean, var, momentum=momentum)
        found.append(mean)
    return np.array(found)[:, 0]


def running_mean() -> Figure:
    """The running mean over the batches, once with much weight on the old average, once with little."""
    fig = figure(6.4, 2.9)
    ax = fig.subplots()
    ax.axhline(5, color=GREY, linewidth=0.8)
    for momentum, color, style in ((0.9, BLUE, "-"), (0.1, VERMILION, ":")):
        ax.plot(running_means(momentum), color=color, linestyle=style, label=f"momentum = {momentum}")
    ax.set(xlabel="batch", ylabel="running_mean")
    ax.legend(loc="lower right")
    return fig


NORMALIZATIONS = {"min_max_normalize": BLUE, "log_normalize": ORANGE, "arctan_normalize": VERMILION, "z_score": PURPLE}


def normalizations() -> Figure:
    """The four normalizations of a column with the numbers 1 to 20."""
    fig = figure(6.4, 3.0)
    ax = fig.subplots()
    x = np.arange(1.0, 21)[:, None]
    for (name, color), marker in zip(NORMALIZATIONS.items(), "os^D", strict=True):
        ax.plot(x, getattr(normalization, name)(x), marker, color=color, markersize=3.5, label=name)
    ax.axhline(0, color=LINE, linewidth=0.8, zorder=0)
    ax.set(xlabel="x", ylabel="normalized", xticks=[1, 5, 10, 15, 20])
    ax.legend(loc="lower right")
    return fig


PICTURES = (penalties, dropout_masks, normalizations, batchnorm_before_after, running_mean)
