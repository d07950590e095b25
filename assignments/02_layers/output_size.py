"""Output size.

Convolution and pooling slide a window along the image. How many places are there for it? This one small formula is
behind the shape of every layer that slides, and the commonest reason why shapes do not fit: count the first place,
and do not count a place where the window would hang over the edge.
"""

# Check it:  handgrad check output_size


def output_size(size: int, *, window: int, stride: int = 1, pad: int = 0) -> int:
    """Count the places of a sliding window along one axis.

    size is the height (or the width) of the image, window the height (or the width) of the window, stride the step
    from one place to the next, pad the number of zeros on each side. The window fits at least once. Returns an int:

        H' = (size + 2 * pad - window) / stride + 1

    Where the division leaves a remainder, H' is rounded down: a last window that does not fit whole is left out. It is
    a count, so 3 and not 3.0: shapes and loops need an int.

    By hand, size 8, window 3, stride 2: the windows start at 0, 2 and 4; one that starts at 6 would need pixel 8,
    which is not there. So H' is 3, and the formula says 5 / 2 + 1 = 3.5, rounded down.

    >>> output_size(8, window=3, stride=2)
    3
    >>> output_size(4, window=3, pad=1)
    4
    """
    raise NotImplementedError("write output_size")
