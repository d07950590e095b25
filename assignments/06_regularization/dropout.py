"""Dropout.

Units that are always active together rely on each other and memorize the training data together. Dropout sets each
unit's output to 0 with probability p, anew in every step, so that each unit must be useful without the others. It is
the output of the unit, its activation, that becomes 0; the weights stay as they are. The outputs that are kept are
scaled so that sums keep their mean; then inference, where nothing is dropped, needs no change at all. This is called
inverted dropout.
"""

# Check it:  handgrad check dropout

import numpy as np


def dropout_mask(shape: tuple[int, ...], *, p: float, rng: np.random.Generator) -> np.ndarray:
    """Draw the mask: which units are kept, and by what they are scaled.

    shape is a tuple of any length; p with 0 <= p < 1 is the probability to be dropped; rng is NumPy's random generator:
    take all random numbers from it, for example `rng.random(shape)`, uniform in [0, 1). Returns a float64 array of this
    shape, each entry drawn by itself:

        0              with probability p
        1 / (1 - p)    with probability 1 - p

    So the mean of an entry is 1. You are judged by such statistics, not by single entries: use rng as you like.

    >>> mask = dropout_mask((100, 200), p=0.2, rng=np.random.default_rng(0))
    >>> np.unique(mask)
    array([0.  , 1.25])
    >>> mask.shape, round(np.mean(mask == 0).item(), 1)
    ((100, 200), 0.2)
    """
    raise NotImplementedError("write dropout_mask")


def dropout_forward(x: np.ndarray, mask: np.ndarray, *, train: bool) -> np.ndarray:
    """Drop units in training; do nothing otherwise.

    x and mask have the same shape, any. Returns out of that shape:

        out = x * mask    if train, entry by entry
        out = x           otherwise

    The mask is scaled already: no further factor, in either mode. Otherwise x itself may be returned. Do not change x
    or mask.

    >>> x, mask = np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 0.0, 2.0]])
    >>> dropout_forward(x, mask, train=True)
    array([[2., 0., 6.]])
    >>> dropout_forward(x, mask, train=False)
    array([[1., 2., 3.]])
    """
    raise NotImplementedError("write dropout_forward")


def dropout_backward(dout: np.ndarray, x: np.ndarray, mask: np.ndarray, *, train: bool) -> np.ndarray:
    """Carry the gradient of the loss from the output back to x.

    dout is the gradient for forward's output; the other arguments are exactly forward's. Returns dx, shaped as x:

        dx = dout * mask    if train, entry by entry: the same mask as in forward
        dx = dout           otherwise

    The mask is drawn, not learned: it has no gradient. Otherwise dout itself may be returned. Do not change dout, x or
    mask.

    >>> dout, x, mask = np.array([[10.0, 20.0, 30.0]]), np.array([[1.0, 2.0, 3.0]]), np.array([[2.0, 0.0, 2.0]])
    >>> dropout_backward(dout, x, mask, train=True)
    array([[20.,  0., 60.]])
    >>> dropout_backward(dout, x, mask, train=False)
    array([[10., 20., 30.]])
    """
    raise NotImplementedError("write dropout_backward")
