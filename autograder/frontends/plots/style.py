"""Common style of the plots, and figures that notebooks show without pyplot.

The colours are those of Okabe and Ito, which people with any colour vision can distinguish. Every figure has a light
background, so that it can be read in a dark theme.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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
        _matplotlib()
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


def _matplotlib() -> None:
    import importlib.util

    if importlib.util.find_spec("matplotlib") is None:
        raise ImportError("plots need matplotlib. Install it: pip install matplotlib")


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
