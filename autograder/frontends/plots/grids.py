"""Plots of arrays as pictures: filters, feature maps, images and matrices."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.frontends.plots.style import INK, blank, figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
        _picture(ax, shown[place], scale) if place < len(shown) else ax.set_axis_off()
        if place < min(len(titles), len(shown)):
            ax.set_title(titles[place])
    return fig


def _picture(ax: Axes, picture: np.ndarray, scale: tuple[float, float] | None) -> None:
    low, high = scale or (float(np.min(picture)), float(np.max(picture)))
    ax.imshow(picture, cmap="gray", vmin=low, vmax=high if high > low else low + 1)
    blank(ax)


def _shaped(array: Any, dimensions: int, name: str, shape: str) -> np.ndarray:
    if np.ndim(array) != dimensions or not np.size(array):
        raise ValueError(f"{name} has shape {np.shape(array)}, expected {shape}.")
    return np.asarray(array)
