"""Unit 5: the chain rule's graph with its numbers, the way back through a layer, and how large a step h may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.pictures.grid import limits, neuron, number
from docs.pictures.style import BLUE, CARD, GREY, INK, PALE_BLUE, PALE_GREY, VERMILION, bare, figure
from reference.backpropagation import graph_backward, graph_forward, mlp_backward, numerical_gradient
from reference.perceptron import mlp_layers

CASES = ((1.0, 2.0, 4.0), (5.0, 2.0, 4.0))
PLACES = {"y": (0, 2.2), "x": (0, 1), "z": (0, -0.2), "+": (2, 1.8), "max": (2, 0.2), "×": (4, 1), "f": (5.4, 1)}


@dataclass(frozen=True)
class Edge:
    """One line of the graph: the number that goes forward on it, and the gradient that comes back."""

    source: str
    target: str
    value: float
    gradient: float


def graph(x: float, y: float, z: float) -> list[Edge]:
    """The edges of f = (x + y)·max(z, x). Where x goes two ways, its gradient is the sum of what comes back on both."""
    dx, dy, dz = graph_backward(x, y, z)
    through_sum = dy  # y has no other way, and the sum passes the same to both of its terms
    q, m = x + y, max(z, x)
    return [
        Edge("y", "+", y, dy),
        Edge("x", "+", x, through_sum),
        Edge("x", "max", x, dx - through_sum),
        Edge("z", "max", z, dz),
        Edge("+", "×", q, through_sum),
        Edge("max", "×", m, dx - through_sum + dz),
        Edge("×", "f", graph_forward(x, y, z), 1.0),
    ]


def chain_rule_graph() -> Figure:
    """Twice the same graph: with z the larger number, and with x the larger number."""
    fig = figure(8.0, 6.2)
    for ax, case in zip(fig.subplots(2, 1), CASES, strict=True):
        _graph(ax, *case)
    return fig


def _graph(ax: Axes, x: float, y: float, z: float) -> None:
    for edge in graph(x, y, z):
        start, end = (np.array(PLACES[name]) for name in (edge.source, edge.target))
        arrow = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 17, "shrinkB": 17}
        ax.annotate("", PLACES[edge.target], PLACES[edge.source], arrowprops=arrow)
        at = start + (0.4 if edge.source in "xyz" else 0.5) * (end - start)
        ax.text(at[0], at[1] + 0.1, number(edge.value), color=BLUE, ha="center", va="bottom", weight="bold")
        ax.text(at[0], at[1] - 0.1, number(edge.gradient), color=VERMILION, ha="center", va="top", weight="bold")
    for name, place in PLACES.items():
        neuron(ax, *place, color=PALE_GREY if name in "xyzf" else PALE_BLUE, label=name, radius=0.24)
    gradients = zip(("dx", "dy", "dz"), graph_backward(x, y, z), strict=True)
    result = ", ".join(f"{name} = {number(value)}" for name, value in gradients)
    given = f"x = {number(x)}, y = {number(y)}, z = {number(z)}: f = {number(graph_forward(x, y, z))}"
    ax.text(4.2, 2.2, given, color=BLUE, ha="center")
    ax.text(4.2, -0.2, result, color=VERMILION, ha="center")
    limits(ax, -0.4, 5.8, 2.5, -0.5)
    bare(ax)


X = np.array([[1.0, 2.0]])
NETWORK = [np.array([[0.0, 4.0], [0.0, -2.0]]), np.array([[3.0], [1.0]])], [np.array([0.0, 0.0]), np.array([-2.0])]
DOUT = np.array([[16.0]])


def mlp_numbers() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """(forward, backward): what each layer of a small MLP sends on, and the gradient of each: input, hidden, output."""
    weights, biases = NETWORK
    layers = mlp_layers(X, weights, biases)
    dx = mlp_backward(DOUT, X, weights, biases)[0]
    dhidden = mlp_backward(DOUT, layers[1], weights[1:], biases[1:])[0]
    return [layer[0] for layer in layers], [dx[0], dhidden[0], DOUT[0]]


def mlp_way_back() -> Figure:
    """Two inputs, two hidden neurons, one output: numbers above the neurons, their gradients below."""
    fig = figure(7.0, 3.0)
    ax = fig.subplots()
    heights = ([1.4, 0.0], [1.4, 0.0], [0.7])
    for layer, (outs, gradients) in enumerate(zip(*mlp_numbers(), strict=True)):
        for y, out, gradient in zip(heights[layer], outs, gradients, strict=True):
            neuron(ax, 2 * layer, y, PALE_BLUE if layer else PALE_GREY, radius=0.2)
            ax.text(2 * layer, y + 0.25, number(out), color=BLUE, ha="center", va="bottom", weight="bold")
            ax.text(2 * layer, y - 0.25, number(gradient), color=VERMILION, ha="center", va="top", weight="bold")
    for layer, w in enumerate(NETWORK[0]):
        for (i, j), weight in np.ndenumerate(w):
            ends = np.array([[2 * layer, heights[layer][i]], [2 * layer + 2, heights[layer + 1][j]]])
            ax.plot(*ends.T, color=GREY, linewidth=1, zorder=1)
            at = ends[0] + 0.3 * (ends[1] - ends[0])
            ax.text(at[0], at[1], number(weight), color=INK, ha="center", va="center", size=8, backgroundcolor=CARD)
    for layer, name in enumerate(("x, dx", "hidden, dhidden", "out, dout")):
        ax.text(2 * layer, -0.75, name, ha="center", va="center")
    limits(ax, -0.9, 4.9, 1.95, -0.9)
    bare(ax)
    return fig


def difference_errors() -> tuple[np.ndarray, np.ndarray]:
    """(h, error) of numerical_gradient for f(x) = x³ at 1, where the slope is 3."""
    steps = 10.0 ** np.arange(-12, 0.1, 0.25)
    point = np.ones(1)
    slopes = [numerical_gradient(lambda x: (x * x * x).item(), point, h=h).item() for h in steps]
    return steps, np.abs(np.array(slopes) - 3.0)


def step_size() -> Figure:
    """The error of a central difference against its step h."""
    fig = figure(6.4, 3.2)
    ax = fig.subplots()
    h, error = difference_errors()
    ax.loglog(h, np.maximum(error, 1e-16), "o-", color=BLUE, markersize=3, linewidth=1)
    ax.axvline(1e-5, color=VERMILION, linestyle="--", linewidth=1)
    ax.annotate("h = 1e-5", (1e-5, 0.1), (5, 0), textcoords="offset points", color=VERMILION)
    ax.annotate("rounding grows as h falls", (1.5e-12, 3e-9), color=INK, ha="left", va="top")
    ax.annotate("the curve's\nbend: h²", (3e-2, 1e-6), color=INK, ha="left")
    ax.set(xlabel="step h", ylabel="error of the gradient")
    return fig


PICTURES = (chain_rule_graph, mlp_way_back, step_size)
