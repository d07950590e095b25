"""Unit 3: the regression losses with their gradients, and cross-entropy in two bases."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.pictures.style import BLUE, GREEN, GREY, INK, LINE, ORANGE, VERMILION, figure, zero_lines
from reference import regression
from reference.losses import cross_entropy, softmax_cross_entropy_backward, softmax_forward

NAMES = {"l1_loss": (VERMILION, "--"), "l2_loss": (BLUE, "-."), "smooth_l1_loss": (GREEN, "-")}
DIFFERENCES = np.linspace(-3, 3, 121)
# The lecture's two predictions; its label is the first class.
EXAMPLES = np.array([[0.01, 0.85, 0.05, 0.09], [0.9, 0.01, 0.07, 0.02]])
LABEL = np.array([[1.0, 0.0, 0.0, 0.0]])
BASES = {"base e": math.e, "base 10": 10.0}
SCORES = np.log([[1.0, 2.0, 5.0]])


def loss_curve(name: str, **options: float) -> tuple[np.ndarray, np.ndarray]:
    """(loss, gradient) of one example for each difference between prediction and target."""
    loss, backward = getattr(regression, name), getattr(regression, f"{name}_backward")
    pairs = [(np.array([[d]]), np.zeros((1, 1))) for d in DIFFERENCES]
    losses = [loss(prediction, target, **options) for prediction, target in pairs]
    return np.array(losses), np.array([backward(*pair, **options).item() for pair in pairs])


def regression_losses() -> Figure:
    """L1, L2 and smooth L1 against the difference, and their gradients."""
    fig = figure(8.2, 3.2)
    left, right = fig.subplots(1, 2)
    for name, (color, style) in NAMES.items():
        for ax, curve in zip((left, right), loss_curve(name), strict=True):
            ax.plot(DIFFERENCES, curve, color=color, linestyle=style, label=name)
    _labels(left, "loss", (-0.2, 4))
    _labels(right, "gradient dprediction", (-4, 4))
    left.legend(loc="upper center")
    return fig


def _labels(ax: Axes, ylabel: str, ylim: tuple[float, float]) -> None:
    zero_lines(ax)
    ax.set(xlabel="d = prediction − target", ylabel=ylabel, ylim=ylim)


def huber_losses() -> Figure:
    """Huber's loss for three deltas: where the parabola ends, the line goes on with the same slope."""
    fig = figure(8.2, 3.2)
    left, right = fig.subplots(1, 2)
    for delta, color, style in ((0.5, ORANGE, ":"), (1.0, GREEN, "-"), (2.0, BLUE, "--")):
        curves = loss_curve("huber_loss", delta=delta)
        for ax, curve in zip((left, right), curves, strict=True):
            ax.plot(DIFFERENCES, curve, color=color, linestyle=style, label=f"delta = {delta:g}")
            joints = np.isclose(np.abs(DIFFERENCES), delta)
            ax.plot(DIFFERENCES[joints], curve[joints], "o", color=color, markersize=5)
    _labels(left, "huber_loss", (-0.2, 4))
    _labels(right, "gradient dprediction", (-2.4, 2.4))
    left.legend(loc="upper center")
    return fig


def surprises(base: float) -> tuple[float, float]:
    """The cross-entropies of the lecture's two examples."""
    bad, good = (cross_entropy(q[None], LABEL, base=base) for q in EXAMPLES)
    return bad, good


def cross_entropy_bases() -> Figure:
    """Cross-entropy against the probability of the true class, with the lecture's examples in both bases."""
    fig = figure(7.0, 3.4)
    ax = fig.subplots()
    q = np.linspace(0.005, 1, 200)
    for (name, base), color, style in zip(BASES.items(), (BLUE, VERMILION), ("-", "--"), strict=True):
        losses = [cross_entropy(np.array([[p, 1 - p]]), np.array([[1.0, 0.0]]), base=base) for p in q]
        ax.plot(q, losses, color=color, linestyle=style, label=f"−log q, {name}")
        for x, out, shift in zip(EXAMPLES[:, 0], surprises(base), ((10, 0), (7, 9)), strict=True):
            ax.plot(x, out, "o", color=color, markeredgecolor=INK, markersize=7)
            high = (7, 22) if name == "base e" and x > 0.5 else shift
            ax.annotate(f"{out:.4g}", (x, out), high, textcoords="offset points", color=INK, va="center")
    for x, name in zip(EXAMPLES[:, 0], ("example 1", "example 2"), strict=True):
        ax.axvline(x, color=GREY, linewidth=0.7, linestyle=":", zorder=0)
        ax.annotate(f"{name}: q = {x:g}", (x, 5.0), (4 if x < 0.5 else -4, 0), textcoords="offset points",
                    ha="left" if x < 0.5 else "right")  # fmt: skip
    ax.set(xlabel="q, the probability given to the true class", ylabel="cross_entropy", ylim=(-0.15, 5.4))
    ax.set_xlim(-0.04, 1.06)
    ax.legend(loc="center")
    return fig


def pulls() -> tuple[np.ndarray, np.ndarray]:
    """(p, dscores) of one row of scores, log 1, log 2 and log 5, whose true class is 1."""
    return softmax_forward(SCORES)[0], softmax_cross_entropy_backward(SCORES, np.array([1]))[0]


def softmax_pull() -> Figure:
    """Softmax's probabilities, and the gradient for the scores: what was said less what is true."""
    fig = figure(7.0, 2.6)
    for ax, values, title in zip(fig.subplots(1, 2), pulls(), ("p = softmax(scores)", "dscores"), strict=True):
        bars = ax.bar(("0", "1 (true)", "2"), values, color=[BLUE if v > 0 else VERMILION for v in values], width=0.6)
        ax.bar_label(bars, [f"{v:g}".replace("-", "−") for v in values], padding=2)
        ax.axhline(0, color=LINE, linewidth=0.8, zorder=0)
        ax.set(title=title, xlabel="class k")
        ax.margins(y=0.2)
    return fig


PICTURES = (regression_losses, huber_losses, cross_entropy_bases, softmax_pull)
