"""Huber loss: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("huber_loss", fast=False)
def entry_by_entry(prediction, target, *, delta=1.0):
    total = 0.0
    for index in np.ndindex(prediction.shape):
        distance = abs(prediction[index] - target[index])
        total += 0.5 * distance**2 if distance < delta else delta * distance - 0.5 * delta**2
    return total / prediction.shape[0]


@alternative("huber_loss")
def two_masks(prediction, target, *, delta=1.0):
    distance = np.abs(prediction - target)
    near, far = distance[distance <= delta], distance[distance > delta]
    return (np.sum(near**2) / 2 + delta * np.sum(far - delta / 2)) / len(prediction)


@alternative("huber_loss")
def smooth_l1_in_units_of_delta(prediction, target, *, delta=1.0):
    distance = np.abs(prediction - target).reshape(len(prediction), -1) / delta
    near = np.minimum(distance, 1)
    return float(delta**2 * np.mean(np.sum(near * (distance - near / 2), axis=1)))


@alternative("huber_loss_backward", fast=False)
def gradient_entry_by_entry(prediction, target, *, delta=1.0):
    dprediction = np.zeros_like(prediction)
    for index in np.ndindex(prediction.shape):
        dprediction[index] = min(max(prediction[index] - target[index], -delta), delta) / len(prediction)
    return dprediction


@alternative("huber_loss_backward")
def clipped_difference(prediction, target, *, delta=1.0):
    return np.asfortranarray(np.clip(prediction - target, -delta, delta) / prediction.shape[0])


@alternative("huber_loss_backward")
def shortened_to_delta(prediction, target, *, delta=1.0):
    d = prediction - target
    return d / np.maximum(np.abs(d) / delta, 1) / len(d)
