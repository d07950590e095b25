"""Kernels of PyTorch's CPU code, forward and backward, on one thread.

`python -m benchmarks.torch_kernels` is a side of the comparison. It runs in any Python that has torch, so it imports
neither the course nor NumPy: a sample is requested by exercise, sizes, precision and form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F

from benchmarks.sides import Action, Prepared, serve

Tensor = torch.Tensor
Fill = Callable[..., Tensor]


def prepare(exercise: str, size: list[int], dtype: str, form: str) -> Prepared:
    """Return the exercise's kernel; form is a memory layout, or the way an optimizer iterates over its parameters."""
    torch.set_num_threads(1)
    torch.manual_seed(0)

    def fill(*shape: int) -> Tensor:
        values = torch.randn(shape, dtype=getattr(torch, dtype))
        wide = len(shape) == 4 and form == "channels_last"
        return values.contiguous(memory_format=torch.channels_last) if wide else values

    if exercise in _OPTIMIZERS:
        return _step(fill, _OPTIMIZERS[exercise], form, *size), 1.0
    return _both(*_KERNELS[exercise](fill, *size)), 1.0


def _both(function: Callable[..., Tensor], *inputs: Tensor) -> Action:
    """Return the forward and then the gradients of all inputs."""
    for each in inputs:
        each.requires_grad_()
    dout = torch.randn_like(function(*inputs))
    return lambda: torch.autograd.grad(function(*inputs), inputs, dout)


def _conv2d(
    fill: Fill, batch: int, height: int, width: int, channels: int, filters: int, k: int, stride: int, pad: int
) -> tuple[Any, ...]:
    x, w, b = fill(batch, channels, height, width), fill(filters, channels, k, k), fill(filters)
    return lambda x, w, b: F.conv2d(x, w, b, stride, pad), x, w, b


def _conv1d(
    fill: Fill, batch: int, length: int, channels: int, filters: int, k: int, stride: int, pad: int
) -> tuple[Any, ...]:
    x, w, b = fill(batch, channels, length), fill(filters, channels, k), fill(filters)
    return lambda x, w, b: F.conv1d(x, w, b, stride, pad), x, w, b


def _dense(fill: Fill, batch: int, features: int, outputs: int) -> tuple[Any, ...]:
    return F.linear, fill(batch, features), fill(outputs, features), fill(outputs)


def _pool(pool: Callable[..., Tensor]) -> Callable[..., tuple[Any, ...]]:
    def made(fill: Fill, batch: int, height: int, width: int, channels: int, window: int, stride: int) -> tuple:
        return lambda x: pool(x, window, stride), fill(batch, channels, height, width)

    return made


def _batchnorm(fill: Fill, *shape: int) -> tuple[Any, ...]:
    batch, *pixels, channels = shape
    mean, var = fill(channels), fill(channels) ** 2

    def normalized(x: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        return F.batch_norm(x, mean, var, gamma, beta, training=True)

    return normalized, fill(batch, channels, *pixels), fill(channels), fill(channels)


def _softmax_cross_entropy(fill: Fill, batch: int, classes: int) -> tuple[Any, ...]:
    labels = torch.arange(batch) % classes
    return lambda scores: F.cross_entropy(scores, labels), fill(batch, classes)


_KERNELS: dict[str, Callable[..., tuple[Any, ...]]] = {
    "conv2d": _conv2d,
    "conv1d": _conv1d,
    "dense": _dense,
    "max_pool2d": _pool(F.max_pool2d),
    "avg_pool2d": _pool(F.avg_pool2d),
    "batchnorm": _batchnorm,
    "batchnorm2d": _batchnorm,
    "softmax_cross_entropy": _softmax_cross_entropy,
    "dropout": lambda fill, *shape: (F.dropout, fill(*shape)),
    "relu": lambda fill, *shape: (F.relu, fill(*shape)),
    "sigmoid": lambda fill, *shape: (torch.sigmoid, fill(*shape)),
    "tanh": lambda fill, *shape: (torch.tanh, fill(*shape)),
}
_OPTIMIZERS: dict[str, Callable[..., torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda *args, **options: torch.optim.SGD(*args, momentum=0.9, **options),
    "adagrad": torch.optim.Adagrad,
}


def _step(fill: Fill, optimizer: Callable[..., torch.optim.Optimizer], form: str, count: int) -> Action:
    """Return one step of a single parameter, in place, as PyTorch always does it."""
    w = fill(count).requires_grad_()
    w.grad = fill(count)
    return optimizer([w], lr=1e-3, foreach=form == "foreach", fused=form == "fused").step


if __name__ == "__main__":
    serve(prepare)
