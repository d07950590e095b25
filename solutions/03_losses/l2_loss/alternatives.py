"""L2 loss: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("l2_loss", fast=False)
def entry_by_entry(prediction, target):
    total = 0.0
    for index in np.ndindex(prediction.shape):
        total += (prediction[index] - target[index]) ** 2
    return total / prediction.shape[0]


@alternative("l2_loss")
def mean_of_the_examples_sums(prediction, target):
    difference = (prediction - target).reshape(len(prediction), -1)
    return np.mean(np.einsum("bd,bd->b", difference, difference))


@alternative("l2_loss")
def squared_norm(prediction, target):
    return np.linalg.norm((prediction - target).ravel()) ** 2 / prediction.shape[0]


@alternative("l2_loss_backward", fast=False)
def gradient_entry_by_entry(prediction, target):
    dprediction = np.zeros_like(prediction)
    for index in np.ndindex(prediction.shape):
        dprediction[index] = 2 * (prediction[index] - target[index]) / len(prediction)
    return dprediction


@alternative("l2_loss_backward")
def difference_added_to_itself(prediction, target):
    share = (prediction - target) / len(prediction)
    return np.asfortranarray(share + share)


@alternative("l2_loss_backward")
def negative_of_the_residual(prediction, target):
    return -(target - prediction) * (2 / prediction.shape[0])
