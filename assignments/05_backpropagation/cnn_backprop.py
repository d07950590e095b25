"""Backpropagation through a convolutional network.

Every layer can be written without knowing its neighbours; a network is a chain of them. Forward keeps what each layer
was given, backward meets the layers in reverse and hands each one the gradient of its output. Nothing else is new
here: if you have written the layers of unit 2 and the loss of unit 3, copy them into this file and connect them.
"""

# Check it:  handgrad check cnn_backprop

import numpy as np


def cnn_loss(x: np.ndarray, labels: np.ndarray, params: dict[str, np.ndarray]) -> tuple[float, dict[str, np.ndarray]]:
    """Compute the loss of a small network on a batch, and the gradient of every parameter.

    x (B, H, W, C) images; labels (B,) int, the index of the true class of each image. The layers, in order:

        conv2d          with conv_w (KH, KW, C, N) and conv_b (N,), stride 1, pad 1
        ReLU
        max_pool2d      window 2, stride 2; a last row or column that fills no window is left out
        flatten         each image to one row of D = H' * W' * N numbers, last axis (the filters) fastest
        dense           with dense_w (D, K) and dense_b (K,): one score per class
        softmax cross-entropy, the mean over the batch, natural logarithm

    params is a dict with the keys "conv_w", "conv_b", "dense_w" and "dense_b". Returns (loss, grads): a float, and a
    dict with the same keys, whose arrays are shaped as those of params and hold the gradient of the loss for each. The
    gradient for x is not asked for. Do not change x, labels, params or its arrays.

    Stuck? Write `cnn_loss_steps` too, with the same arguments. It returns a dict with any of conv, active, pooled (all
    four-dimensional), scores, and their gradients dscores, dpooled, dactive, dconv; while cnn_loss is wrong, each of
    them is checked on its own.

    By hand: one 2 x 2 image, a kernel that is 1 in the middle and so copies it. ReLU stops the -2, the pool keeps the
    4, the scores are 4*1 - 4 = 0 and 4*(-1) + 4 + log 3 = log 3, the probabilities 1/4 and 3/4. Class 0 is true: the
    loss is log 4. Back: the scores receive 1/4 - 1 and 3/4, dense_w four times that, the pool's output
    -0.75*1 + 0.75*(-1) = -1.5, and so does the pixel 4. Its window (1, -2, 0 / 3, 4, 0 / 0, 0, 0) times -1.5 is the
    gradient of conv_w.

    >>> kernel = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]).reshape(3, 3, 1, 1)
    >>> params = {"conv_w": kernel, "conv_b": np.array([0.0])}
    >>> params |= {"dense_w": np.array([[1.0, -1.0]]), "dense_b": np.array([-4.0, 4.0 + np.log(3.0)])}
    >>> loss, grads = cnn_loss(np.array([[1.0, -2.0], [3.0, 4.0]]).reshape(1, 2, 2, 1), np.array([0]), params)
    >>> round(loss, 6), round(np.log(4.0).item(), 6)
    (1.386294, 1.386294)
    >>> grads["dense_b"].round(12), grads["dense_w"].round(12), grads["conv_b"].round(12)
    (array([-0.75,  0.75]), array([[-3.,  3.]]), array([-1.5]))
    >>> grads["conv_w"].reshape(3, 3).round(12) + 0.0
    array([[-1.5,  3. ,  0. ],
           [-4.5, -6. ,  0. ],
           [ 0. ,  0. ,  0. ]])
    """
    raise NotImplementedError("write cnn_loss")
