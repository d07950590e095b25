"""Spread: plain functions that return an int, a dict and a list."""

from __future__ import annotations

from tiny_oracle import extremes, halves, spread

from autograder.spec import Function, case, normal, plain, small

EXERCISE = plain(
    Function(
        spread,
        {"length": 1},
        cases=(case("by one", public=True, size=4), case("by three", size=5, by=3), case("one entry", size=1)),
    ),
    Function(extremes, {"ends": 1}),
    Function(halves, {"parts": 1}),
    cases=[case("three rows", public=True, x=normal(3, 2)), case("six rows", x=normal(6, 4))],
)

SMALL = {
    "spread": small(size=(1, 2, 3), by=(1, 2), worked={"size": 3}),
    "extremes": small(x="B D", worked={"B": 3}),
    "halves": small(x="B D", worked={"B": 3}),
}
