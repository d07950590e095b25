"""Histograms of each feature, before and after a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from autograder.frontends.plots.style import figure, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
