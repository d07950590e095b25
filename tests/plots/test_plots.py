"""The plots by their properties: what is drawn, where, with which words; and that they show themselves once."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

if not importlib.util.find_spec("matplotlib") and not os.environ.get("CI"):
    pytest.skip("matplotlib is not installed: pip install '.[jupyter]'", allow_module_level=True)

from autograder.frontends import plots

RNG = np.random.default_rng(0)


def relu_forward(x):
    """An activation."""
    return np.maximum(x, 0)


def relu_backward(dout, x):
    """Its gradient."""
    return dout * (x > 0)


FIGURES = {
    "activations": lambda: plots.activations((relu_forward, relu_backward), relu_forward),
    "curves": lambda: plots.curves({"training": [3.0, 2.0, 1.0], "validation": [3.0, 2.5, 2.4]}),
    "surface": lambda: plots.surface(lambda w: float(w @ w), {"sgd": [[2.0, 1.0], [1.0, 0.5], [0.1, 0.1]]}),
    "regions": lambda: plots.regions(lambda x: x[:, 0] > 0, RNG.normal(size=(8, 2)), np.array([0, 1] * 4)),
    "filters": lambda: plots.filters(RNG.normal(size=(3, 3, 2, 4))),
    "feature_maps": lambda: plots.feature_maps(RNG.normal(size=(1, 8, 9, 5))),
    "images": lambda: plots.images(RNG.normal(size=(7, 8, 8, 1)), list("0123456")),
    "matrix": lambda: plots.matrix(np.eye(4), "one", xlabel="out", ylabel="in"),
    "spread": lambda: plots.spread({"before": RNG.normal(3, 2, (50, 3)), "after": RNG.normal(size=(50, 3))}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_plot_is_a_figure_that_shows_itself(name: str) -> None:
    """A notebook gets one sharp PNG with its size, and pyplot's list of open figures stays empty."""
    from matplotlib import pyplot
    from matplotlib.figure import Figure

    shown = FIGURES[name]()
    data, facts = shown._repr_mimebundle_()
    assert isinstance(shown, Figure)
    assert data["image/png"].startswith(b"\x89PNG")
    assert abs(facts["image/png"]["width"] * 2 - int.from_bytes(data["image/png"][16:20], "big")) <= 1
    assert [] == pyplot.get_fignums()


def test_every_plot_is_tested() -> None:
    """A new one is entered above."""
    assert sorted(plots.__all__) == sorted(FIGURES)


def test_matplotlib_s_settings_stay_the_student_s() -> None:
    """Our look ends with our figure."""
    import matplotlib

    before = dict(matplotlib.rcParams)
    FIGURES["curves"]()
    assert before == dict(matplotlib.rcParams)


def test_an_activation_is_drawn_with_its_slope() -> None:
    """A panel for each, under its name; the backward's curve is what it makes of ones."""
    fig = plots.activations((relu_forward, relu_backward), low=-2, high=2, cube=lambda x: x**3)
    first, second = fig.axes
    assert ("relu", "cube") == (first.get_title(), second.get_title())
    x, slope = next(line for line in first.lines if line.get_label() == "backward: the slope").get_data()
    assert np.array_equal(slope, (x > 0).astype(float)) and (-2, 2) == (x[0], x[-1])


def test_curves_are_named_and_counted_from_one() -> None:
    """Axes say what they are; logarithmic where asked."""
    (ax,) = FIGURES["curves"]().axes
    assert ("epoch", "loss") == (ax.get_xlabel(), ax.get_ylabel())
    assert ["training", "validation"] == [text.get_text() for text in ax.get_legend().get_texts()]
    assert [1, 2, 3] == list(ax.lines[0].get_xdata())
    (ax,) = plots.curves([1.0, 10.0], [1e-3, 1e-1], log="xy", xlabel="h").axes
    assert ("log", "log", "h") == (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel())
    assert ax.get_legend() is None


def test_the_curves_of_a_check_are_drawn() -> None:
    """Those that came along with a result; without any it says how to get some."""
    (ax,) = plots.curves(SimpleNamespace(series={"history": (2.3, 1.0)})).axes
    assert [2.3, 1.0] == list(ax.lines[0].get_ydata())
    with pytest.raises(ValueError, match=r"there is no curve to draw: return a list .*\['history'\] first"):
        plots.curves(SimpleNamespace(series={}))


def test_a_path_walks_over_the_contours() -> None:
    """All its points, its start hollow, its steps counted; the minimum as a star."""
    (ax,) = plots.surface(lambda w: float(w @ w), {"sgd": [[2.0, 1.0], [0.5, 0.2]]}, minimum=(0.0, 0.0)).axes
    assert [[2.0, 1.0], [0.5, 0.2]] == ax.lines[0].get_xydata().tolist()
    assert "white" == ax.lines[1].get_markerfacecolor()
    assert ["sgd: 1 steps", "minimum"] == [text.get_text() for text in ax.get_legend().get_texts()]
    assert ax.collections, "no contours"


def test_a_flat_loss_can_be_drawn() -> None:
    """A stub that returns 0 everywhere is no error."""
    assert plots.surface(lambda w: 0.0).axes


def test_the_border_lies_where_the_answer_changes() -> None:
    """Drawn at 0.5, between the two sides; examples by their label."""
    x, y = np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([0, 1])
    (ax,) = plots.regions(lambda points: (points[:, 0] > 0.25).astype(float), x, y).axes
    border = np.concatenate([path.vertices for path in ax.collections[0].get_paths()])
    assert np.allclose(border[:, 0], 0.25, atol=0.02)
    assert ["y = 0", "y = 1"] == [text.get_text() for text in ax.get_legend().get_texts()]
    (one,) = plots.regions(lambda points: np.ones((len(points), 1)), x, y).axes
    assert not one.collections


def test_filters_share_one_scale_around_zero() -> None:
    """A column a filter, a row a channel; equal colours are equal weights."""
    w = RNG.normal(size=(3, 2, 2, 4))
    fig = plots.filters(w)
    assert 8 == len(fig.axes)
    assert {(-float(abs(w).max()), float(abs(w).max()))} == {ax.images[0].get_clim() for ax in fig.axes}
    assert np.array_equal(w[:, :, 1, 3], fig.axes[7].images[0].get_array())


def test_feature_maps_are_the_channels() -> None:
    """Of the first image of a batch; empty panels are blank."""
    out = RNG.normal(size=(2, 5, 6, 7))
    fig = plots.feature_maps(out)
    assert np.array_equal(out[0, :, :, 2], fig.axes[2].images[0].get_array())
    assert "channel 6" == fig.axes[6].get_title()
    assert not fig.axes[7].images


def test_a_matrix_bears_its_numbers_where_they_fit() -> None:
    """Small ones do, large ones are colours alone."""
    (ax,) = plots.matrix(np.array([[1, 0], [1 / 3, 2]])).axes
    assert ["1", "0", "0.333", "2"] == [text.get_text() for text in ax.texts]
    assert not plots.matrix(RNG.normal(size=(30, 30))).axes[0].texts


def test_a_spread_tells_mean_and_deviation() -> None:
    """On one scale for all batches; never a minus zero."""
    fig = plots.spread({"a": np.array([[-1.0], [1.0]]), "b": np.array([[9.0], [11.0]])})
    assert "feature 0: mean 0.00, std 1.00" == fig.axes[0].get_legend().get_texts()[0].get_text()
    assert len({ax.get_xlim() for ax in fig.axes}) == 1


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plots.filters(np.zeros((3, 3))), r"w has shape \(3, 3\), expected \(KH, KW, C, N\)."),
        (lambda: plots.feature_maps(np.zeros(3)), r"out has shape \(3,\), expected \(H, W, N\) or \(B, H, W, N\)."),
        (lambda: plots.images(np.zeros((0, 3, 3))), r"x has shape \(0, 3, 3\), expected \(B, H, W\) or"),
        (lambda: plots.matrix(np.zeros(3)), r"values has shape \(3,\), expected \(R, C\)."),
    ],
)
def test_a_wrong_shape_is_told(draw, words: str) -> None:
    """What came and what was expected."""
    with pytest.raises(ValueError, match=words):
        draw()


def test_without_matplotlib_it_is_said(monkeypatch) -> None:
    """With the repair."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"plots need matplotlib\. Install it: pip install matplotlib"):
        plots.curves([1.0])


def test_the_public_module_can_be_imported() -> None:
    """`import autograder.plots` gives what `from autograder import plots` gives, and imports no matplotlib."""
    code = """
import sys
import autograder.plots
from autograder import plots
assert sys.modules["autograder.plots"].curves is plots.curves is autograder.plots.curves
assert "matplotlib" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
