"""Unit 4: three optimizers in a ravine, three ways to read the data, and two valleys."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.pictures.style import BLUE, GREEN, GREY, INK, LINE, VERMILION, figure
from reference.descent import gradient_descent, minibatches, race
from reference.optimizers import sgd_step
from reference.regression import l2_loss, l2_loss_backward

STEEPNESS, START = np.array([1.0, 19.0]), np.array([-8.0, 2.0])
LOOKS = {"sgd": (VERMILION, "o"), "momentum": (BLUE, "s"), "adagrad": (GREEN, "^")}

ROWS, EPOCHS, TRUTH = 60, 4, np.array([1.5, -1.0])
SIZES = {"batch": ROWS, "mini-batch": 10, "stochastic": 1}
RATES = {"batch": 0.2, "mini-batch": 0.1, "stochastic": 0.03}


def ravine(w: np.ndarray) -> np.ndarray:
    """J(w) = (w₀² + 19·w₁²) / 2, for points in the last axis."""
    return (STEEPNESS * w**2).sum(axis=-1) / 2


def paths() -> dict[str, np.ndarray]:
    """The three optimizers' ways down the ravine."""
    return race(lambda w: STEEPNESS * w, START, steps=30, lr=0.1, adagrad_lr=1.8, mu=0.5)


def optimizer_race() -> Figure:
    """The paths over the contours of the ravine, and how the loss falls."""
    fig = figure(8.6, 5.6)
    above, below = fig.subplots(2, 1, height_ratios=[1.5, 1])
    side, height = np.linspace(-9, 3, 61), np.linspace(-2.4, 2.4, 41)
    grid = np.stack(np.meshgrid(side, height), axis=-1)
    above.contour(side, height, ravine(grid), levels=[0.5, 2, 5, 10, 20, 35, 55, 80], colors=LINE, linewidths=0.8)
    for (name, path), (color, marker) in zip(paths().items(), LOOKS.values(), strict=True):
        look = {"color": color, "marker": marker, "markersize": 4, "linewidth": 1.2}
        above.plot(*path.T, label=name, **look)
        below.semilogy(ravine(path), label=name, **look)
    above.plot(*START, "o", color=INK, markersize=7)
    above.annotate("start", START, (0, 9), textcoords="offset points", ha="center")
    above.plot(0, 0, "*", color=INK, markersize=11)
    above.set(xlabel="w₀, along the ravine", ylabel="w₁, across")
    above.legend(loc="upper right")
    below.set(xlabel="step", ylabel="J(w)", ylim=(1e-7, 2e2))
    return fig


def measurements() -> tuple[np.ndarray, np.ndarray]:
    """x (60, 2) and y (60,): a line with noise, to be fitted by y = x @ w."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(ROWS, 2)) * [1.0, 0.6]
    return x, x @ TRUTH + rng.normal(size=ROWS) * 0.8


def slope(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The gradient of the L2 loss of x @ w, averaged over these rows."""
    return x.T @ l2_loss_backward(x @ w, y)


def descents() -> dict[str, np.ndarray]:
    """Name → path of batch, mini-batch and stochastic descent, all through so many epochs of the same data."""
    (x, y), found = measurements(), {}
    for name, size in SIZES.items():
        rng, w = np.random.default_rng(1), np.array([-1.5, 1.5])
        if size == ROWS:
            found[name] = gradient_descent(lambda w: slope(w, x, y), w, lr=RATES[name], steps=EPOCHS)
            continue
        path = [w]
        for _ in range(EPOCHS):
            for xb, yb in minibatches(x, y, batch_size=size, rng=rng):
                path.append(sgd_step(path[-1], slope(path[-1], xb, yb), lr=RATES[name]))
        found[name] = np.array(path)
    return found


def batch_sizes() -> Figure:
    """Three paths through the same data over the contours of the loss on all of it."""
    x, y = measurements()
    fig = figure(8.6, 3.4)
    side, height = np.linspace(-2, 2.5, 41), np.linspace(-2, 2, 41)
    # Rounded, since the last bit depends on the processor, and whether a contour closes depends on the last bit.
    losses = np.round([[l2_loss(x @ np.array([a, b]), y) for a in side] for b in height], 9)
    best = np.linalg.lstsq(x, y, rcond=None)[0]
    axes = fig.subplots(1, 3, sharex=True, sharey=True)
    for ax, (name, path), (color, _) in zip(axes, descents().items(), LOOKS.values(), strict=True):
        ax.contour(side, height, losses, levels=[0.8, 1.5, 3, 5, 8, 12, 17], colors=LINE, linewidths=0.8)
        ax.plot(*path.T, color=color, linewidth=1, marker="o" if len(path) < 50 else "", markersize=3)
        ax.plot(*best, "*", color=INK, markersize=11)
        ax.set(title=f"{name}: {len(path) - 1} steps\nof {SIZES[name]} row{'s' * (SIZES[name] > 1)}", xlabel="w₀")
    axes[0].set_ylabel("w₁")
    return fig


def valleys(w: np.ndarray) -> np.ndarray:
    """J(w) = (w² − 1)² + w, which has two."""
    return (w**2 - 1) ** 2 + w


def ends() -> dict[float, np.ndarray]:
    """Start → path of gradient descent."""
    starts = (1.5, -0.1)
    return {w: gradient_descent(lambda w: 4 * w * (w * w - 1) + 1, np.array([w]), lr=0.05, steps=50) for w in starts}


def two_valleys() -> Figure:
    """Gradient descent ends in the valley it started above."""
    fig = figure(6.4, 3.1)
    ax = fig.subplots()
    w = np.linspace(-1.55, 1.6, 121)
    ax.plot(w, valleys(w), color=GREY, linewidth=1.2)
    for (start, path), color, marker in zip(ends().items(), (VERMILION, BLUE), "os", strict=True):
        ax.plot(path, valleys(path), marker=marker, color=color, linewidth=0.8, markersize=4)
        ax.plot(path[-1], valleys(path[-1]), "*", color=INK, markersize=11)
        _note(ax, path[0, 0], f"start {start:g}".replace("-", "−"), (-6, 2), "right")
        _note(ax, path[-1, 0], f"end {path[-1, 0]:.3f}".replace("-", "−"), (0, -14), "center")
    ax.set(xlabel="w", ylabel="J(w)", ylim=(-2, 3.6))
    return fig


def _note(ax: Axes, w: float, text: str, shift: tuple[float, float], side: str) -> None:
    ax.annotate(text, (w, valleys(np.array(w))), shift, textcoords="offset points", ha=side, va="center")


PICTURES = (optimizer_race, batch_sizes, two_valleys)
