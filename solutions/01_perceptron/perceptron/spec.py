"""Perceptron: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import Draw, Function, Speed, case, derived, literal, normal, plain, small
from reference.perceptron import perceptron_forward, perceptron_update

BITS = literal([[0, 0], [0, 1], [1, 0], [1, 1]])
NUMBER = derived(lambda rng: float(rng.normal()), "number")


def answers(size: int) -> Draw:
    """Right answers: 0.0 or 1.0."""
    return derived(lambda rng: rng.integers(0, 2, size).astype(float), f"answers({size})")


EXERCISE = plain(
    Function(
        perceptron_forward, {"out": 3}, purity=0.5, speed=0.5,
        cases=(
            case("the and of two bits", public=True, x=BITS, w=literal([1, 1]), b=-1.5),
            case(
                "sums of exactly 0 fire",
                public=True, x=literal([[1, -1], [2, 3], [-3, 1], [0, -0.5]]), w=literal([0.5, 1]), b=0.5,
            ),
            case("batch of one", x=normal(1, 5), w=normal(5), b=NUMBER),
            case("more examples than features", x=normal(40, 3), w=normal(3), b=NUMBER),
            case("as many examples as features", x=normal(6, 6), w=normal(6), b=NUMBER),
            case("one feature, sums near zero", x=normal(30, 1, scale=1e-7), w=normal(1), b=0.0),
        ),
    ),
    Function(
        perceptron_update, {"w": 3, "b": 2}, purity=1,
        cases=(
            case(
                "three examples by hand",
                public=True, x=literal([[2, 1], [1, -1], [-4, 1]]), y=literal([0, 1, 1]), w=literal([0, 0]), b=0.0,
                lr=0.5,
            ),
            case(
                "five passes over the or of two bits",
                public=True, steps=5, x=BITS, y=literal([0, 1, 1, 1]), w=literal([-1, -2]), b=0.25, lr=0.5,
            ),
            case(
                "all answers right: nothing changes",
                x=literal([[3, 1], [-2, 0.5], [1, -1]]), y=literal([1, 0, 1]), w=literal([1, 0.5]), b=-0.25, lr=0.7,
            ),
            case("one example", x=normal(1, 4), y=answers(1), w=normal(4), b=NUMBER, lr=0.3),
            case(
                "many examples from given weights",
                x=normal(30, 5), y=answers(30), w=normal(5, scale=100.0), b=50.0, lr=40.0,
            ),
            case(
                "three passes",
                steps=3, x=normal(12, 3), y=answers(12), w=normal(3), b=NUMBER, lr=1.3,
            ),
            case(
                "as many examples as features, sums near zero",
                x=normal(7, 7), y=answers(7), w=normal(7, scale=1e-7), b=0.0, lr=1e-8,
            ),
        ),
    ),
    speed=Speed(
        (
            case("2048 examples", x=normal(2048, 16), w=normal(16), b=NUMBER),
            case("8192 examples", x=normal(8192, 16), w=normal(16), b=NUMBER),
            case("65536 examples", x=normal(65536, 16), w=normal(16), b=NUMBER),
        ),
        bars=(22.0, 60.0),
    ),
    axes={"x": "B D", "y": "B", "w": "D", "out": "B"},
)  # fmt: skip

SMALL = {
    "perceptron_forward": [
        small(x="B D", w="D", b=(1.0, -2.0), worked={"B": 3}),
        small(x=literal([[1, -1], [2, 1]]), w=literal([1, 2]), b=1.0),  # the first sum is exactly 0
    ],
    "perceptron_update": small(x="B D", y=lambda B: answers(B), w="D", b=(0.0, 1.0), lr=(0.5, 2.0)),
}
