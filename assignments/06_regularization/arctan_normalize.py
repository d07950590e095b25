"""Arctangent normalization.

Min and max are at the mercy of one wild value: it takes the whole range and leaves nothing to the others. The
arctangent needs neither: it squeezes the whole line into a fixed range, nearly straight around 0 and flatter and
flatter outside, so that far values are never cut off and never dominate.
"""

# Check it:  handgrad check arctan_normalize

import numpy as np


def arctan_normalize(x: np.ndarray) -> np.ndarray:
    """Squeeze every number into the range from -1 to 1.

    x has any shape. Returns out of the same shape, for every entry by itself:

        out = 2 * arctan(x) / pi        arctan in radians

    No other entry plays a part. Do not change x.

    By hand: arctan(1) is pi/4, so 1 becomes 0.5; arctan of a huge number is almost pi/2, which becomes almost 1.

    >>> arctan_normalize(np.array([-1.0, 0.0, 1.0, 1e9])).round(6)
    array([-0.5,  0. ,  0.5,  1. ])
    """
    raise NotImplementedError("write arctan_normalize")
