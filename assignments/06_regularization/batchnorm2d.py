"""Batch normalization of images.

A convolution makes a channel with one kernel, the same at every pixel. So a channel is one feature, and every pixel
of every image is one more example of it: the statistics of a channel run over the batch, the height and the width.
Everything else is the batch normalization that you know, with N = B * H * W numbers in each sum where it had B.
"""

# Check it:  handgrad check batchnorm2d

import numpy as np


def batchnorm2d_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalize a batch of images by its own statistics, and keep running averages of them.

    x (B, H, W, C); gamma, beta, running_mean, running_var all (C,). Returns (out, running_mean, running_var): out
    (B, H, W, C) and two new arrays (C,). For every channel, with sums over the batch, the height and the width:

        mean = sum of x / N        var = sum of (x - mean)^2 / N        N = B * H * W
        xhat = (x - mean) / sqrt(var + eps)
        out  = gamma * xhat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var  = momentum * running_var  + (1 - momentum) * var

    The divisor is N, not N - 1, in both places. momentum is the weight of the old average: 0.1 gives the new batch the
    weight 0.9 (PyTorch's momentum=0.1 is the weight of the new batch).

    Do not change any argument.

    By hand, one image of 1 x 2 pixels with one channel: the column 1, 3 of batchnorm_train's example.

    >>> x = np.array([1.0, 3.0]).reshape(1, 1, 2, 1)
    >>> images = batchnorm2d_train(x, np.array([10.0]), np.array([5.0]), np.array([0.0]), np.array([1.0]), eps=0.0)
    >>> out, running_mean, running_var = images
    >>> out.reshape(2), running_mean.round(12), running_var.round(12)
    (array([-5., 15.]), array([0.2]), array([1.]))
    """
    raise NotImplementedError("write batchnorm2d_train")


def batchnorm2d_infer(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    eps: float = 1e-5,
) -> np.ndarray:
    """Normalize images by the averages that training has left.

    The arguments are those of batchnorm2d_train. Returns out (B, H, W, C), channel by channel:

        out = gamma * (x - running_mean) / sqrt(running_var + eps) + beta

    No statistic of x is used. Do not change any argument.

    By hand, a pixel 7 with running averages 3 and 4 and eps = 0: (7 - 3) / 2 = 2, and gamma 10, beta 5 make it 25.

    >>> x, running_mean, running_var = np.full((1, 1, 1, 1), 7.0), np.array([3.0]), np.array([4.0])
    >>> batchnorm2d_infer(x, np.array([10.0]), np.array([5.0]), running_mean, running_var, eps=0.0).reshape(1)
    array([25.])
    """
    raise NotImplementedError("write batchnorm2d_infer")


def batchnorm2d_backward(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss from batchnorm2d_train's out back to x, gamma and beta.

    dout (B, H, W, C) is the gradient for out; the other arguments are those of batchnorm2d_train. Returns (dx, dgamma,
    dbeta), shaped as x, gamma and beta. For every channel, with mean, var, xhat and N as in batchnorm2d_train:

        dbeta  = sum of dout
        dgamma = sum of dout * xhat
        dxhat  = gamma * dout
        dvar   = sum of dxhat * (x - mean) * (-1/2) * (var + eps)^(-3/2)
        dmean  = sum of dxhat * (-1) / sqrt(var + eps)
        dx     = dxhat / sqrt(var + eps) + dvar * 2 * (x - mean) / N + dmean / N

    All sums run over the batch, the height and the width. Do not change any argument.

    Stuck? Write `batchnorm2d_backward_steps` too, with the same arguments. It returns a dict with any of mean, var,
    xhat, dxhat, dvar and dmean; while batchnorm2d_backward is wrong, each of them is checked on its own.

    By hand, three pixels -1, 0, 1 of one channel with dout = 1, 0, 0, as in batchnorm_backward's example.

    >>> x, dout = (np.array(values).reshape(1, 1, 3, 1) for values in ([-1.0, 0.0, 1.0], [1.0, 0.0, 0.0]))
    >>> dx, dgamma, dbeta = batchnorm2d_backward(dout, x, np.array([1.0]), np.array([5.0]), eps=0.0)
    >>> (dx * np.sqrt(2 / 3)).reshape(3).round(12)
    array([ 0.16666667, -0.33333333,  0.16666667])
    >>> (dgamma * np.sqrt(2 / 3)).round(12), dbeta
    (array([-1.]), array([1.]))
    """
    raise NotImplementedError("write batchnorm2d_backward")
