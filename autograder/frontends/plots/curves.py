"""Plots of functions of one number, of numbers over time, and histograms of features."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.frontends.plots.style import LINE, figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Forward = Callable[[Any], Any]
Layer = Forward | tuple[Forward, Callable[[Any, Any], Any]]


@styled
def activations(*layers: Layer, low: float = -4.0, high: float = 4.0, **named: Layer) -> Figure:
    """Plot each activation over [low, high]: `activations((relu_forward, relu_backward), mine=lambda x: x**3)`.

    A pair of forward and backward also gets its slope, which is backward at dout = 1.
    """
    titled = [*((_title(layer), layer) for layer in layers), *named.items()]
    fig, axes = figure(1, len(titled), width=2.6, height=2.6)
    x = np.linspace(low, high, 401)
    for ax, (title, layer) in zip(axes, titled, strict=True):
        forward, backward = layer if isinstance(layer, tuple) else (layer, None)
        ax.axhline(0, color=LINE, linewidth=0.8)
        ax.axvline(0, color=LINE, linewidth=0.8)
        ax.plot(x, forward(x[None])[0], label="forward: out")
        if backward is not None:
            ax.plot(x, backward(np.ones_like(x)[None], x[None])[0], "--", label="backward: the slope")
        ax.set(title=title, xlabel="x")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


@styled
def curves(
    series: Mapping[str, Sequence[float]] | Sequence[float] | Any,
    x: Sequence[float] | Any = None,
    *,
    xlabel: str = "epoch",
    ylabel: str = "loss",
    title: str = "",
    log: str = "",
) -> Figure:
    """Plot lines by name: `curves({"training": losses, "validation": others})`, or those of `check("train_mlp")`.

    x: where the numbers belong; 1, 2, 3, … without it. log: the axes that are logarithmic: "x", "y" or "xy".
    """
    named = _named(series)
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


def _named(series: Any) -> dict[str, Any]:
    found = getattr(series, "series", series)
    if isinstance(found, Mapping):
        if not found:
            raise ValueError("there is no curve to draw: return a list of numbers under params['history'] first.")
        return dict(found)
    return {"": found}


def _title(layer: Layer) -> str:
    forward = layer[0] if isinstance(layer, tuple) else layer
    return str(getattr(forward, "__name__", "")).removesuffix("_forward")


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
