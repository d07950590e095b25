"""Numerical gradient: what is checked, on which inputs, for how many points.

The steps are large in some cases, so that a difference with another error term gives other numbers, and the functions
couple their entries, so that a step which is not undone shows in the next entry.
"""

from __future__ import annotations

from autograder.spec import Code, Function, Tolerance, case, literal, normal, plain, small
from reference.backpropagation import numerical_gradient


def function(expression: str) -> Code:
    """f(x) = this expression."""
    return Code("f", f"import numpy as np\n\n\ndef f(x):\n    return float({expression})\n")


CUBES = function("np.sum(x**3)")
MIXED = function("np.sum(x**3) + np.sum(x) ** 2")
WAVES = function("np.sum(x) * np.sum(np.sin(x))")
LOG_SUM_EXP = function("np.log(np.sum(np.exp(x)))")

EXERCISE = plain(
    Function(numerical_gradient, {"grad": 8}, purity=2),
    cases=[
        case("cubes by hand, step 0.5", public=True, f=CUBES, x=literal([1, 2, -1, 0]), h=0.5),
        case("the default step", public=True, f=MIXED, x=normal(5)),
        case("a matrix, step 0.01", public=True, f=LOG_SUM_EXP, x=normal(2, 3), h=0.01),
        case("a matrix, default step", f=WAVES, x=normal(4, 3)),
        case("four axes, step 0.02", f=WAVES, x=normal(2, 3, 1, 2), h=0.02),
        case("one number, step 0.1", f=MIXED, x=normal(1), h=0.1),
        case("one column, step 0.001", f=LOG_SUM_EXP, x=normal(6, 1, scale=6.0), h=0.001),
    ],
    tolerance=Tolerance(rtol=2e-9, atol=1e-10),
    requires=("chain_rule",),
)  # fmt: skip

SMALL = [
    small(f=(CUBES, MIXED, WAVES), x="N M", h=(0.5, 0.01), worked={"N": 1}),
    small(f=(CUBES, MIXED), x="N", h=(0.5, 0.01)),
]
