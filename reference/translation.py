"""What happens to a layer's output when its image moves: convolution moves along, pooling hardly notices.

All images are one channel, (H, W). A translation by (dy, dx) moves down and to the right; zeros come in.
"""

from __future__ import annotations

import numpy as np

from reference.convolution import cross_correlate2d
from reference.pooling import max_pool2d_forward


def translate(x: np.ndarray, dy: int, dx: int) -> np.ndarray:
    """out[i, j] = x[i - dy, j - dx] where that lies in the image, else 0; x and out (H, W), dy and dx of any sign.

    One copy of the part that stays in the frame: the slices are empty when nothing does.
    """
    height, width = x.shape
    out = np.zeros_like(x)
    out[_frame(dy, height), _frame(dx, width)] = x[_frame(-dy, height), _frame(-dx, width)]
    return out


def equivariance_error(x: np.ndarray, w: np.ndarray, dy: int, dx: int) -> float:
    """The largest |correlate(translate(x)) - translate(correlate(x))|, without padding; x (H, W), w (KH, KW).

    It is 0 when x is zero within KH - 1 rows and KW - 1 columns of every border: then no window is cut.
    """
    moved, still = cross_correlate2d(translate(x, dy, dx), w), cross_correlate2d(x, w)
    return np.abs(moved - translate(still, dy, dx)).max().item()


def pool_invariance(x: np.ndarray, dy: int, dx: int, *, window: int, stride: int) -> float:
    """The share of max-pooling's outputs, in [0, 1], that are the same number after the translation; x (H, W)."""
    both = np.stack([x, translate(x, dy, dx)])[..., None]
    still, moved = max_pool2d_forward(both, window=window, stride=stride)
    return np.mean(still == moved).item()


def _frame(shift: int, size: int) -> slice:
    """Where the pixels that stay in the frame land, along one axis."""
    return slice(max(shift, 0), max(size + shift, 0))
