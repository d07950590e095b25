"""Convolution along one axis: for sequences, such as sound, text or a measurement over time.

Along one axis it is easiest to see what is special about convolution. In a dense layer every output neuron is connected
to every input, each connection with a weight of its own. Here an output sees only k neighbours, and all outputs share
the same k weights. Backward asks the same question three times: which windows did this input, this weight, this bias
take part in?
"""

# Check it:  handgrad check conv1d

import numpy as np


def conv1d_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0) -> np.ndarray:
    """Slide every filter along every sequence.

    x (B, L, C) sequences of length L with C channels, w (k, C, N) filters, b (N,) biases. Returns out (B, L', N):

        out[a, i, n] = b[n] + sum over p, c of padded[a, i*stride + p, c] * w[p, c, n]
        L' = (L + 2*pad - k) // stride + 1

    a counts the examples of the batch. `padded` is x with `pad` zeros at each end of the sequence. The kernel is not
    turned round. `//` rounds down: a last window that does not fit whole is left out. Do not change x, w or b.

    By hand, one sequence, one channel, one filter 1, 0, 2 with bias 10: the first window is 1, 2, 3 and gives
    1*1 + 2*0 + 3*2 + 10 = 17, the second is 2, 3, 4 and gives 2*1 + 3*0 + 4*2 + 10 = 20.

    >>> x, w = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 4, 1), np.array([1.0, 0.0, 2.0]).reshape(3, 1, 1)
    >>> conv1d_forward(x, w, np.array([10.0])).reshape(2)
    array([17., 20.])
    """
    raise NotImplementedError("write conv1d_forward")


def conv1d_backward(
    dout: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray, *, stride: int = 1, pad: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss from the output back to x, w and b.

    dout (B, L', N) is the gradient for forward's output; the other arguments are exactly forward's. Returns
    (dx, dw, db), shaped as x, w and b. Each product `input * weight` in forward's sum gives to both of its factors:

        db[n]       = sum over a, i of dout[a, i, n]
        dw[p, c, n] = sum over a, i of dout[a, i, n] * padded[a, i*stride + p, c]
        dx          : every dout[a, i, n] adds dout[a, i, n] * w[:, :, n] to the window it came from;
                      what fell on the padding is thrown away

    Overlapping windows share inputs, so their contributions add up. An input that no window saw has gradient 0. Do
    not change dout, x, w or b.

    By hand, for forward's example with dout = 1, 10: the bias gets 1 + 10 = 11; the first weight met the inputs 1 and
    2 and gets 1*1 + 10*2 = 21; the input 3 was last in the first window and in the middle of the second and gets
    1*2 + 10*0 = 2.

    >>> x, w = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 4, 1), np.array([1.0, 0.0, 2.0]).reshape(3, 1, 1)
    >>> dx, dw, db = conv1d_backward(np.array([1.0, 10.0]).reshape(1, 2, 1), x, w, np.array([10.0]))
    >>> dx.reshape(4)
    array([ 1., 10.,  2., 20.])
    >>> dw.reshape(3)
    array([21., 32., 43.])
    >>> db
    array([11.])
    """
    raise NotImplementedError("write conv1d_backward")
