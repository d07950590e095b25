"""Plots of students' own functions and arrays; each returns a matplotlib Figure.

    from autograder import plots

    plots.activations((relu_forward, relu_backward))

matplotlib comes with the extra jupyter.
"""

from autograder.frontends.plots.curves import activations, curves, spread
from autograder.frontends.plots.grids import feature_maps, filters, images, matrix
from autograder.frontends.plots.landscape import regions, surface

__all__ = ["activations", "curves", "feature_maps", "filters", "images", "matrix", "regions", "spread", "surface"]
