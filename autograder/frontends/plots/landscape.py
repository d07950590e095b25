"""Plots over two weights or two inputs: loss surfaces with optimization paths, and decision regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.frontends.plots.style import COLOURS, INK, figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Range = tuple[float, float]


@styled
def surface(
    loss: Callable[[np.ndarray], float],
    paths: Mapping[str, Any] | None = None,
    *,
    x: Range = (-3.0, 3.0),
    y: Range = (-3.0, 3.0),
    minimum: tuple[float, float] | None = None,
) -> Figure:
    """Plot contours of loss(w), w (2,), and each path (steps + 1, 2) by name, with a hollow starting point.

    minimum: a point to mark with a star.
    """
    fig, (ax,) = figure(width=5.6, height=4.0)
    heights = _sample(lambda points: np.array([float(loss(point)) for point in points]), x, y, 120)
    across, up = np.linspace(*x, 120), np.linspace(*y, 120)
    ax.contour(across, up, heights, levels=_levels(heights), colors="#b9c4cc", linewidths=0.9)
    for name, path in (paths or {}).items():
        _draw_path(ax, name, np.asarray(path, dtype=float))
    if minimum is not None:
        ax.plot(*minimum, "*", color=INK, markersize=12, label="minimum", linestyle="none")
    ax.set(xlabel="w[0]", ylabel="w[1]", xlim=x, ylim=y)
    if paths or minimum is not None:
        ax.legend(loc="upper right")
    return fig


def _draw_path(ax: Axes, name: str, path: np.ndarray) -> None:
    (line,) = ax.plot(path[:, 0], path[:, 1], "-o", markersize=3, linewidth=1.3, label=f"{name}: {len(path) - 1} steps")
    ax.plot(*path[0], "o", color=line.get_color(), markerfacecolor="white", markersize=7)


def _levels(heights: np.ndarray) -> np.ndarray:
    """Return the heights of the contours, denser near the minimum, where the paths end."""
    low, high = float(np.min(heights)), float(np.max(heights))
    levels = low + (high - low) * np.linspace(0.02, 1, 18) ** 2
    return np.unique(levels) if high > low else np.array([low])


@styled
def regions(
    predict: Callable[[np.ndarray], Any],
    x: np.ndarray,
    y: np.ndarray,
    *,
    title: str = "",
    margin: float = 0.5,
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
