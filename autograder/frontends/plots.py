"""Plots of students' own functions and arrays; each returns a matplotlib Figure.

    from autograder import plots

    plots.activations((relu_forward, relu_backward))

matplotlib comes with the extra jupyter. The colours are those of Okabe and Ito, which people with any colour vision can
distinguish. Every figure has a light background, so that it can be read in a dark theme.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from math import ceil
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["activations", "curves", "feature_maps", "filters", "images", "matrix", "regions", "spread", "surface"]

Arguments = ParamSpec("Arguments")

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
INK, GREY, LINE, CARD = "#222222", "#777777", "#c8c8c4", "#fbfbf8"
_SHARPNESS, _POINTS = 144, 72

_RC: dict[Any, Any] = {
    "axes.edgecolor": GREY, "axes.facecolor": CARD, "axes.labelcolor": INK, "axes.spines.right": False,
    "axes.spines.top": False, "axes.titlesize": 10, "figure.facecolor": CARD, "font.size": 9, "grid.color": LINE,
    "grid.linewidth": 0.5, "legend.frameon": False, "lines.linewidth": 1.8, "text.color": INK, "xtick.color": GREY,
    "xtick.labelcolor": INK, "ytick.color": GREY, "ytick.labelcolor": INK,
}  # fmt: skip


def styled(draw: Callable[Arguments, Figure]) -> Callable[Arguments, Figure]:
    """Decorate a plot function, so that it runs with this module's matplotlib settings."""

    @wraps(draw)
    def drawn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Figure:
        if importlib.util.find_spec("matplotlib") is None:
            raise ImportError("plots need matplotlib. Install it: pip install matplotlib")
        import matplotlib

        with matplotlib.rc_context(_RC):
            return draw(*args, **kwargs)

    return drawn


def figure(rows: int = 1, columns: int = 1, *, width: float = 4.2, height: float = 3.0) -> tuple[Figure, list[Axes]]:
    """Create a figure of equal panels, `width` by `height` inches each, and return its axes in one list, row by row."""
    made = _figure_class()(figsize=(width * columns, height * rows), layout="constrained")
    axes = list(made.subplots(rows, columns, squeeze=False).ravel())
    for ax in axes:
        ax.set_prop_cycle(color=COLOURS)
    return made, axes


def blank(ax: Axes) -> None:
    """Remove the ticks, and draw a thin frame, for pictures."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_color(LINE)


@cache
def _figure_class() -> type[Figure]:
    """Return a Figure class that a notebook shows once, as the last line of a cell, without pyplot."""
    from matplotlib.figure import Figure as Plain

    class Shown(Plain):
        def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
            out = io.BytesIO()
            self.savefig(out, format="png", dpi=_SHARPNESS)
            width, height = (round(float(inches) * _POINTS) for inches in self.get_size_inches())
            words = f"<Figure {width}x{height}>"
            return {"image/png": out.getvalue(), "text/plain": words}, {"image/png": {"width": width, "height": height}}

    return Shown


Forward = Callable[[Any], Any]
Layer = Forward | tuple[Forward, Callable[[Any, Any], Any]]


@styled
def activations(*layers: Layer, low: float = -4.0, high: float = 4.0, **named: Layer) -> Figure:
    """Plot each activation over [low, high]: `activations((relu_forward, relu_backward), mine=lambda x: x**3)`.

    A pair of forward and backward also gets its slope, which is backward at dout = 1.
    """
    titled = [(getattr(layer[0] if isinstance(layer, tuple) else layer, "__name__", ""), layer) for layer in layers]
    titled += named.items()
    fig, axes = figure(1, len(titled), width=2.6, height=2.6)
    x = np.linspace(low, high, 401)
    for ax, (title, layer) in zip(axes, titled, strict=True):
        forward, backward = layer if isinstance(layer, tuple) else (layer, None)
        ax.axhline(0, color=LINE, linewidth=0.8)
        ax.axvline(0, color=LINE, linewidth=0.8)
        ax.plot(x, forward(x[None])[0], label="forward: out")
        if backward is not None:
            ax.plot(x, backward(np.ones_like(x)[None], x[None])[0], "--", label="backward: the slope")
        ax.set(title=title.removesuffix("_forward"), xlabel="x")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


@styled
def curves(
    series: Mapping[str, Sequence[float]] | Sequence[float] | Any, x: Sequence[float] | Any = None, *,
    xlabel: str = "epoch", ylabel: str = "loss", title: str = "", log: str = "",
) -> Figure:  # fmt: skip
    """Plot lines by name: `curves({"training": losses, "validation": others})`, or those of `check("train_mlp")`.

    x: where the numbers belong; 1, 2, 3, … without it. log: the axes that are logarithmic: "x", "y" or "xy".
    """
    found = getattr(series, "series", series)
    named: dict[str, Any] = dict(found) if isinstance(found, Mapping) else {"": found}
    if not named:
        raise ValueError("there is no curve to draw: return a list of numbers under params['history'] first.")
    fig, (ax,) = figure(width=5.6, height=3.2)
    for name, values in named.items():
        where = np.arange(1, len(values) + 1) if x is None else np.asarray(x)
        marker = "o" if len(values) < 12 else ""
        ax.plot(where, np.asarray(values, dtype=float), label=name, marker=marker, markersize=4)
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.grid(True)
    if x is None:
        ax.locator_params(axis="x", integer=True)
    for axis in log:
        getattr(ax, f"set_{axis}scale")("log")
    if len(named) > 1 or next(iter(named), ""):
        ax.legend()
    return fig


_FEATURES = 6


@styled
def spread(batches: Mapping[str, np.ndarray], *, bins: int = 40) -> Figure:
    """Plot a histogram of every column of each batch (B, D), on one scale: `spread({"x": x, "out": out})`."""
    fig, axes = figure(1, len(batches), width=4.0, height=2.8)
    arrays = {name: np.asarray(batch, dtype=float).reshape(len(batch), -1) for name, batch in batches.items()}
    ends = [float(value) for array in arrays.values() for value in (np.min(array), np.max(array))]
    edges = np.linspace(min(ends), max(ends) if max(ends) > min(ends) else min(ends) + 1, bins + 1).tolist()
    for ax, (name, array) in zip(axes, arrays.items(), strict=True):
        for feature in range(min(array.shape[1], _FEATURES)):
            values = array[:, feature]
            mean, std = (round(float(number), 2) + 0.0 for number in (values.mean(), values.std()))  # no -0.00
            ax.hist(values, edges, alpha=0.55, label=f"feature {feature}: mean {mean:.2f}, std {std:.2f}")
        ax.set(title=name, xlabel="value", ylabel="rows")
        ax.legend(fontsize=8)
    return fig


_MOST = 48
_NUMBERS = 15


@styled
def filters(w: np.ndarray) -> Figure:
    """Plot a convolution's filters w (KH, KW, C, N): a column for each of the N, a row for each channel; 0 is white."""
    height, width, channels, count = _shaped(w, 4, "w", "(KH, KW, C, N)").shape
    fig, axes = figure(channels, min(count, _MOST), width=max(1.2, 0.32 * width), height=max(1.3, 0.32 * height))
    most = float(np.max(np.abs(w))) or 1.0
    for place, ax in enumerate(axes):
        channel, number = divmod(place, min(count, _MOST))
        ax.imshow(w[:, :, channel, number], cmap="RdBu_r", vmin=-most, vmax=most)
        blank(ax)
        if channel == 0:
            ax.set_title(f"filter {number}")
        if number == 0 and channels > 1:
            ax.set_ylabel(f"channel {channel}")
    return fig


@styled
def feature_maps(out: np.ndarray, titles: Sequence[str] = ()) -> Figure:
    """Plot the channels of a layer's output: out (H, W, N), or the first image of out (B, H, W, N)."""
    maps = out[0] if np.ndim(out) == 4 else _shaped(out, 3, "out", "(H, W, N) or (B, H, W, N)")
    return _panels(np.moveaxis(maps, -1, 0), [*titles] or [f"channel {n}" for n in range(maps.shape[-1])], None)


@styled
def images(x: np.ndarray, titles: Sequence[Any] = ()) -> Figure:
    """Plot grey images x (B, H, W) or (B, H, W, 1), all on one scale; titles such as their labels."""
    flat = x[..., 0] if np.ndim(x) == 4 else _shaped(x, 3, "x", "(B, H, W) or (B, H, W, 1)")
    return _panels(flat, [str(title) for title in titles], (float(np.min(flat)), float(np.max(flat))))


@styled
def matrix(values: np.ndarray, title: str = "", *, xlabel: str = "", ylabel: str = "") -> Figure:
    """Plot a matrix (R, C) in colours, 0 white, with its numbers where they fit."""
    rows, columns = _shaped(values, 2, "values", "(R, C)").shape
    side = 0.42 if max(rows, columns) <= _NUMBERS else 0.12
    fig, (ax,) = figure(width=max(2.4, side * columns + 0.6), height=max(2.0, side * rows + 0.6))
    most = float(np.max(np.abs(values))) or 1.0
    ax.imshow(values, cmap="RdBu_r", vmin=-1.6 * most, vmax=1.6 * most)
    blank(ax)
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if max(rows, columns) <= _NUMBERS:
        for (row, column), value in np.ndenumerate(values):
            ax.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8, color=INK)
    return fig


def _panels(pictures: np.ndarray, titles: Sequence[str], scale: tuple[float, float] | None) -> Figure:
    """Plot pictures (N, H, W), six or eight in a row."""
    shown = pictures[:_MOST]
    columns = min(len(shown), 8 if len(shown) > 12 else 6)
    fig, axes = figure(ceil(len(shown) / columns), columns, width=1.7, height=1.9)
    for place, ax in enumerate(axes):
        if place >= len(shown):
            ax.set_axis_off()
            continue
        low, high = scale or (float(np.min(shown[place])), float(np.max(shown[place])))
        ax.imshow(shown[place], cmap="gray", vmin=low, vmax=high if high > low else low + 1)
        blank(ax)
        if place < len(titles):
            ax.set_title(titles[place])
    return fig


def _shaped(array: Any, dimensions: int, name: str, shape: str) -> np.ndarray:
    if np.ndim(array) != dimensions or not np.size(array):
        raise ValueError(f"{name} has shape {np.shape(array)}, expected {shape}.")
    return np.asarray(array)


Range = tuple[float, float]


@styled
def surface(
    loss: Callable[[np.ndarray], float], paths: Mapping[str, Any] | None = None, *,
    x: Range = (-3.0, 3.0), y: Range = (-3.0, 3.0), minimum: tuple[float, float] | None = None,
) -> Figure:  # fmt: skip
    """Plot contours of loss(w), w (2,), and each path (steps + 1, 2) by name, with a hollow starting point.

    minimum: a point to mark with a star.
    """
    fig, (ax,) = figure(width=5.6, height=4.0)
    heights = _sample(lambda points: np.array([float(loss(point)) for point in points]), x, y, 120)
    across, up = np.linspace(*x, 120), np.linspace(*y, 120)
    low, high = float(np.min(heights)), float(np.max(heights))
    levels = np.unique(low + (high - low) * np.linspace(0.02, 1, 18) ** 2)  # denser near the minimum, where paths end
    ax.contour(across, up, heights, levels=levels if high > low else [low], colors="#b9c4cc", linewidths=0.9)
    for name, given in (paths or {}).items():
        path = np.asarray(given, dtype=float)
        label = f"{name}: {len(path) - 1} steps"
        (line,) = ax.plot(path[:, 0], path[:, 1], "-o", markersize=3, linewidth=1.3, label=label)
        ax.plot(*path[0], "o", color=line.get_color(), markerfacecolor="white", markersize=7)
    if minimum is not None:
        ax.plot(*minimum, "*", color=INK, markersize=12, label="minimum", linestyle="none")
    ax.set(xlabel="w[0]", ylabel="w[1]", xlim=x, ylim=y)
    if paths or minimum is not None:
        ax.legend(loc="upper right")
    return fig


@styled
def regions(
    predict: Callable[[np.ndarray], Any], x: np.ndarray, y: np.ndarray, *, title: str = "", margin: float = 0.5
) -> Figure:
    """Plot predict(x) around the examples x (B, 2), which are marked by their labels y (B,).

    predict returns a number from 0 to 1 for each row: its class, or a probability.
    """
    fig, (ax,) = figure(width=4.4, height=3.6)
    low, high = x.min(axis=0) - margin, x.max(axis=0) + margin
    xs, ys = (float(low[0]), float(high[0])), (float(low[1]), float(high[1]))
    said = _sample(lambda points: np.asarray(predict(points), dtype=float).reshape(len(points), -1)[:, 0], xs, ys, 160)
    ax.imshow(said, extent=(*xs, *ys), origin="lower", cmap="RdBu_r", vmin=-0.6, vmax=1.6, aspect="auto", alpha=0.55)
    if said.min() < 0.5 < said.max():
        ax.contour(np.linspace(*xs, 160), np.linspace(*ys, 160), said, levels=[0.5], colors=INK, linewidths=1.2)
    for label, marker, colour in zip(np.unique(y), "os^D", COLOURS, strict=False):
        ax.plot(*x[y == label].T, marker, color=colour, markeredgecolor="white", markersize=8, label=f"y = {label:g}")
    ax.set(xlabel="x[:, 0]", ylabel="x[:, 1]", title=title)
    ax.legend(loc="best")
    return fig


def _sample(function: Callable[[np.ndarray], np.ndarray], x: Range, y: Range, count: int) -> np.ndarray:
    """Evaluate the function on a square grid, rows from low y to high."""
    across, up = np.meshgrid(np.linspace(*x, count), np.linspace(*y, count))
    return function(np.stack([across.ravel(), up.ravel()], axis=1)).reshape(count, count)
