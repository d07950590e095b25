"""Unit 1: the perceptron's line, the sigmoid neuron's curve, and what two layers do with XOR."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.pictures.style import BLUE, CARD, GREEN, INK, PALE_BLUE, PALE_ORANGE, VERMILION, figure, zero_lines
from reference.perceptron import mlp_layers, neuron_backward, neuron_forward, perceptron_forward, perceptron_update

X = np.array([[2.0, 2.2], [3.1, 1.2], [0.6, 2.9], [2.6, 3.2], [-1.4, 0.3], [0.4, -1.6], [-2.3, 1.6], [-0.8, -0.9]])
Y = np.array([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0])
START, LR, PASSES = (np.array([-1.0, 1.2]), 0.4), 0.1, 4

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = [np.array([[8.0, 8.0], [8.0, 8.0]]), np.array([[9.0], [-9.0]])], [np.array([-4.0, -12.0]), np.array([-4.0])]


def lines() -> list[tuple[np.ndarray, float]]:
    """(w, b) before learning and after each pass of perceptron_update."""
    found = [START]
    for _ in range(PASSES):
        found.append(perceptron_update(X, Y, *found[-1], lr=LR))
    return found


def decision_line() -> Figure:
    """The line before learning, after one pass and after the last."""
    fig = figure(8.6, 3.6)
    shown = {"before": 0, "after 1 pass": 1, f"after {PASSES} passes": PASSES}
    for ax, (title, number) in zip(fig.subplots(1, 3, sharex=True, sharey=True), shown.items(), strict=True):
        _plane(ax, *lines()[number])
        wrong = int(np.sum(perceptron_forward(X, *lines()[number]) != Y))
        ax.set(title=f"{title}: {wrong} wrong", xlabel="x₁")
    fig.axes[0].set_ylabel("x₂")
    fig.legend(*fig.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return fig


def _plane(ax: Axes, w: np.ndarray, b: float) -> None:
    """Where the perceptron fires, its line, its weights as an arrow, and the examples; wrong ones ringed."""
    side = np.linspace(-4, 4, 2)
    line = -(b + w[0] * side) / w[1]
    ax.fill_between(side, line, 9 * np.sign(w[1]), color=PALE_BLUE, linewidth=0, label="fires")
    ax.plot(side, line, color=INK)
    foot = -b * w / (w @ w)
    ax.annotate("", foot + w / np.linalg.norm(w), foot, arrowprops={"arrowstyle": "-|>", "color": INK})
    x, y = foot + 1.3 * w / np.linalg.norm(w)
    ax.text(x, y, "w", ha="center", va="center")
    for answer, marker, color in ((1, "o", BLUE), (0, "s", VERMILION)):
        ax.plot(*X[answer == Y].T, marker, color=color, markersize=6, label=f"y = {answer}")
    wrong = perceptron_forward(X, w, b) != Y
    ax.plot(*X[wrong].T, "o", markersize=14, markerfacecolor="none", markeredgecolor=INK, label="wrong")
    ax.set(xlim=(-4, 4), ylim=(-3, 4.5), aspect="equal")


def responses() -> dict[str, np.ndarray]:
    """What a neuron with w = 1 and b = 0 says to the sums from -6 to 6, and the sigmoid's slope there."""
    sums = np.linspace(-6, 6, 121)
    x, w = sums[:, None], np.ones(1)
    slope, _, _ = neuron_backward(np.ones(len(x)), x, w, 0.0)
    step, smooth = perceptron_forward(x, w, 0.0), neuron_forward(x, w, 0.0)
    return {"sum": sums, "step": step, "sigmoid": smooth, "slope": slope[:, 0]}


def sigmoid_neuron() -> Figure:
    """Step and sigmoid against the sum, and the sigmoid's slope."""
    found = responses()
    fig = figure(6.4, 3.0)
    ax = fig.subplots()
    zero_lines(ax)
    ax.step(found["sum"], found["step"], where="post", color=VERMILION, linestyle="--", label="perceptron: step")
    ax.plot(found["sum"], found["sigmoid"], color=BLUE, label="neuron: sigmoid")
    ax.plot(found["sum"], found["slope"], color=GREEN, linestyle=":", label="slope of the sigmoid, out·(1 − out)")
    ax.set(xlabel="sum s = x @ w + b", ylabel="out", ylim=(-0.05, 1.1), yticks=[0, 0.25, 0.5, 1])
    ax.legend(loc="upper left", bbox_to_anchor=(0, 0.98))
    return fig


def hidden_and_out(x: np.ndarray) -> np.ndarray:
    """(B, 3): both hidden neurons' outputs and the network's, for points x (B, 2)."""
    _, hidden, out = mlp_layers(x, *XOR)
    return np.hstack([hidden, out])


def xor_surface() -> Figure:
    """Hidden neuron 1 says "or", hidden neuron 2 says "and", and the output "the first without the second"."""
    side = np.linspace(-0.5, 1.5, 33)
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    # Rounded, since the last bit depends on the processor, and whether a contour closes depends on the last bit.
    surfaces = np.round(hidden_and_out(points), 9).T.reshape(3, len(side), len(side))
    fig = figure(8.6, 2.9)
    titles = ("hidden neuron 1: or", "hidden neuron 2: and", "output: xor")
    colors = [PALE_ORANGE, "#fdf3dc", "#e8f2f9", PALE_BLUE]
    for ax, surface, title, said in zip(fig.subplots(1, 3), surfaces, titles, hidden_and_out(CORNERS).T, strict=True):
        filled = ax.contourf(side, side, surface, levels=[0, 0.1, 0.5, 0.9, 1.0], colors=colors)
        ax.contour(side, side, surface, levels=[0.5], colors=INK, linewidths=1.2)
        for corner, out in zip(CORNERS, said, strict=True):
            ax.plot(*corner, "o", color=BLUE if out > 0.5 else CARD, markeredgecolor=INK, markersize=8)
            ax.annotate(f"{out:.2f}", corner, (0, 8), textcoords="offset points", ha="center")
        ax.set(title=title, xlabel="x₁", xticks=[0, 1], yticks=[0, 1], aspect="equal")
    fig.axes[0].set_ylabel("x₂")
    fig.colorbar(filled, ax=fig.axes, label="out", shrink=0.8, ticks=[0, 0.1, 0.5, 0.9, 1])
    return fig


PICTURES = (decision_line, sigmoid_neuron, xor_surface)
