"""What the other pictures are put together from: arrays as squares with numbers, and layers as circles with lines.

Coordinates are the array's: x is the column, y the row, downwards; `left` and `top` say where entry [0, 0] begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path

from docs.pictures.style import CARD, GREY, INK, LINE

Place = tuple[int, int]


def cells(
    ax: Axes,
    array: np.ndarray,
    left: float = 0,
    top: float = 0,
    *,
    fill: Mapping[Place, str] | None = None,
    hidden: Iterable[Place] = (),
    faint: Iterable[Place] = (),
    title: str = "",
) -> None:
    """The array as squares, each with its number; `fill` colours squares, `hidden` are empty, `faint` are grey."""
    fill, hidden, faint = fill or {}, set(hidden), set(faint)
    squares: dict[str, list[tuple[float, float]]] = {}
    for place in np.ndindex(array.shape):
        squares.setdefault(fill.get(place, "none"), []).append((left + place[1], top + place[0]))
    for color, corners in squares.items():
        ax.add_patch(PathPatch(_squares(corners), facecolor=color, edgecolor=LINE, linewidth=0.7, zorder=1))
    for (i, j), value in np.ndenumerate(array):
        if (i, j) not in hidden:
            color = GREY if (i, j) in faint else INK
            ax.text(left + j + 0.5, top + i + 0.52, number(value), ha="center", va="center", color=color, zorder=4)
    if title:
        ax.text(left + array.shape[1] / 2, top - 0.25, title, ha="center", va="bottom")


def frame(ax: Axes, left: float, top: float, width: float, height: float, color: str, inset: float = 0.06) -> None:
    """A thick frame around so many squares."""
    corner, size = (left + inset, top + inset), (width - 2 * inset, height - 2 * inset)
    ax.add_patch(Rectangle(corner, *size, facecolor="none", edgecolor=color, linewidth=2.2, zorder=3))


def neuron(ax: Axes, x: float, y: float, color: str = CARD, label: str = "", radius: float = 0.3) -> None:
    """A circle, with something written in it."""
    ax.add_patch(Circle((x, y), radius, facecolor=color, edgecolor=INK, linewidth=1, zorder=3))
    if label:
        ax.text(x, y, label, ha="center", va="center", zorder=4)


def number(value: float) -> str:
    """12, −3, 0.5: with a true minus, and no digits that say nothing."""
    return f"{value:.4g}".replace("-", "−")


def limits(ax: Axes, left: float, right: float, top: float, bottom: float) -> None:
    """What is seen, rows growing downwards."""
    ax.set(xlim=(left, right), ylim=(bottom, top))


def _squares(corners: list[tuple[float, float]]) -> Path:
    one = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], dtype=float)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    return Path(np.concatenate([one + corner for corner in corners]), codes * len(corners))
