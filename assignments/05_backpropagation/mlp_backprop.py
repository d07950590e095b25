"""Backpropagation through a multilayer perceptron.

A network has thousands of weights, and each wants to know how the loss would change if it moved. Asking one by one
would take a forward pass for each; walking once from the back to the front answers all of them. Each layer receives
the gradient of what it sent on, finds those of its own weights and biases, and passes back what its input has earned.
That is all the next layer needs, so the same few lines serve every layer.
"""

# Check it:  handgrad check mlp_backprop

import numpy as np


def mlp_backward(
    dout: np.ndarray, x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Carry the gradient of the loss from the network's output back to x and to all weights and biases.

    The network is that of mlp: h[0] = x and h[l+1] = sigmoid(h[l] @ weights[l] + biases[l]), with a sigmoid after every
    layer, the last one too. dout has the shape of the last h and is the gradient for it; the other arguments are
    exactly forward's. Returns (dx, dweights, dbiases): dx shaped as x, and two lists in the order of weights and
    biases, with arrays shaped as theirs. First compute all h again, from the front; then from the back, starting with
    dh = dout, for l = last, ..., 1, 0:

        ds          = dh * h[l+1] * (1 - h[l+1])        through the sigmoid, whose slope is told by its output
        dweights[l] = h[l].T @ ds                       the layer's input times what comes back
        dbiases[l]  = the sum of ds over the batch
        dh          = ds @ weights[l].T                 for the layer before; after the last round it is dx

    Sums over the batch, no averages. Do not change dout, x, the arrays or the lists.

    Stuck? Write `mlp_backward_steps` too, with the same arguments. It returns a dict with any of h and ds, both lists
    in the order of the layers, h with x at its head; while mlp_backward is wrong, each of them is checked on its own.

    By hand, mlp's example with dout = 16: all h are 0.5, so every slope is 0.25. ds = 4 at the output; weights 3 and 1
    carry 12 and 4 back to the hidden neurons, whose ds is 3 and 1; dx is 0*3 + 4*1 = 4 and 0*3 - 2*1 = -2.

    >>> weights = [np.array([[0.0, 4.0], [0.0, -2.0]]), np.array([[3.0], [1.0]])]
    >>> biases = [np.array([0.0, 0.0]), np.array([-2.0])]
    >>> dx, dweights, dbiases = mlp_backward(np.array([[16.0]]), np.array([[1.0, 2.0]]), weights, biases)
    >>> dx
    array([[ 4., -2.]])
    >>> dweights[0]
    array([[3., 1.],
           [6., 2.]])
    >>> dweights[1]
    array([[2.],
           [2.]])
    >>> dbiases
    [array([3., 1.]), array([4.])]
    """
    raise NotImplementedError("write mlp_backward")
