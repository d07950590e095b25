"""Kernels of the reference, forward and backward, in realistic layer sizes, with naive loops and machine limits.

`python -m benchmarks.kernels` is a side of the comparison: it samples a kernel by name and precision, as "reference",
"naive" or "limit".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.spec.exercise import Exercise
from benchmarks.answers import COURSE
from benchmarks.sides import Prepared, serve
from reference.convolution import output_size

Size = tuple[int, ...]
Code = Callable[..., Any]
Fill = Callable[..., np.ndarray]
Calls = dict[str, tuple[tuple[Any, ...], dict[str, Any]]]
"""Function → its arguments and its hyperparameters."""

LAYOUTS = ("channels_last", "contiguous")
STEPS = ("foreach", "loop", "fused")


@dataclass(frozen=True)
class Kernel:
    """Functions of an exercise, in one size.

    size: arguments for the exercise's maker of calls, and PyTorch's. small: size at which naive loops take a few
    milliseconds. product: the machine's matrix product is the limit, not its memory. torch: PyTorch forms to try.
    """

    name: str
    exercise: str
    size: Size
    small: Size
    product: bool = False
    torch: tuple[str, ...] = ("contiguous",)

    def calls(self, size: Size, dtype: str) -> Calls:
        """Return the calls, with random arrays of this precision."""
        rng = np.random.default_rng(0)
        return _CALLS[self.exercise](lambda *shape: rng.standard_normal(shape).astype(dtype), *size)


def prepare(name: str, dtype: str, what: str) -> Prepared:
    """Return the reference's calls; the first alternatives, which are loops, on the small size; or the machine limit.
    """
    kernel = next(kernel for kernel in KERNELS if kernel.name == name)
    calls = kernel.calls(kernel.size, dtype)
    if what == "limit":
        return (_product if kernel.product else _copy)(_work(kernel, calls), dtype)
    if what == "naive":
        small = kernel.calls(kernel.small, dtype)
        return _action(kernel, small, _naive), _work(kernel, calls) / _work(kernel, small)
    return _action(kernel, calls, _reference), 1.0


def _action(kernel: Kernel, calls: Calls, choose: Callable[[Exercise, str], Code]) -> Callable[[], list[Any]]:
    exercise = COURSE.exercise(kernel.exercise)
    bound = [(choose(exercise, name), args, options) for name, (args, options) in calls.items()]
    return lambda: [code(*args, **options) for code, args, options in bound]


def _reference(exercise: Exercise, name: str) -> Code:
    return exercise.function(name).oracle


def _naive(exercise: Exercise, name: str) -> Code:
    return next(other.code for other in exercise.alternatives if other.function == name)


def _work(kernel: Kernel, calls: Calls) -> float:
    """Return multiplications and additions of the three matrix products; or bytes, counting each array once a call."""
    if kernel.product:
        dout, _, w, _ = list(calls.values())[-1][0]
        return 6 * dout.size * w.size / w.shape[-1]
    results = _action(kernel, calls, _reference)()
    return sum(_bytes(args) for args, _ in calls.values()) + _bytes(results)


def _bytes(value: Any) -> float:
    return sum(map(_bytes, value)) if isinstance(value, list | tuple) else getattr(value, "nbytes", 0)


def _product(work: float, dtype: str) -> Prepared:
    """Return a matrix product of square matrices with as many multiplications and additions."""
    n = 768
    a, b, out = (np.ones((n, n), dtype) for _ in range(3))
    return lambda: np.matmul(a, b, out=out), work / (2 * n**3)


def _copy(work: float, dtype: str) -> Prepared:
    """Return a copy that reads half as many bytes and writes the other half, into allocated memory."""
    source, target = (np.ones(int(work / 2 / np.dtype(dtype).itemsize), dtype) for _ in range(2))
    return lambda: np.copyto(target, source), 1.0


def _conv2d(
    fill: Fill, batch: int, height: int, width: int, channels: int, filters: int, k: int, stride: int, pad: int
) -> Calls:
    x, w, b = fill(batch, height, width, channels), fill(k, k, channels, filters), fill(filters)
    rows, columns = (output_size(n, window=k, stride=stride, pad=pad) for n in (height, width))
    options = {"stride": stride, "pad": pad}
    dout = fill(batch, rows, columns, filters)
    return {"conv2d_forward": ((x, w, b), options), "conv2d_backward": ((dout, x, w, b), options)}


def _conv1d(fill: Fill, batch: int, length: int, channels: int, filters: int, k: int, stride: int, pad: int) -> Calls:
    x, w, b = fill(batch, length, channels), fill(k, channels, filters), fill(filters)
    dout = fill(batch, output_size(length, window=k, stride=stride, pad=pad), filters)
    options = {"stride": stride, "pad": pad}
    return {"conv1d_forward": ((x, w, b), options), "conv1d_backward": ((dout, x, w, b), options)}


def _dense(fill: Fill, batch: int, features: int, outputs: int) -> Calls:
    x, w, b = fill(batch, features), fill(features, outputs), fill(outputs)
    return {"dense_forward": ((x, w, b), {}), "dense_backward": ((fill(batch, outputs), x, w, b), {})}


def _pool(name: str) -> Callable[..., Calls]:
    def calls(fill: Fill, batch: int, height: int, width: int, channels: int, window: int, stride: int) -> Calls:
        x, options = fill(batch, height, width, channels), {"window": window, "stride": stride}
        rows, columns = (output_size(n, window=window, stride=stride) for n in (height, width))
        dout = fill(batch, rows, columns, channels)
        return {f"{name}_forward": ((x,), options), f"{name}_backward": ((dout, x), options)}

    return calls


def _batchnorm(name: str) -> Callable[..., Calls]:
    def calls(fill: Fill, *shape: int) -> Calls:
        x, (gamma, beta, mean), var = fill(*shape), fill(3, shape[-1]), fill(shape[-1]) ** 2
        train, backward = (x, gamma, beta, mean, var), (fill(*shape), x, gamma, beta)
        return {f"{name}_train": (train, {}), f"{name}_backward": (backward, {})}

    return calls


def _elementwise(name: str) -> Callable[..., Calls]:
    def calls(fill: Fill, *shape: int) -> Calls:
        x = fill(*shape)
        return {f"{name}_forward": ((x,), {}), f"{name}_backward": ((fill(*shape), x), {})}

    return calls


def _dropout(fill: Fill, *shape: int) -> Calls:
    x, mask, train = fill(*shape), abs(fill(*shape)), {"train": True}
    return {
        "dropout_mask": ((shape,), {"p": 0.5, "rng": np.random.default_rng(0)}),
        "dropout_forward": ((x, mask), train),
        "dropout_backward": ((fill(*shape), x, mask), train),
    }


def _softmax_cross_entropy(fill: Fill, batch: int, classes: int) -> Calls:
    args = (fill(batch, classes), np.arange(batch) % classes)
    return {"softmax_cross_entropy": (args, {}), "softmax_cross_entropy_backward": (args, {})}


def _step(name: str, states: int) -> Callable[..., Calls]:
    return lambda fill, count: {name: ((fill(count), fill(count), *abs(fill(states, count))), {"lr": 1e-3})}


_CALLS: dict[str, Callable[..., Calls]] = {
    "conv2d": _conv2d,
    "conv1d": _conv1d,
    "dense": _dense,
    "max_pool2d": _pool("max_pool2d"),
    "avg_pool2d": _pool("avg_pool2d"),
    "batchnorm": _batchnorm("batchnorm"),
    "batchnorm2d": _batchnorm("batchnorm2d"),
    "softmax_cross_entropy": _softmax_cross_entropy,
    "dropout": _dropout,
    **{name: _elementwise(name) for name in ("relu", "sigmoid", "tanh")},
    "sgd": _step("sgd_step", 0),
    "momentum": _step("momentum_step", 1),
    "adagrad": _step("adagrad_step", 1),
}
_CONV, _POOL = (1, 8, 8, 3, 4, 3, 1, 1), (1, 16, 16, 4)

KERNELS = (
    Kernel("conv2d A 64×32×32×3→16 k3", "conv2d", (64, 32, 32, 3, 16, 3, 1, 1), _CONV, True, LAYOUTS),
    Kernel("conv2d B 64×28×28×32→64 k3", "conv2d", (64, 28, 28, 32, 64, 3, 1, 1), _CONV, True, LAYOUTS),
    Kernel("conv2d C 64×14×14×64→128 k5s2", "conv2d", (64, 14, 14, 64, 128, 5, 2, 2), _CONV, True, LAYOUTS),
    Kernel("conv2d D 2×64×64×8→16 k3", "conv2d", (2, 64, 64, 8, 16, 3, 1, 1), _CONV, True, LAYOUTS),
    Kernel("conv2d E 4×12×12×3→8 k3", "conv2d", (4, 12, 12, 3, 8, 3, 1, 1), _CONV, True, LAYOUTS),
    Kernel("conv1d 64×128×16→32 k5", "conv1d", (64, 128, 16, 32, 5, 1, 2), (2, 16, 3, 4, 5, 1, 2), True),
    Kernel("dense 256×1024→512", "dense", (256, 1024, 512), (8, 16, 16), True),
    Kernel("max_pool2d 64×32×32×16 F2S2", "max_pool2d", (64, 32, 32, 16, 2, 2), (*_POOL, 2, 2), False, LAYOUTS),
    Kernel("max_pool2d 64×28×28×32 F3S2", "max_pool2d", (64, 28, 28, 32, 3, 2), (*_POOL, 3, 2), False, LAYOUTS),
    Kernel("avg_pool2d 64×32×32×16 F2S2", "avg_pool2d", (64, 32, 32, 16, 2, 2), (*_POOL, 2, 2), False, LAYOUTS),
    Kernel("avg_pool2d 64×28×28×32 F3S2", "avg_pool2d", (64, 28, 28, 32, 3, 2), (*_POOL, 3, 2), False, LAYOUTS),
    Kernel("batchnorm 256×1024", "batchnorm", (256, 1024), (64, 32)),
    Kernel("batchnorm2d 64×28×28×32", "batchnorm2d", (64, 28, 28, 32), (4, 8, 8, 8), False, LAYOUTS),
    Kernel("softmax_cross_entropy 1024×10", "softmax_cross_entropy", (1024, 10), (256, 10)),
    Kernel("softmax_cross_entropy 256×1000", "softmax_cross_entropy", (256, 1000), (4, 1000)),
    Kernel("dropout 256×1024", "dropout", (256, 1024), (64, 64)),
    Kernel("relu 256×1024", "relu", (256, 1024), (64, 64)),
    Kernel("sigmoid 256×1024", "sigmoid", (256, 1024), (64, 64)),
    Kernel("tanh 256×1024", "tanh", (256, 1024), (64, 64)),
    Kernel("sgd 1 000 000", "sgd", (1_000_000,), (4096,), False, STEPS),
    Kernel("momentum 1 000 000", "momentum", (1_000_000,), (4096,), False, STEPS),
    Kernel("adagrad 1 000 000", "adagrad", (1_000_000,), (4096,), False, STEPS),
)


if __name__ == "__main__":
    serve(prepare)
