"""One look for all plots: colours that people with any colour vision can tell apart, and figures that show themselves.

The colours are those of Okabe and Ito. Every figure brings its own light ground, so it reads in a dark theme too.
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
    """The function with matplotlib's settings as they are here, and as they were afterwards."""

    @wraps(draw)
    def drawn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Figure:
        _matplotlib()
        import matplotlib

        with matplotlib.rc_context(_RC):
            return draw(*args, **kwargs)

    return drawn


def figure(rows: int = 1, columns: int = 1, *, width: float = 4.2, height: float = 3.0) -> tuple[Figure, list[Axes]]:
    """A figure of equal panels, row by row, each so many inches wide and high; all of its axes in one list."""
    made = _figure_class()(figsize=(width * columns, height * rows), layout="constrained")
    axes = list(made.subplots(rows, columns, squeeze=False).ravel())
    for ax in axes:
        ax.set_prop_cycle(color=COLOURS)
    return made, axes


def blank(ax: Axes) -> None:
    """No ticks and no frame, for pictures."""
    ax.set_xticks([])
    ax.set_yticks([])
    for spine in ax.spines.values():
        spine.set_color(LINE)


def _matplotlib() -> None:
    import importlib.util

    if importlib.util.find_spec("matplotlib") is None:
        raise ImportError("plots need matplotlib. Install it: pip install 'handgrad[jupyter]'")


@cache
def _figure_class() -> type[Figure]:
    """A Figure that a notebook shows as the last line of a cell, once, without pyplot and its list of open figures."""
    from matplotlib.figure import Figure as Plain

    class Shown(Plain):
        def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
            out = io.BytesIO()
            self.savefig(out, format="png", dpi=_SHARPNESS)
            width, height = (round(float(inches) * _POINTS) for inches in self.get_size_inches())
            words = f"<Figure {width}x{height}>"
            return {"image/png": out.getvalue(), "text/plain": words}, {"image/png": {"width": width, "height": height}}

    return Shown
