"""Chain rule: what is checked, on which inputs, for how many points.

z and x stay at least 0.3 apart, because max has no derivative at a tie.
"""

from __future__ import annotations

from autograder.spec import Draw, Function, case, derived, loss, small
from reference.backpropagation import graph_backward, graph_forward


def number(low: float, high: float) -> Draw:
    """A float in [low, high)."""
    return derived(lambda rng: float(rng.uniform(low, high)), f"number({low}, {high})")


EXERCISE = loss(
    Function(graph_forward, {"f": 3}),
    Function(graph_backward, {"dx": 3, "dy": 2, "dz": 2}),
    cases=[
        case("z is larger, by hand", public=True, x=1.0, y=2.0, z=4.0),
        case("x is larger, by hand", public=True, x=-2.0, y=5.0, z=-4.0),
        case("z is larger", x=number(-1, 0), y=number(2, 3), z=number(0.3, 4)),
        case("x is larger", x=number(1.3, 3), y=number(-6, -4), z=number(0.2, 1)),
        case("both negative, z is larger", x=number(-4, -2), y=number(-1, 1), z=number(-1.7, -0.5)),
        case("both negative, x is hardly larger", x=-0.5, y=number(2, 5), z=-0.5000001),
        case("large numbers", x=number(1e7, 2e7), y=number(-9e7, -3e7), z=number(4e7, 9e7)),
        case("small numbers", x=number(1e-3, 2e-3), y=number(-6e-3, -4e-3), z=number(-9e-3, -2e-3)),
        case("x is larger, z is smaller than -x", x=number(0.5, 1), y=number(0.2, 1), z=number(-5, -2)),
    ],
)  # fmt: skip

SMALL = small(x=(1.0, 5.0, -2.0), y=(2.0, 3.0, -4.0), z=(4.0, 2.0, -3.0))
