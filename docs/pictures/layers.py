"""Unit 2: the sliding window, both poolings, the activations, sparse connections, and a picture that moves."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from docs.pictures.grid import cells, frame, limits, neuron, number
from docs.pictures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE_BLUE,
    PALE_GREY,
    PALE_ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    bare,
    figure,
    zero_lines,
)
from reference import activations
from reference.convolution import cross_correlate2d, output_size
from reference.convolution1d import conv_matrix
from reference.pooling import max_pool2d_forward
from reference.sparsity import conv_connections, conv_parameters, dense_connections, dense_parameters
from reference.translation import translate

# The lecture's example of section 1.3.2.
IMAGE = np.array([[1.0, 2, 1, 0], [0, 2, 1, 2], [1, 2, 1, 2], [1, 2, 1, 1]])
KERNEL = np.array([[1.0, -1, 1], [0, 1, 0], [1, 1, -1]])
PAD = 1
STEPS = ((0, 0), (0, 1), (3, 3))

NINE, SIXTEEN = np.arange(1.0, 10).reshape(3, 3), np.arange(1.0, 17).reshape(4, 4)
LENGTH, TAPS = 5, np.array([1.0, 2, 3])
TAP_COLORS = {1.0: BLUE, 2.0: ORANGE, 3.0: PURPLE}


def window_step(place: tuple[int, int]) -> tuple[np.ndarray, float, str]:
    """(window, out, sum): the pixels under the window at this output place, its number, and the products in words."""
    i, j = place
    window = np.pad(IMAGE, PAD)[i : i + len(KERNEL), j : j + len(KERNEL)]
    out = cross_correlate2d(IMAGE, KERNEL, pad=PAD)[place]
    products = " + ".join(
        f"{number(pixel)}·{number(weight) if weight >= 0 else f'({number(weight)})'}"
        for pixel, weight in zip(window.ravel(), KERNEL.ravel(), strict=True)
    )
    return window, out, f"{products} = {number(out)}"


def sliding_window() -> Figure:
    """The lecture's 4×4 convolution with pad 1: the first, the second and the last window."""
    fig = figure(7.6, 8.4)
    for ax, place in zip(fig.subplots(len(STEPS), 1), STEPS, strict=True):
        _one_step(ax, place)
    return fig


def _one_step(ax: Axes, place: tuple[int, int]) -> None:
    (i, j), out = place, cross_correlate2d(IMAGE, KERNEL, pad=PAD)
    padded, width = np.pad(IMAGE, PAD), out.shape[1]
    border = [p for p in np.ndindex(padded.shape) if not all(PAD <= n < PAD + 4 for n in p)]
    seen = {(i + p, j + q): PALE_ORANGE for p, q in np.ndindex(KERNEL.shape)}
    done = i * width + j
    later = [p for p in np.ndindex(out.shape) if p[0] * width + p[1] > done]
    cells(ax, padded, fill=seen, faint=border, title="x, padded with zeros")
    frame(ax, j, i, 3, 3, VERMILION)
    cells(ax, KERNEL, 8, 1.5, title="kernel k")
    cells(ax, out, 13, 1, fill={place: PALE_BLUE}, hidden=later, title="out")
    frame(ax, 13 + j, 1 + i, 1, 1, BLUE)
    for x, sign in ((7, "∗"), (12, "=")):
        ax.text(x, 3, sign, ha="center", va="center", size=14)
    ax.text(8.5, 6.75, f"out[{i}, {j}] = {window_step(place)[2]}", ha="center", va="center")
    limits(ax, -0.2, 17.2, -0.9, 7.2)
    bare(ax)


def pooled(x: np.ndarray, *, window: int, stride: int) -> np.ndarray:
    """Max pooling of one channel."""
    return max_pool2d_forward(x[None, :, :, None], window=window, stride=stride)[0, :, :, 0]


def pooling() -> Figure:
    """The lecture's two max poolings: windows that overlap, and windows side by side."""
    fig = figure(8.2, 2.7)
    left, right = fig.subplots(1, 2)
    _pool(left, NINE, 1)
    _pool(right, SIXTEEN, 2)
    return fig


def _pool(ax: Axes, x: np.ndarray, stride: int) -> None:
    out = pooled(x, window=2, stride=stride)
    colors = dict(zip(np.ndindex(out.shape), (VERMILION, BLUE, GREEN, PURPLE), strict=True))
    top, start = (4 - len(x)) / 2, x.shape[1] + 2
    cells(ax, x, 0, top, fill={(i, j): PALE_GREY for i, j in np.ndindex(x.shape) if x[i, j] in out}, title="x")
    cells(ax, out, start, 1, title="out")
    for n, ((i, j), color) in enumerate(colors.items()):
        frame(ax, j * stride, top + i * stride, 2, 2, color, inset=0.05 + (0.07 * n if stride < 2 else 0))
        frame(ax, start + j, 1 + i, 1, 1, color)
    ax.text(start - 1, 2, "→", ha="center", va="center", size=14)
    size = output_size(len(x), window=2, stride=stride)
    ax.set_title(f"window 2, stride {stride}: H′ = ({len(x)} − 2) // {stride} + 1 = {size}")
    limits(ax, -0.2, start + 2.2, -0.9, 4.2)
    bare(ax)


def activation_curves() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Name → (out, slope) of the four activations for x from -4 to 4; the leaky slope is ten times the usual one."""
    x = np.linspace(-4, 4, 161)
    ones = np.ones_like(x)
    curves = {
        name: (getattr(activations, f"{name}_forward")(x), getattr(activations, f"{name}_backward")(ones, x))
        for name in ("sigmoid", "tanh", "relu")
    }
    leaky = activations.leaky_relu_forward(x, slope=0.1), activations.leaky_relu_backward(ones, x, slope=0.1)
    return {**curves, "leaky_relu, slope 0.1": leaky}


def activation_functions() -> Figure:
    """The four activations, and what their backward multiplies dout by."""
    fig = figure(8.6, 2.8)
    x = np.linspace(-4, 4, 161)
    axes = fig.subplots(1, 4, sharex=True, sharey=True)
    for ax, (name, (out, slope)) in zip(axes, activation_curves().items(), strict=True):
        zero_lines(ax)
        ax.plot(x, out, color=BLUE, label="forward: out")
        ax.plot(x, slope, color=VERMILION, linestyle="--", label="backward with dout = 1: the slope")
        ax.set(title=name, xlabel="x", ylim=(-1.3, 2.3), xticks=[-4, -2, 0, 2, 4])
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


def matrices() -> tuple[np.ndarray, np.ndarray]:
    """(dense, convolution), both (L, L'): every weight of its own, and the kernel on a diagonal band."""
    dense = np.arange(1.0, dense_parameters(LENGTH, LENGTH) + 1).reshape(LENGTH, LENGTH)
    return dense, conv_matrix(TAPS, LENGTH, pad=1)


def counts() -> tuple[tuple[int, int], tuple[int, int]]:
    """(connections, parameters) of the dense layer and of the convolution that are drawn."""
    dense = dense_connections(LENGTH, LENGTH), dense_parameters(LENGTH, LENGTH)
    return dense, (conv_connections(1, LENGTH, 1, len(TAPS), 1, 1, pad=1), conv_parameters(1, len(TAPS), 1, 1))


def sparse_and_dense() -> Figure:
    """Five neurons to five, dense and as a convolution: the connections, and the same as a matrix."""
    fig = figure(8.2, 5.6)
    axes = fig.subplots(2, 2, height_ratios=[1, 1.5])
    titles = ("dense layer", "1-D convolution, kernel 3, pad 1")
    for (above, below), matrix, (connections, parameters), title in zip(
        axes.T, matrices(), counts(), titles, strict=True
    ):
        colors = TAP_COLORS if parameters == len(TAPS) else {}
        _links(above, matrix, colors)
        above.set_title(f"{title}\n{connections} connections, {parameters} parameters")
        pale = {p: f"{colors[tap]}55" for p, tap in np.ndenumerate(matrix) if tap in colors}
        cells(below, matrix, fill=pale, faint=zip(*np.nonzero(matrix == 0), strict=True), title="matrix (L, L′)")
        limits(below, -0.2, 5.2, -0.9, 5.2)
        bare(below)
    return fig


def _links(ax: Axes, matrix: np.ndarray, colors: dict[float, str]) -> None:
    for source, target in zip(*np.nonzero(matrix), strict=True):
        color = colors.get(matrix[source, target], GREY)
        ax.plot([source, target], [2, 0], color=color, linewidth=1.8 if colors else 0.7, zorder=1)
    for place in range(LENGTH):
        neuron(ax, place, 2, radius=0.2)
        neuron(ax, place, 0, PALE_BLUE, radius=0.2)
    ax.text(-0.6, 2, "x", ha="right", va="center")
    ax.text(-0.6, 0, "out", ha="right", va="center")
    limits(ax, -1.2, LENGTH, 2.4, -0.4)
    bare(ax)


def moves() -> dict[str, np.ndarray]:
    """The lecture's 4×4 picture, with its first row one pixel to the left, and with all rows so."""
    row = SIXTEEN.copy()
    row[0] = translate(np.arange(1.0, 6)[None], 0, -1)[0, :4]
    return {"the picture": SIXTEEN, "first row to the left": row, "all to the left": translate(SIXTEEN, 0, -1)}


def moved_pooling() -> Figure:
    """Max pooling of a picture, and of the same picture moved: most outputs stay."""
    fig = figure(8.6, 3.7)
    still = pooled(SIXTEEN, window=2, stride=2)
    for ax, (title, x) in zip(fig.subplots(1, 3), moves().items(), strict=True):
        out = pooled(x, window=2, stride=2)
        stays = {place: PALE_BLUE if out[place] == still[place] else PALE_ORANGE for place in np.ndindex(out.shape)}
        cells(ax, x, 0, 0, fill={p: PALE_GREY for p in np.ndindex(x.shape) if x[p] != SIXTEEN[p]})
        for i, j in np.ndindex(out.shape):
            frame(ax, 2 * j, 2 * i, 2, 2, SKY, inset=0.05)
        cells(ax, out, 1, 5.2, fill=stays)
        ax.text(2, 4.6, "↓", ha="center", va="center", size=14)
        ax.set_title(title if x is SIXTEEN else f"{title}\n{np.sum(out == still)} of {out.size} outputs stay")
        limits(ax, -0.2, 4.2, -0.2, 7.4)
        bare(ax)
    return fig


PICTURES = (sliding_window, pooling, activation_functions, sparse_and_dense, moved_pooling)
