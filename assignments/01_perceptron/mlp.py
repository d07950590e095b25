"""Multilayer perceptron, MLP.

One neuron can only draw one line. Group neurons into a layer, let the next layer take that layer's outputs as its
inputs, and the network can bend the line into any shape. The activation between the layers is what makes it more
than one big weighted sum: without it, layer after layer would collapse into a single one.
"""

# Check it:  handgrad check mlp

import numpy as np


def mlp_forward(x: np.ndarray, weights: list[np.ndarray], biases: list[np.ndarray]) -> np.ndarray:
    """Send a batch through all layers.

    x (B, D) is the input layer. weights and biases are lists with one array per further layer, in order: weights[l]
    has one row per number that comes in and one column per neuron, biases[l] one number per neuron. Every layer except
    the input has an activation after it, here the sigmoid; the last layer too:

        h = x
        h = sigmoid(h @ weights[l] + biases[l])        for l = 0, 1, ..., last
        sigmoid(s) = 1 / (1 + exp(-s))

    Returns the last h: (B, neurons of the last layer), also for B = 1. Do not change x, the arrays or the lists.

    By hand, two inputs, two hidden neurons, one output: the hidden sums are 1*0 + 2*0 + 0 = 0 and 1*4 - 2*2 + 0 = 0,
    so both hidden neurons say 0.5; the output's sum is 0.5*3 + 0.5*1 - 2 = 0, so it says 0.5 as well.

    >>> weights = [np.array([[0.0, 4.0], [0.0, -2.0]]), np.array([[3.0], [1.0]])]
    >>> biases = [np.array([0.0, 0.0]), np.array([-2.0])]
    >>> mlp_forward(np.array([[1.0, 2.0]]), weights, biases)
    array([[0.5]])
    """
    raise NotImplementedError("write mlp_forward")
