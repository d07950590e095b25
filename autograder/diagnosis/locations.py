"""Named locations in an output: the border, the first channel, the true class, the entries where x is negative."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from autograder.diagnosis.axes import axis_names, with_defaults
from autograder.diagnosis.evidence import Evidence, Item

Locations = dict[str, np.ndarray]
Named = Iterator[tuple[str, np.ndarray]]


def locations(item: Item, evidence: Evidence) -> Locations:
    """Return the named locations of the item's output as masks: by labels, then by input values, then by index."""
    shape = item.want.shape
    if not shape:
        return {}
    names = axis_names(evidence.axes, evidence.output, len(shape))
    return dict((*_by_label(item, shape), *_by_value(item, shape), *_by_index(shape, names)))


def _by_label(item: Item, shape: tuple[int, ...]) -> Named:
    """Yield the rows of each label, and the entries that the labels select."""
    for name, value in item.inputs.items():
        if not isinstance(value, np.ndarray) or value.shape != shape[:1]:
            continue
        rows = value.reshape(-1, *[1] * (len(shape) - 1))
        yield from ((f"in the rows with {name} {n}", np.broadcast_to(rows == n, shape)) for n in (0, 1, -1))
        if value.dtype.kind == "i" and len(shape) == 2:
            true = rows == np.arange(shape[1])
            yield f"at the entry that {name} names", true
            yield f"at the entries that {name} does not name", ~true


def _by_value(item: Item, shape: tuple[int, ...]) -> Named:
    """Yield the entries where an input, or the difference of two, is negative, positive, or beyond a limit."""
    given = with_defaults(item.function, item.inputs)
    arrays = {name: value for name, value in given.items()
              if isinstance(value, np.ndarray) and value.shape == shape and value.dtype.kind == "f"}  # fmt: skip
    pairs = {f"{a} - {b}": arrays[a] - arrays[b] for a, b in combinations(arrays, 2)}
    limits = {"1": 1.0} | {name: value for name, value in given.items() if isinstance(value, float) and value > 0}
    for name, value in (arrays | pairs).items():
        yield from ((f"where {name} {sign} 0", mask) for sign, mask in _compared(value, 0.0))
        yield f"where {name} <= 0", value <= 0
        yield f"where {name} >= 0", value >= 0
        yield f"where {name} is 0", value == 0
        yield f"where {name} is not 0", value != 0
        for limit, number in limits.items():
            yield from ((f"where {name} {sign} {limit}", mask) for sign, mask in _compared(value, number))
            yield from ((f"where |{name}| {sign} {limit}", mask) for sign, mask in _compared(np.abs(value), number))
            yield f"where {name} < -{limit}", value < -number


def _compared(value: np.ndarray, number: float) -> Named:
    yield "<", value < number
    yield ">", value > number


def _by_index(shape: tuple[int, ...], names: tuple[str, ...]) -> Named:
    grid = np.indices(shape, sparse=True)
    edges = []
    for axis, (position, name) in enumerate(zip(grid, names, strict=True)):
        last = shape[axis] - 1
        edges.append(np.broadcast_to((position == 0) | (position == last), shape))
        yield f"at the last place along {name}", np.broadcast_to(position == last, shape)
        yield f"at the first place along {name}", np.broadcast_to(position == 0, shape)
        yield f"after the first place along {name}", np.broadcast_to(position > 0, shape)
        yield f"before the last place along {name}", np.broadcast_to(position < last, shape)
    for a, b in combinations(range(len(shape)), 2):
        yield f"at the border of {names[a]} and {names[b]}", edges[a] | edges[b]
        yield f"inside the border of {names[a]} and {names[b]}", ~(edges[a] | edges[b])
        if shape[a] == shape[b]:
            yield f"on the diagonal of {names[a]} and {names[b]}", np.broadcast_to(grid[a] == grid[b], shape)
            yield f"off the diagonal of {names[a]} and {names[b]}", np.broadcast_to(grid[a] != grid[b], shape)
