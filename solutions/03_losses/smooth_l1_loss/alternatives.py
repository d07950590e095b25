"""Smooth L1 loss: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative


@alternative("smooth_l1_loss", fast=False)
def entry_by_entry(prediction, target):
    total = 0.0
    for index in np.ndindex(prediction.shape):
        distance = abs(prediction[index] - target[index])
        total += 0.5 * distance**2 if distance < 1 else distance - 0.5
    return total / prediction.shape[0]


@alternative("smooth_l1_loss")
def two_masks(prediction, target):
    distance = np.abs(prediction - target)
    near, far = distance[distance <= 1], distance[distance > 1]
    return (np.sum(near**2) / 2 + np.sum(far - 0.5)) / len(prediction)


@alternative("smooth_l1_loss")
def near_part_and_rest(prediction, target):
    distance = np.abs(prediction - target).reshape(len(prediction), -1)
    near = np.clip(distance, 0, 1)
    return float(np.mean(np.sum(0.5 * near**2 + (distance - near), axis=1)))


@alternative("smooth_l1_loss_backward", fast=False)
def gradient_entry_by_entry(prediction, target):
    dprediction = np.zeros_like(prediction)
    for index in np.ndindex(prediction.shape):
        dprediction[index] = min(max(prediction[index] - target[index], -1), 1) / len(prediction)
    return dprediction


@alternative("smooth_l1_loss_backward")
def clipped_difference(prediction, target):
    return np.asfortranarray(np.clip(prediction - target, -1, 1) / prediction.shape[0])


@alternative("smooth_l1_loss_backward")
def assigned_by_masks(prediction, target):
    d = prediction - target
    d[d > 1] = 1
    d[d < -1] = -1
    return d / len(d)
