"""Tanh: what is checked, on which inputs, for how many points."""

from __future__ import annotations

import numpy as np

from autograder.spec import Function, Speed, case, layer, literal, normal, small, whole
from reference.activations import tanh_backward, tanh_forward

TIMED = (case("256x256", x=normal(256, 256)), case("512x512", x=normal(512, 512)))
TIMED_BACKWARD = (case("64x512", x=normal(64, 512)), case("256x512", x=normal(256, 512)))

EXERCISE = layer(
    Function(tanh_forward, {"out": 3.5}, purity=0.5, speed=0.5, timing=Speed(TIMED, bars=(14.0, 18.0), above=1.25)),
    Function(tanh_backward, {"dx": 4.5}, purity=0.5, speed=0.5),
    cases=[
        case("0, log 2 and -log 2", public=True, x=literal([0, np.log(2), -np.log(2)])),
        case("a small batch", public=True, x=normal(2, 3)),
        case("batch of one, small numbers", x=normal(1, 5, scale=1e-5)),
        case("images", x=normal(2, 4, 3, 5)),
        case("larger numbers", x=normal(7, 6, scale=3.0)),
        case("where tanh is nearly flat", x=literal([-6, 6.5, 7, -6.2, 7.2])),
    ],
    # The quotient of exponentials costs up to ten times np.tanh where that uses AVX-512, a loop over indices a hundred
    # and more; elsewhere np.tanh itself takes ten times as long, and a loop only twenty times that.
    speed=Speed(TIMED_BACKWARD, bars=(16.0, 28.0)),
)  # fmt: skip

SMALL = [small(x=lambda B, D: whole(B, D, by=2)), small(x=lambda D: whole(D, by=2))]
