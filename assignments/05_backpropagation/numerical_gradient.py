"""The numerical gradient.

Backpropagation is fast and easy to get wrong; a difference quotient is slow and hard to get wrong. So the slow one
checks the fast one: move one number a little up and a little down, see how far the result moves, and compare. It
needs two evaluations for every number, which is why nobody trains with it.
"""

# Check it:  handgrad check numerical_gradient

from collections.abc import Callable

import numpy as np


def numerical_gradient(f: Callable[[np.ndarray], float], x: np.ndarray, *, h: float = 1e-5) -> np.ndarray:
    """Compute the gradient of f at x by central differences.

    f is a function that takes an array like x and returns a float; x has one or more axes. Returns grad, a new
    float64 array shaped as x. For every entry, with e the array that is 1 at this entry and 0 elsewhere:

        grad[entry] = (f(x + h*e) - f(x - h*e)) / (2*h)

    One entry moves at a time; all others stay where they were. Both sides matter: the one-sided difference
    (f(x + h*e) - f(x)) / h is off by about h/2 times the second derivative, the central one by about h**2/6 times
    the third. You may write into x while you work, but at the end it must be as it was, to the last bit.

    By hand, for f = x0**3 + x1**3 at 1, 2 with the large step h = 0.5: (1.5**3 - 0.5**3) / 1 = 3.25, where the slope
    is 3 (a one-sided difference gives 4.75), and (2.5**3 - 1.5**3) / 1 = 12.25, where it is 12.

    >>> numerical_gradient(lambda x: float(np.sum(x**3)), np.array([1.0, 2.0]), h=0.5)
    array([ 3.25, 12.25])
    """
    raise NotImplementedError("write numerical_gradient")
