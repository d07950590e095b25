"""Batch normalization layer.

Data is standardized before it enters a network, but the second layer sees what the first one makes of it, and that
changes with every step of training. So standardize again, between the layers: each feature to mean 0 and variance 1
over the batch, then a scale gamma and a shift beta, which are learned, so that nothing is lost. Two things make this
layer special. In inference there may be no batch, so averages of the batches' statistics are kept in training and used
instead. And in training every row changes the mean and the variance of all rows, so in backward every row hears from
all of them.
"""

# Check it:  handgrad check batchnorm

import numpy as np


def batchnorm_train(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalize a batch by its own statistics, and keep running averages of them.

    x (B, D); gamma, beta, running_mean, running_var all (D,). Returns (out, running_mean, running_var): out (B, D) and
    two new arrays (D,). For every feature, which is a column of x:

        mean = sum of x / B        var = sum of (x - mean)^2 / B
        xhat = (x - mean) / sqrt(var + eps)
        out  = gamma * xhat + beta
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var  = momentum * running_var  + (1 - momentum) * var

    eps keeps a constant column from dividing by zero; its out is beta. The divisor is B, not B - 1, in both places. The
    running averages play no part in out.

    Mind the momentum: here it is the weight of the old average, so with momentum = 0.1 the new batch has the weight
    0.9. PyTorch means the opposite: its momentum=0.1 is the weight of the new batch.

    Do not change any argument.

    By hand, the column 1, 3 with eps = 0: mean 2, var 1, so xhat is -1, 1, and gamma 10, beta 5 make it -5, 15. From
    running averages 0 and 1 with momentum 0.9: 0.9*0 + 0.1*2 = 0.2 and 0.9*1 + 0.1*1 = 1.

    >>> x = np.array([[1.0], [3.0]])
    >>> batch = batchnorm_train(x, np.array([10.0]), np.array([5.0]), np.array([0.0]), np.array([1.0]), eps=0.0)
    >>> out, running_mean, running_var = batch
    >>> out
    array([[-5.],
           [15.]])
    >>> running_mean.round(12), running_var.round(12)
    (array([0.2]), array([1.]))
    """
    raise NotImplementedError("write batchnorm_train")


def batchnorm_infer(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    *,
    eps: float = 1e-5,
) -> np.ndarray:
    """Normalize by the averages that training has left.

    The arguments are those of batchnorm_train. Returns out (B, D):

        out = gamma * (x - running_mean) / sqrt(running_var + eps) + beta

    No statistic of x is used: the result for a row does not depend on the other rows. Do not change any argument.

    By hand, x = 7 with running averages 3 and 4 and eps = 0: (7 - 3) / 2 = 2, and gamma 10, beta 5 make it 25.

    >>> batchnorm_infer(np.array([[7.0]]), np.array([10.0]), np.array([5.0]), np.array([3.0]), np.array([4.0]), eps=0.0)
    array([[25.]])
    """
    raise NotImplementedError("write batchnorm_infer")


def batchnorm_backward(
    dout: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Carry the gradient of the loss from batchnorm_train's out back to x, gamma and beta.

    dout (B, D) is the gradient for out; the other arguments are those of batchnorm_train. Returns (dx, dgamma, dbeta),
    shaped as x, gamma and beta. For every column, with mean, var and xhat as in batchnorm_train:

        dbeta  = sum of dout
        dgamma = sum of dout * xhat
        dxhat  = gamma * dout
        dvar   = sum of dxhat * (x - mean) * (-1/2) * (var + eps)^(-3/2)
        dmean  = sum of dxhat * (-1) / sqrt(var + eps)
        dx     = dxhat / sqrt(var + eps) + dvar * 2 * (x - mean) / B + dmean / B

    All sums run over the batch. x influences `out` in three ways, directly, through var and through mean: hence three
    terms. (mean also influences var, but that part is a sum of x - mean, which is 0.) The result must satisfy two laws:
    each column of dx sums to 0, and so, but for eps, does dx * xhat. Do not change any argument.

    Stuck? Write `batchnorm_backward_steps` too, with the same arguments. It returns a dict with any of mean, var, xhat,
    dxhat, dvar and dmean; while batchnorm_backward is wrong, each of them is checked on its own.

    By hand, the column -1, 0, 1 with var = 2/3, gamma = 1 and eps = 0, and dout = 1, 0, 0: the part of dout along the
    ones is 1/3, 1/3, 1/3, the part along x is 1/2, 0, -1/2. What is left is 1/6, -1/3, 1/6, and dx is that divided by
    sqrt(2/3).

    >>> x, dout = np.array([[-1.0], [0.0], [1.0]]), np.array([[1.0], [0.0], [0.0]])
    >>> dx, dgamma, dbeta = batchnorm_backward(dout, x, np.array([1.0]), np.array([5.0]), eps=0.0)
    >>> (dx * np.sqrt(2 / 3)).round(12)
    array([[ 0.16666667],
           [-0.33333333],
           [ 0.16666667]])
    >>> (dgamma * np.sqrt(2 / 3)).round(12), dbeta
    (array([-1.]), array([1.]))
    """
    raise NotImplementedError("write batchnorm_backward")
