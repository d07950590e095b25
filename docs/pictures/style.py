"""One look for all pictures: palette, sizes, and an SVG that is the same whenever it is drawn.

Colours are those of Okabe and Ito, which people with any colour vision can tell apart. Every picture lies on a light
card of its own, so that it reads on a light page and on a dark one.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import FancyBboxPatch

BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
ORANGE, PURPLE, SKY = "#e69f00", "#cc79a7", "#56b4e9"
INK, GREY, LINE, CARD = "#222222", "#777777", "#c8c8c4", "#fbfbf8"
# Pale grounds under dark text.
PALE_BLUE, PALE_ORANGE, PALE_GREY = "#cfe6f5", "#fbe3b5", "#ecece8"

RC: dict[Any, Any] = {
    "axes.edgecolor": GREY,
    "axes.facecolor": "none",
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 10,
    "figure.dpi": 72,
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "grid.color": LINE,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "path.simplify": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "handgrad",
    "text.color": INK,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
}

Picture = Callable[[], Figure]
# Each release draws a little differently.
DRAWN_BY = f"matplotlib {matplotlib.__version__}"


def figure(width: float, height: float) -> Figure:
    """An empty figure of so many inches, 72 points each, on its card."""
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1, wspace=0.05, hspace=0.05)
    fig = Figure(figsize=(width, height), layout=layout)
    fig.patch.set_visible(False)
    rounded = "round,pad=0,rounding_size=0.1"
    card = FancyBboxPatch(
        (0.01, 0.01), width - 0.02, height - 0.02, boxstyle=rounded, transform=fig.dpi_scale_trans, fc=CARD, ec=LINE
    )
    card.set_zorder(-10)
    card.set_in_layout(False)
    fig.add_artist(card)
    return fig


def bare(ax: Axes) -> None:
    """No frame and no ticks, and squares are square: for drawings that have no axes."""
    ax.set_axis_off()
    ax.set_aspect("equal")


def zero_lines(ax: Axes) -> None:
    """The axes through 0, thin."""
    ax.axhline(0, color=LINE, linewidth=0.8, zorder=0)
    ax.axvline(0, color=LINE, linewidth=0.8, zorder=0)


def svg(picture: Picture) -> str:
    """The picture as SVG, without a date: equal drawings are equal text. It names the matplotlib that drew it."""
    with matplotlib.rc_context(RC):
        out = io.StringIO()
        picture().savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return _short(out.getvalue()).replace("<svg ", f"<!-- {DRAWN_BY} -->\n<svg ", 1)


def png(picture: Picture, *, dpi: int = 128, of: str = "") -> bytes:
    """The picture as PNG in 255 colours, for notebooks. of: the SVG it was drawn with, which `drawn_with` knows."""
    from PIL import Image, PngImagePlugin

    with matplotlib.rc_context(RC):
        drawn = io.BytesIO()
        picture().savefig(drawn, format="png", dpi=dpi)
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Source", _digest(of))
    out = io.BytesIO()
    method, dither = Image.Quantize.FASTOCTREE, Image.Dither.NONE
    Image.open(drawn).quantize(255, method=method, dither=dither).save(out, "PNG", optimize=True, pnginfo=facts)
    return out.getvalue()


def drawn_with(image: bytes, of: str) -> bool:
    """Whether the PNG was drawn together with this SVG."""
    return b"Source\0" + _digest(of).encode() in image


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def same(one: str, other: str, *, tolerance: float = 0.05) -> bool:
    """Whether two SVG differ by rounding at most: names of paths may, numbers may by `tolerance` points."""
    first, second = (_pieces(text) for text in (one, other))
    return len(first) == len(second) and all(
        a == b or (_NUMBER.fullmatch(a) and _NUMBER.fullmatch(b) and abs(float(a) - float(b)) <= tolerance)
        for a, b in zip(first, second, strict=True)
    )


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_NAME = re.compile(r'id="[^"]*"|#[mpi]?[0-9a-f]{10,}')
_TEXT = re.compile(r"(>[^<]*<)")


def _pieces(text: str) -> list[str]:
    """Labels whole, and between them numbers and what stands between numbers."""
    parts = _TEXT.split(_NAME.sub("", text))
    return [
        piece
        for place, part in enumerate(parts)
        for piece in ([part] if place % 2 else re.split(f"({_NUMBER.pattern})", part))
    ]


def _short(text: str) -> str:
    """Without matplotlib's comments, empty turns and needless digits, which are half of the file; labels stay."""
    text = re.sub(r"<!--.*?-->\s*", "", text, flags=re.DOTALL)
    text = re.sub(r' transform="rotate\(-?0(?: [-\d. ]+)?\)"', "", text)
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0]), text)
    return re.sub(r"\n\s*", "\n", text)
