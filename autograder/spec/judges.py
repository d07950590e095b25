"""Judges for outputs with more than one right answer: entries that are free within bounds, and random outputs.

The rules are the engine's; what they need to know of the inputs is data, so that a judge works in a student's release
too, where the course's own code is not. Of a random output they test properties of every draw, and properties that
hardly any draw has: each test of chance rejects a right answer with a probability below FALSE_ALARM.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

FALSE_ALARM = 1e-8


def bound(count: int) -> float:
    """Return how far the share of hits among `count` independent trials may be from its probability.

    Hoeffding: P(|share - probability| >= t) <= 2·exp(-2·count·t²), whatever the probability.
    """
    return float(np.sqrt(np.log(2 / FALSE_ALARM) / (2 * count)))


def mask(facts: Mapping[str, Any], got: np.ndarray) -> str | None:
    """Return what is wrong with a dropout mask: entries are independent, 0 with probability p < 1, else 1/(1 - p).

    Independence is tested along each axis: neighbours must agree with probability p² + (1 - p)². In a mask with one
    row for the whole batch they always agree.
    """
    p = facts["p"]
    zero = got == 0
    if not np.allclose(got[~zero], 1 / (1 - p), rtol=1e-9, atol=0):
        worst = got[~zero].flat[np.argmax(np.abs(got[~zero] - 1 / (1 - p)))]
        return f"mask holds {worst:.4g}, expected 0 or 1/(1 - p) = {1 / (1 - p):.4g}"
    if abs(zero.mean() - p) > bound(zero.size):
        return f"{zero.mean():.3g} of the mask's entries are 0, expected about p = {p:g}"
    excess = []
    for axis in range(zero.ndim):
        turned = np.moveaxis(zero, axis, 0)
        agree = turned[:-1:2] == turned[1::2]  # no entry is in two pairs, so the pairs are independent
        excess.append(abs(agree.mean() - p**2 - (1 - p) ** 2) / bound(agree.size))
    if max(excess) > 1:
        return f"neighbours along axis {int(np.argmax(excess))} of the mask are not drawn by themselves"
    return None


def masks(facts: Mapping[str, Any], draws: Sequence[np.ndarray]) -> str | None:
    """Return a sentence if masks of different seeds all have p·size zeros, as independent entries do not; else None.

    The likeliest number of zeros has a probability of about 1 / sqrt(2·pi·size·p·(1 - p)), and two of them lie within 1
    of p·size.
    """
    p, size, half = facts["p"], draws[0].size, len(draws) / 2
    rare = 4**half < FALSE_ALARM * (2 * np.pi * size * p * (1 - p)) ** half
    if rare and all(abs(np.count_nonzero(mask == 0) - p * size) < 1 for mask in draws):
        return "every mask has exactly the share p of zeros: draw each entry by itself"
    return None


def epoch(facts: Mapping[str, Any], got: Any) -> str | None:
    """Return what is wrong with an epoch: batches (xb, yb) of `size` with each row of x and y once, in random order.

    x, y, size: for rows of x that differ, 40 or more of them. See `unshuffled` for how rarely a random order is
    rejected.
    """
    x, y, size = facts["x"], facts["y"], facts["size"]
    expected = [min(size, len(x) - start) for start in range(0, len(x), size)]
    if not _pairs(got, x, y, expected):
        return f"batches are not pairs (xb, yb) of {size} rows each, the last of {expected[-1]}"
    order = _order(x, got)
    if -1 in order:
        return "batches hold a row that is not in x"
    if len(np.unique(order)) < len(x):
        return "some rows of x come more than once and others not at all"
    if not np.array_equal(np.concatenate([yb for _, yb in got]), y[order]):
        return "rows of yb do not belong to the rows of xb beside them"
    return unshuffled(order, size)


def epochs(facts: Mapping[str, Any], draws: Sequence[Any]) -> str | None:
    """Return a sentence on what is not random in the orders of epochs of different seeds; None if nothing.

    Ascents and rows behind their old place are counted; in a random order either number is the floor of a sum of
    uniform numbers, one for each row. Swapping every row with any row moves 3 % too many rows before their old place,
    which 12,000 rows show. A row keeps its place with probability 1/rows; an order is one cycle with the same
    probability.
    """
    orders = [_order(facts["x"], got) for got in draws]
    rows, count = len(orders[0]), len(orders)
    # A sum of so many independent uniform numbers lies t or more from count/2 with P <= 2·exp(-6·t²/count), here a
    # tenth of FALSE_ALARM.
    middle, spread = count * (rows - 1) / 2, count + float(np.sqrt(count * rows * np.log(20 / FALSE_ALARM) / 6))
    if abs(sum(np.count_nonzero(np.diff(order) > 0) for order in orders) - middle) > spread:
        return "too many rows come in the order of the data: not all orders are equally likely"
    if abs(sum(np.count_nonzero(order > np.arange(rows)) for order in orders) - middle) > spread:
        return "too many rows come before or behind their old place: not all orders are equally likely"
    if sum(np.count_nonzero(order == np.arange(rows)) for order in orders) > _fixed_points(count):
        return "too many rows keep their place: not all orders are equally likely"
    half = rows // 2
    if abs(np.mean([order[:half] < half for order in orders]) - half / rows) > bound(count * half):
        return "rows of one half of x stay together: not all orders are equally likely"
    if 2 * float(rows) ** -count < FALSE_ALARM:
        if any(all(order[end] == end % rows for order in orders) for end in (0, -1)):
            return "the first or the last row of x never moves: not all orders are equally likely"
        if all(map(_is_one_cycle, orders)):
            return "no row ever keeps its place: a row may also be swapped with itself"
    return None


def _fixed_points(count: int) -> int:
    """Return the most fixed points of `count` random orders: more are less likely than FALSE_ALARM / 10 (Chernoff)."""
    most = 3 * count
    while most * (1 + np.log(count / most)) - count > np.log(FALSE_ALARM / 10):
        most += 1
    return most


def _is_one_cycle(order: np.ndarray) -> bool:
    """Return whether a permutation is a single cycle through all rows."""
    place, steps = int(order[0]), 1
    while place:
        place, steps = int(order[place]), steps + 1
    return steps == len(order)


def _order(x: np.ndarray, batches: Any) -> np.ndarray:
    """Return the index in x of every row of the batches; -1 for a row that is not in x."""
    known, met = _bytes_of_rows(x), _bytes_of_rows(np.concatenate([xb for xb, _ in batches]))
    by_bytes = np.argsort(known)
    numbers = by_bytes[np.minimum(np.searchsorted(known, met, sorter=by_bytes), len(known) - 1)]
    return np.where(known[numbers] == met, numbers, -1)


def _bytes_of_rows(x: np.ndarray) -> np.ndarray:
    rows = np.ascontiguousarray(x).reshape(len(x), -1)
    return rows.view(np.dtype((np.void, rows.shape[1] * rows.itemsize))).reshape(-1)


def unshuffled(order: np.ndarray, size: int) -> str | None:
    """Return a sentence on what is not random in an order of 40 rows or more; None for all but one in 10^8 random ones.

    Rows whose neighbours in the data follow them, forwards or backwards: a random order has about 2, nearly by
    Poisson's law, and half the rows or more with a probability of 2^20 / 20! < 10^-12. Rows in the batch that they
    would be in without any shuffling: where a batch holds a fifth of the rows or less, 9 of 10 rows are there with a
    probability below C(40, 36)·8^36·4! / 40! < 10^-9.
    """
    rows = len(order)
    steps = np.diff(order) % rows
    if np.count_nonzero((steps == 1) | (steps == rows - 1)) >= rows / 2:
        return "rows that are neighbours in x are still neighbours: they are hardly shuffled"
    if 5 * size <= rows and np.mean(order // size == np.arange(rows) // size) >= 0.9:
        return "every batch holds the rows it would hold without shuffling: shuffle before you cut"
    return None


def _pairs(batches: Any, x: np.ndarray, y: np.ndarray, sizes: list[int]) -> bool:
    """Return whether each batch is a list or tuple of two arrays of `sizes` rows, shaped as the rows of x and y."""
    if not isinstance(batches, list | tuple) or len(batches) != len(sizes):
        return False
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in batches):
        return False
    parts = [(part, whole, size) for pair, size in zip(batches, sizes, strict=True)
             for part, whole in zip(pair, (x, y), strict=True)]  # fmt: skip
    return all(isinstance(part, np.ndarray) and part.dtype == whole.dtype and part.shape == (size, *whole.shape[1:])
               for part, whole, size in parts)  # fmt: skip


_RTOL, _ATOL = 1e-8, 1e-11


def between(facts: Mapping[str, Any], got: np.ndarray) -> str | None:
    """Return a sentence if an entry lies outside its bounds, as for subgradients at a kink; None if none does.

    low, high: arrays of the output's shape. elsewhere: the sentence where both are the same number; free: where not.
    """
    low, high = facts["low"], facts["high"]
    slack = _RTOL * np.maximum(np.abs(low), np.abs(high)) + _ATOL
    off = ~((got >= low - slack) & (got <= high + slack))
    if np.any(off & (low == high)):
        return str(facts["elsewhere"])
    return str(facts["free"]) if off.any() else None


def shares(facts: Mapping[str, Any], got: np.ndarray) -> str | None:
    """Return what is wrong if each total must be shared among its entries with its sign, as gradients of tied maxima.

    owner: int array of the output's shape, the number of the total that an entry has a share in, -1 for none. totals:
    (n,). outside, sum, against: the sentence for a share where there is none, for a wrong sum and for a wrong sign.
    """
    owner, totals = facts["owner"], facts["totals"]
    owned = owner >= 0
    if np.any(got[~owned] != 0):
        return str(facts["outside"])
    sums = np.bincount(owner[owned], got[owned], len(totals))
    if not np.allclose(sums, totals, rtol=_RTOL, atol=_ATOL):
        return str(facts["sum"])
    return str(facts["against"]) if np.any(got[owned] * totals[owner[owned]] < 0) else None


Facts = Mapping[str, Any]
Rule = Callable[[Facts, Any], str | None]

RULES: dict[str, Rule] = {rule.__name__: rule for rule in (between, shares, mask, epoch)}
SEVERAL: dict[str, Callable[[Facts, Sequence[Any]], str | None]] = {"mask": masks, "epoch": epochs}
"""Name of a rule → rule for outputs drawn with several seeds, each of which is right by itself."""


@dataclass(frozen=True)
class Judge:
    """Judge that applies one of RULES. rule: its name. facts: computes from a case's inputs the data that it needs.

    It is put into a case's `accept`, and called for outputs of the right shape and dtype whose values differ.
    """

    rule: str
    facts: Callable[[Mapping[str, Any]], Facts]

    def __call__(self, inputs: Mapping[str, Any], got: Any) -> str | None:
        """Return the problem of the output in one sentence without its full stop; None when it is right."""
        return RULES[self.rule](self.facts(inputs), got)

    def call_many(self, inputs: Mapping[str, Any], draws: Sequence[Any]) -> str | None:
        """Return the problem of the outputs for several seeds together, without full stop; None when there is none."""
        return SEVERAL[self.rule](self.facts(inputs), draws) if self.rule in SEVERAL else None
