"""Arctangent normalization: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Function, Speed, case, literal, normal, plain, small
from reference.normalization import arctan_normalize

EXERCISE = plain(
    Function(arctan_normalize, {"out": 9}, purity=0.5, speed=0.5),
    cases=[
        case("both signs by hand", public=True, x=literal([[-1, 0, 1], [3**0.5, -(3**0.5), 1e9]])),
        case("a small table", public=True, x=normal(3, 4)),
        case("a vector", x=normal(7, scale=3.0)),
        case("large and small numbers", x=literal([[1e-9, 1e6], [-1e3, 0.5], [40, -1e-4]])),
        case("images", x=normal(2, 4, 3, 5)),
        case("one example", x=normal(1, 6)),
        case("a large table", x=normal(9, 4, scale=10.0)),
    ],
    speed=Speed((case("128x128", x=normal(128, 128)), case("512x512", x=normal(512, 512))), bars=(12.0, 22.0)),
)  # fmt: skip

SMALL = [small(x="B D"), small(x="D")]
