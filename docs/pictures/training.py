"""Unit 7: the digits, how the loss falls, which digits are mixed up, and what over-fitting looks like.

Only rows that students may see are drawn: those to train on and those of the validation.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from docs.pictures.grid import cells, limits
from docs.pictures.style import BLUE, GREY, INK, PALE_BLUE, PALE_ORANGE, VERMILION, bare, figure
from reference import cnn_training, mlp_training, regularized_training
from reference.digits import CLASSES, mislabelled, part

ROWS, FEW, WRONG, TOLERANCE = 400, 200, 60, 0.01
NETWORKS = {"train_mlp": (BLUE, "-"), "train_cnn": (VERMILION, "--")}


def samples() -> tuple[np.ndarray, np.ndarray]:
    """The first two training images of every digit: (2, 10, 8, 8) and their digits (2, 10)."""
    x, labels = part("train")
    rows = np.array([np.flatnonzero(labels == digit)[:2] for digit in range(CLASSES)]).T
    return x[rows].reshape(2, CLASSES, 8, 8), labels[rows]


def sample_digits() -> Figure:
    """Two images of every digit, as the network gets them: 64 numbers from 0 to 1."""
    fig = figure(8.4, 2.0)
    ax = fig.subplots()
    for (i, j), digit in np.ndenumerate(samples()[1]):
        _pixels(ax, samples()[0][i, j], 9.5 * j, 9.5 * i)
        if not i:
            ax.text(9.5 * j + 4, -0.8, f"{digit}", ha="center", va="bottom")
    limits(ax, -0.5, 9.5 * CLASSES - 1, -3, 18)
    bare(ax)
    return fig


def _pixels(ax: Axes, image: np.ndarray, left: float, top: float) -> None:
    """Ink on paper: one path for each of the grey tones that occur."""
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]])
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    tones = np.ceil(image * 4) / 4
    for tone in np.unique(tones[tones > 0]):
        corners = [np.array([left + j, top + i]) for i, j in np.argwhere(tones == tone)]
        path = Path(np.concatenate([square + corner for corner in corners]), codes * len(corners))
        ax.add_patch(PathPatch(path, facecolor=f"{1 - 0.85 * tone:.3f}", linewidth=0))


@cache
def trained(name: str) -> tuple[list[float], np.ndarray]:
    """(history, predicted): the loss of every epoch on 400 rows, and what is said about the validation's."""
    (x, labels), (fresh, _) = part("train"), part("validation")
    rng = np.random.default_rng(0)
    if name == "train_mlp":
        params = mlp_training.train(x[:ROWS], labels[:ROWS], rng=rng)
        return params["history"], mlp_training.predict(fresh, params)
    params = cnn_training.train(x[:ROWS].reshape(-1, 8, 8, 1), labels[:ROWS], rng=rng)
    return params["history"], cnn_training.predict(fresh.reshape(-1, 8, 8, 1), params)


def accuracy(name: str) -> float:
    """The share of validation rows that the trained network gets right."""
    return np.mean(trained(name)[1] == part("validation")[1]).item()


def learning_curves() -> Figure:
    """The mean loss of each epoch, for both networks."""
    fig = figure(6.4, 3.0)
    ax = fig.subplots()
    for name, (color, style) in NETWORKS.items():
        history = trained(name)[0]
        label = f"{name}: {accuracy(name):.1%} of {len(part('validation')[0])} unseen rows right"
        epochs = np.arange(1, len(history) + 1)
        ax.plot(epochs, history, color=color, linestyle=style, marker="o", markersize=3, label=label)
    ax.axhline(np.log(CLASSES), color=GREY, linewidth=0.8, linestyle=":")
    ax.annotate("log 10: a guess", (20, np.log(CLASSES)), (0, 4), textcoords="offset points", ha="right")
    ax.set(xlabel="epoch", ylabel="mean loss on 400 rows", ylim=(0, 2.6), xticks=[1, 5, 10, 15, 20])
    ax.legend(loc="upper right", bbox_to_anchor=(1, 0.85))
    return fig


def confusion() -> np.ndarray:
    """(10, 10): how often a digit (row) was taken for which (column) by train_cnn, on the validation's rows."""
    table = np.zeros((CLASSES, CLASSES))
    np.add.at(table, (part("validation")[1], trained("train_cnn")[1]), 1)
    return table


def confusion_matrix() -> Figure:
    """Digits against what they were taken for."""
    table = confusion()
    fig = figure(4.6, 4.6)
    ax = fig.subplots()
    fill = {p: PALE_BLUE if p[0] == p[1] else PALE_ORANGE for p in np.ndindex(table.shape) if table[p]}
    cells(ax, table, fill=fill, hidden=zip(*np.nonzero(table == 0), strict=True))
    for digit in range(CLASSES):
        ax.text(digit + 0.5, -0.3, f"{digit}", ha="center", va="bottom", color=GREY)
        ax.text(-0.3, digit + 0.5, f"{digit}", ha="right", va="center", color=GREY)
    ax.text(5, -1.1, "predicted", ha="center", va="bottom")
    ax.text(-1.2, 5, "true label", ha="right", va="center", rotation=90)
    limits(ax, -1.8, 10.2, -1.9, 10.2)
    bare(ax)
    return fig


def memorized() -> list[float]:
    """The loss of 20 rows in every step of train_until."""
    x, labels = part("train")
    return mlp_training.train_until(x[:20], labels[:20], tolerance=TOLERANCE, rng=np.random.default_rng(0))[1]


@cache
def gaps() -> dict[str, tuple[float, float]]:
    """Name → accuracy on its own 200 rows, 60 of them labelled wrongly, and on the validation's."""
    (x, truth), (fresh, fresh_labels), found = part("train"), part("validation"), {}
    x, labels = x[:FEW], mislabelled(truth[:FEW], WRONG, np.random.default_rng(1))
    for name, regularize in (("plain", False), ("dropout and\nbatch norm", True)):
        params = regularized_training.train(x, labels, rng=np.random.default_rng(0), regularize=regularize)
        own, other = (regularized_training.predict(rows, params) for rows in (x, fresh))
        found[name] = np.mean(own == labels).item(), np.mean(other == fresh_labels).item()
    return found


def overfitting() -> Figure:
    """Twenty rows learned by heart, and the gap between a network's own rows and fresh ones."""
    fig = figure(8.2, 3.2)
    left, right = fig.subplots(1, 2)
    history = memorized()
    left.semilogy(history, color=BLUE)
    left.axhline(TOLERANCE, color=VERMILION, linestyle="--", linewidth=1)
    left.annotate("tolerance", (0, TOLERANCE), (0, 4), textcoords="offset points", color=VERMILION)
    left.set(title=f"overfit_check: {len(history) - 1} steps", xlabel="step", ylabel="loss of 20 rows")
    _bars(right)
    return fig


def _bars(ax: Axes) -> None:
    for n, (own, other) in enumerate(gaps().values()):
        for shift, height, color, name in ((-0.2, own, BLUE, "its own rows"), (0.2, other, VERMILION, "fresh rows")):
            bar = ax.bar(n + shift, height, 0.36, color=color, label=name if not n else None)
            ax.bar_label(bar, [f"{height:.0%}"], padding=2, color=INK)
    ax.set(title="regularized: 60 of 200 labels wrong", ylabel="accuracy", ylim=(0, 1.35))
    ax.set_xticks([0, 1], list(gaps()))
    ax.set_yticks([0, 0.5, 1])
    ax.legend(loc="upper center", ncols=2)


PICTURES = (sample_digits, learning_curves, confusion_matrix, overfitting)
