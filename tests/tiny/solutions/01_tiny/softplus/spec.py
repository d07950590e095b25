"""Softplus: a function that must stay right where its formula overflows."""

from __future__ import annotations

from tiny_oracle import softplus

from autograder.spec import Function, case, literal, normal, plain, small

EXERCISE = plain(
    Function(softplus, {"out": 2}, stability=1),
    cases=[
        case("a table", public=True, x=normal(2, 3)),
        case("wide", x=normal(4, 2, scale=4.0)),
    ],
    stable=[case("up to a thousand", public=True, x=literal([-1000.0, -1.0, 0.0, 1000.0]))],
)

SMALL = [small(x="B D"), small(x=literal([1000.0]))]
