"""L1 loss: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("l1_loss", fast=False)
def entry_by_entry(prediction, target):
    total = 0.0
    for index in np.ndindex(prediction.shape):
        total += abs(prediction[index] - target[index])
    return total / prediction.shape[0]


@alternative("l1_loss")
def mean_of_the_examples_sums(prediction, target):
    difference = np.abs(prediction - target).reshape(len(prediction), -1)
    return np.mean(np.sum(difference, axis=1))


@alternative("l1_loss")
def larger_less_smaller(prediction, target):
    return float(np.sum(np.maximum(prediction, target) - np.minimum(prediction, target)) / prediction.shape[0])


@alternative("l1_loss_backward", fast=False)
def gradient_entry_by_entry(prediction, target):
    dprediction = np.zeros_like(prediction)
    for index in np.ndindex(prediction.shape):
        dprediction[index] = 1 if prediction[index] > target[index] else -1
    return dprediction / len(prediction)


@alternative("l1_loss_backward")
def sign_of_the_difference(prediction, target):
    return np.asfortranarray(np.sign(prediction - target) / len(prediction))


@alternative("l1_loss_backward")
def one_at_the_corner(prediction, target):
    return np.where(prediction >= target, 1.0, -1.0) / prediction.shape[0]
