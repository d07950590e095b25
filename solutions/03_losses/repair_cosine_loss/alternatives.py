"""Cosine loss: right answers written another way, which every check must accept."""

from __future__ import annotations

import math

import numpy as np

from autograder.spec import alternative


@alternative("cosine_loss_backward")
def row_by_row(prediction, target):
    da, db = np.zeros_like(prediction), np.zeros_like(target)
    for i, (a, b) in enumerate(zip(prediction, target)):
        m, n, dot = math.sqrt(sum(a * a)), math.sqrt(sum(b * b)), sum(a * b)
        da[i] = (dot * a / m**3 / n - b / (m * n)) / len(prediction)
        db[i] = (dot * b / n**3 / m - a / (m * n)) / len(prediction)
    return da, db


@alternative("cosine_loss_backward")
def without_unit_rows(prediction, target):
    aa = (prediction**2).sum(1)[:, None]
    bb = (target**2).sum(1)[:, None]
    ab = (prediction * target).sum(1)[:, None]
    scale = len(prediction) * np.sqrt(aa * bb)
    return (prediction * ab / aa - target) / scale, (target * ab / bb - prediction) / scale


@alternative("cosine_loss_backward")
def projected(prediction, target):
    def half(own, other):
        length = np.linalg.norm(own, axis=1)[:, None]
        unit, push = own / length, -other / np.linalg.norm(other, axis=1)[:, None] / len(own)
        return (push - unit * np.einsum("bd,bd->b", push, unit)[:, None]) / length

    return half(prediction, target), half(target, prediction)
