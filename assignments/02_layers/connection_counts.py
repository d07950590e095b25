"""Connections and parameters, counted.

A connection joins an input neuron to an output neuron; a parameter is a number that is learned. In a dense layer every
neuron is joined to every other, each pair with a weight of its own. A convolution saves twice: a neuron is joined to
its window only (local connectivity), and all windows use the same weights (parameter sharing). Four counts say by how
much. Biases are not counted: there is one per neuron or filter, and they join nothing.
"""

# Check it:  handgrad check connection_counts


def dense_parameters(n: int, m: int) -> int:
    """Count the weights of a dense layer from n neurons to m neurons, without biases.

    Each pair of two neurons has a weight of its own. Returns an int.

    Four neurons to three:

    >>> dense_parameters(4, 3)
    12
    """
    raise NotImplementedError("write dense_parameters")


def conv_parameters(kh: int, kw: int, c: int, n: int) -> int:
    """Count the weights of a convolution with n filters of kh rows, kw columns and c channels, without biases.

    Note what is no argument: the size of the image. Returns an int.

    A kernel of 3 in one dimension and one of 3 x 3 in two:

    >>> conv_parameters(1, 3, 1, 1), conv_parameters(3, 3, 1, 1)
    (3, 9)
    """
    raise NotImplementedError("write conv_parameters")


def dense_connections(n: int, m: int) -> int:
    """Count the connections of a dense layer from n neurons to m neurons.

    Each neuron is connected with all neurons of the layer before. Returns an int.

    Five neurons to five:

    >>> dense_connections(5, 5)
    25
    """
    raise NotImplementedError("write dense_connections")


def conv_connections(
    height: int, width: int, kh: int, kw: int, c: int, n: int, *, stride: int = 1, pad: int = 0
) -> int:
    """Count the connections of a convolution from an image (height, width, c) to its n output channels.

    There are n filters of kh rows, kw columns and c channels, `pad` zeros on each side of the image, and windows start
    every `stride` pixels, so the output has H' x W' neurons per filter:

        H' = (height + 2*pad - kh) // stride + 1        W' = (width + 2*pad - kw) // stride + 1

    A connection is a pair of an input neuron and an output neuron with a weight between them. The zeros of the padding
    are no neurons: a window that hangs over the border has fewer connections. Returns an int.

    Five neurons in a row, kernel 3, pad 1: the first and the last window hold 2 neurons, the others 3, together 13.

    >>> conv_connections(1, 5, 1, 3, 1, 1, pad=1)
    13

    A 4 x 4 image with kernel 3 x 3 and pad 1 (a dense layer would have 16 * 16 = 256 connections):

    >>> conv_connections(4, 4, 3, 3, 1, 1, pad=1)
    100
    """
    raise NotImplementedError("write conv_connections")
