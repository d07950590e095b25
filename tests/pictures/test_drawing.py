"""The scripts draw what is stored, say what is not, and always draw alike."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

LABELS = {
    "decision_line": "before: 4 wrong|after 1 pass: 2 wrong|after 4 passes: 0 wrong|x₁|x₂|w|fires|y = 1",
    "sigmoid_neuron": "sum s = x @ w + b|out|perceptron: step|neuron: sigmoid",
    "xor_surface": "hidden neuron 1: or|hidden neuron 2: and|output: xor|0.99|0.02",
    "sliding_window": "x, padded with zeros|kernel k|out|−1|6",
    "pooling": "window 2, stride 1: H′ = (3 − 2) // 1 + 1 = 2|window 2, stride 2: H′ = (4 − 2) // 2 + 1 = 2|16",
    "activation_functions": "sigmoid|tanh|relu|leaky_relu, slope 0.1|forward: out",
    "sparse_and_dense": "25 connections, 25 parameters|13 connections, 3 parameters|matrix (L, L′)",
    "moved_pooling": "the picture|4 of 4 outputs stay|2 of 4 outputs stay|14",
    "regression_losses": "l1_loss|l2_loss|smooth_l1_loss|d = prediction − target|gradient dprediction",
    "huber_losses": "delta = 0.5|delta = 1|delta = 2|huber_loss",
    "cross_entropy_bases": "4.605|2|0.1054|0.04576|−log q, base e|−log q, base 10",
    "softmax_pull": "0.125|0.25|0.625|−0.75|dscores",
    "optimizer_race": "sgd|momentum|adagrad|start|J(w)",
    "batch_sizes": "batch: 4 steps|mini-batch: 24 steps|stochastic: 240 steps|of 1 row",
    "two_valleys": "start 1.5|end 0.838|start −0.1|end −1.107",
    "chain_rule_graph": "x = 1, y = 2, z = 4: f = 12|dx = 4, dy = 4, dz = 3|dx = 12, dy = 5, dz = 0|max|35",
    "mlp_way_back": "0.5|16|12|4|−2|hidden, dhidden",
    "step_size": "step h|error of the gradient|h = 1e-5",
    "penalties": "l1_penalty|l2_penalty|dw|step|strength 0.5",
    "dropout_masks": "inference: all units|one step of training|the next step|0|2",
    "normalizations": "min_max_normalize|log_normalize|arctan_normalize|z_score",
    "batchnorm_before_after": "out, gamma = 1, beta = 0|feature 0: mean 0.0, std 1.0",
    "running_mean": "momentum = 0.9|momentum = 0.1|running_mean",
    "sample_digits": "0|9",
    "learning_curves": "epoch|mean loss on 400 rows|log 10: a guess",
    "confusion_matrix": "predicted|true label",
    "overfitting": "tolerance|its own rows|fresh rows|regularized: 60 of 200 labels wrong",
}


def texts(svg):
    """All labels of a picture."""
    found = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return {"".join(element.itertext()).strip() for element in found}


def drawings(scripts):
    """Name of a picture → its path and the function that draws it."""
    main = scripts("__main__")
    return {path.stem: (path, picture) for unit in main.units() for path, picture in main.pictures(unit).items()}


@pytest.mark.parametrize("name", LABELS)
def test_what_is_stored_is_what_is_drawn(name, scripts):
    """Drawn again from the reference, but for rounding, with the labels that the page speaks of.

    Another release of matplotlib than the one that drew it may place things otherwise, but writes these labels.
    """
    (path, picture), style = drawings(scripts)[name], scripts("style")
    stored, drawn = path.read_text(encoding="utf-8"), style.svg(picture)
    assert set(LABELS[name].split("|")) <= texts(drawn) & texts(stored)
    assert style.DRAWN_BY not in stored or style.same(stored, drawn), "run: make pictures"


def test_every_picture_is_tested(scripts):
    """A new picture is entered above with its labels; every unit has one."""
    assert set(LABELS) == set(drawings(scripts))
    assert [unit[:2] for unit in scripts("__main__").units()] == [f"{n:02}" for n in range(1, 8)]


def test_no_display_is_needed(scripts, monkeypatch):
    """Nor any backend of a window: figures are made without pyplot, and draw to PNG too."""
    monkeypatch.delenv("DISPLAY", raising=False)
    assert scripts("style").png(scripts("backpropagation").mlp_way_back, dpi=40).startswith(b"\x89PNG")


def test_a_picture_drawn_twice_is_the_same_text(scripts):
    """No date, no counter and no random name is in it."""
    svg, picture = scripts("style").svg, scripts("perceptron").sigmoid_neuron
    assert svg(picture) == svg(picture)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ('<path id="m12ab34cd56" d="M 1.00 2.00"/>', '<path id="mffffffffff" d="M 1.01 2.00"/>', True),
        ('<path d="M 1.00 2.00"/>', '<path d="M 1.20 2.00"/>', False),
        ('<path d="M 1 2"/>', '<path d="M 1 2 L 3 4"/>', False),
        ('<text x="3.00">4.605</text>', '<text x="3.00">4.606</text>', False),
        ('<text x="3.00">out</text>', '<text x="3.00">x</text>', False),
        ('<path style="fill: #0072b2"/>', '<path style="fill: #d55e00"/>', False),
    ],
)
def test_rounding_is_no_difference_and_all_else_is(one, other, equal, scripts):
    """Places may move by a rounding; labels, shapes and colours may not change at all."""
    assert scripts("style").same(one, other) is equal


def test_what_differs_is_named_and_repaired(scripts, monkeypatch, tmp_path, capsys):
    """Missing, stray and changed pictures each get a sentence; drawing repairs what can be repaired."""
    main, module = scripts("__main__"), scripts("backpropagation")
    monkeypatch.setattr(main, "ROOT", tmp_path)
    monkeypatch.setattr(module, "PICTURES", (module.mlp_way_back,))
    folder = tmp_path / "solutions" / "05_backpropagation" / "pictures"
    folder.mkdir(parents=True)
    place = "solutions/05_backpropagation/pictures"

    assert main.main(["--check"]) == 1
    assert capsys.readouterr().out == f"{place}/mlp_way_back.svg is missing; run: make pictures\n"
    assert main.main(["05_backpropagation"]) == 0
    assert capsys.readouterr().out == f"drew {place}/mlp_way_back.svg\n"
    assert main.main(["--check"]) == 0
    assert capsys.readouterr().out == ""

    stored = folder / "mlp_way_back.svg"
    stored.write_text(stored.read_text(encoding="utf-8").replace(">16<", ">17<"), encoding="utf-8")
    (folder / "old.svg").touch()
    assert main.main(["--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{place}/mlp_way_back.svg differs from what its script draws; run: make pictures",
        f"{place}/old.svg is drawn by no script; remove it",
    ]


def test_an_unknown_unit_is_refused(scripts, capsys):
    """With the units that there are."""
    with pytest.raises(SystemExit) as stop:
        scripts("__main__").main(["09_nothing"])
    assert stop.value.code == 2
    assert "there is no unit 09_nothing with pictures; there are 01_perceptron, 02_layers" in capsys.readouterr().err
