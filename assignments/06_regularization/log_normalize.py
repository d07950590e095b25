"""Log normalization.

Some features grow by factors: incomes, prices, numbers of followers. On a straight scale the few giants press all
others flat against 0. The logarithm turns factors into steps, and dividing by the largest logarithm makes 1 of the
largest value.
"""

# Check it:  handgrad check log_normalize

import numpy as np


def log_normalize(x: np.ndarray) -> np.ndarray:
    """Bring every column to the range from 0 to 1 on a logarithmic scale.

    x (B, D), one column per feature; all entries are at least 1, and every column holds one that is larger. Returns
    out (B, D), for each column by itself:

        out = log(x) / log(max)

    The base does not matter, as long as it is the same twice. Do not change x.

    By hand, the column 1, 10, 100: 0/2, 1/2, 2/2.

    >>> log_normalize(np.array([[1.0], [10.0], [100.0]])).round(12)
    array([[0. ],
           [0.5],
           [1. ]])
    """
    raise NotImplementedError("write log_normalize")
