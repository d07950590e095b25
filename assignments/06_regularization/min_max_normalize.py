"""Min-max normalization.

Features come in units of their own: an age goes to 100, an income to 100000, and a network would listen to the income
alone. Min-max normalization stretches every feature to the same range, from 0 for its smallest value to 1 for its
largest.
"""

# Check it:  handgrad check min_max_normalize

import numpy as np


def min_max_normalize(x: np.ndarray) -> np.ndarray:
    """Bring every column to the range from 0 to 1.

    x (B, D), one row per example, one column per feature. Returns out (B, D), for each column by itself:

        out = (x - min) / (max - min)

    A constant column, whose max is its min, gives 0 (never nan). Do not change x.

    By hand, the column 2, 4, 10: min 2, max 10, so 0/8, 2/8, 8/8.

    >>> min_max_normalize(np.array([[2.0, 7.0], [4.0, 7.0], [10.0, 7.0]]))
    array([[0.  , 0.  ],
           [0.25, 0.  ],
           [1.  , 0.  ]])
    """
    raise NotImplementedError("write min_max_normalize")
