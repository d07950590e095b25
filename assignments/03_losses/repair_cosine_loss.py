"""Cosine loss: repair its gradient.

Sometimes only the direction of a vector counts: two texts about one thing point the same way, whether they are long or
short. The cosine loss measures the angle between prediction and target and does not care for their lengths.

Its gradient is given, for both sides, and somebody wrote the second half by copying the first. It runs, its shapes are
right, and there are two bugs in it.
"""

# Check it:  handgrad check repair_cosine_loss

import numpy as np


def cosine_loss_backward(prediction: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute the gradients of the cosine loss. The code below has two bugs: find and repair them.

    prediction and target are (B, D), and no row is 0. With |a| for the length of a row and a . b for the sum of its
    products, of the rows a of prediction and b of target:

        cos[i] = a . b / (|a| * |b|)
        loss = mean over i of (1 - cos[i])

    Returns (dprediction, dtarget), both (B, D): the target is another network's output here, so it learns too. Do not
    change the inputs.

    The lengths are made of the rows, so they move when the rows do. Delete the line that raises, and use what the loss
    promises: it does not change when a row gets longer. So a row's gradient has no part along the row, and the sum of
    dprediction * prediction over a row is 0; the same holds of the target. Which rows of which output break it, and if
    none does, what else could be wrong with their size?

    By hand, with a = [3, 4] and b = [2, 0]: the lengths are 5 and 2, cos is 0.6. Unit rows are [0.6, 0.8] and [1, 0].
    The gradient for a is (0.6 * [0.6, 0.8] - [1, 0]) / 5 = [-0.128, 0.096]; across a, as it should be.

    >>> dprediction, dtarget = cosine_loss_backward(np.array([[3.0, 4.0]]), np.array([[2.0, 0.0]]))
    >>> dprediction.round(12)
    array([[-0.128,  0.096]])
    >>> dtarget.round(12)
    array([[ 0. , -0.4]])
    """
    raise NotImplementedError("write cosine_loss_backward")
    # Two bugs are below. Find them, repair them, and delete the line above.
    a_length = np.linalg.norm(prediction, axis=1, keepdims=True)
    b_length = np.linalg.norm(target, axis=1, keepdims=True)
    a, b = prediction / a_length, target / b_length
    cos = np.sum(a * b, axis=1, keepdims=True)
    dprediction = -b / a_length
    dtarget = (cos * b - a) / a_length
    return dprediction / len(a), dtarget / len(b)
