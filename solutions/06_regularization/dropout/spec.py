"""Dropout: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import (
    Case,
    Draw,
    Function,
    Judge,
    Speed,
    among,
    case,
    derived,
    generator,
    layer,
    literal,
    normal,
    plain,
    small,
)
from reference.regularization import dropout_backward, dropout_forward, dropout_mask

# A right mask fails the test of one share with probability below 1e-8. The cases below make 27 such tests, as the last
# is drawn with five seeds: below 3e-7 in all.
drawn_with_probability = Judge("mask", lambda inputs: {"p": inputs["p"]})


def drawn(name: str, *shape: int, p: float) -> Case:
    """A mask of this shape, judged by its statistics."""
    return case(name, accept={"mask": drawn_with_probability}, shape=shape, p=p, rng=generator())


def mask_of(*shape: int, p: float) -> Draw:
    """A right mask."""
    return derived(lambda rng: dropout_mask(shape, p=p, rng=rng), f"mask{shape}")


def halves_kept(*shape: int) -> Draw:
    """A mask for p = 0.5: 0 or 2."""
    return derived(lambda rng: 2.0 * rng.integers(0, 2, shape), "halves kept")


LAYER = layer(
    Function(dropout_forward, {"out": 2}, purity=0.5, speed=0.5),
    Function(dropout_backward, {"dx": 2}, purity=0.5, speed=0.5),
    cases=[
        case(
            "three units, one of them dropped",
            public=True, x=literal([[1, 2, 3], [4, -5, 6]]), mask=literal([[2, 0, 2], [2, 0, 0]]), train=True,
        ),
        case("inference", public=True, x=normal(3, 4), mask=mask_of(3, 4, p=0.5), train=False),
        case("few are dropped", x=normal(7, 5), mask=mask_of(7, 5, p=0.2), train=True),
        case("most are dropped", x=normal(6, 9), mask=mask_of(6, 9, p=0.8), train=True),
        case("images, large numbers", x=normal(2, 5, 4, 3, scale=1e7), mask=mask_of(2, 5, 4, 3, p=0.3), train=True),
        case("one image in inference", x=normal(1, 4, 3, 5), mask=mask_of(1, 4, 3, 5, p=0.7), train=False),
        case("as many examples as units", x=normal(6, 6), mask=mask_of(6, 6, p=0.4), train=True),
    ],
    speed=Speed(
        (
            case("128x128", x=normal(128, 128), mask=among(128, 128, values=(0.0, 2.0)), train=True),
            case("768x768", x=normal(768, 768), mask=among(768, 768, values=(0.0, 2.0)), train=True),
        ),
        bars=(30.0, 60.0),
    ),
)  # fmt: skip

EXERCISE = plain(
    Function(
        dropout_mask, {"mask": 4},
        cases=(
            case("nobody is dropped", public=True, shape=(3, 4), p=0.0, rng=generator()),
            drawn("p = 0.3", 200, 250, p=0.3),
            drawn("p = 0.97", 150, 200, p=0.97),
            drawn("p = 0.08", 250, 120, p=0.08),
            drawn("images, p = 0.9", 20, 14, 16, 10, p=0.9),
            drawn("a row of units, p = 0.25", 20000, p=0.25),
            drawn("a shorter row of units, drawn with five seeds, p = 0.5", 4200, p=0.5),
        ),
    ),
    *LAYER.functions,
)  # fmt: skip

SMALL = {
    "dropout_mask": small(shape=((2, 2), (2, 3), (3,), (1, 1)), p=0.0, rng=generator()),
    "dropout_forward": small(x="B D", mask=lambda B, D: halves_kept(B, D), train=(True, False)),
    "dropout_backward": small(x="B D", mask=lambda B, D: halves_kept(B, D), train=(True, False)),
}
