"""Hypotheses that the output is empty, zero or truncated, or has the wrong dtype, shape or length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.hypothesis import Hypothesis, hypothesis, prediction
from autograder.diagnosis.numbers import equal

Fits = Callable[[np.ndarray, np.ndarray], bool]


def shapes(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses about emptiness, dtype, contents and shape."""
    s = evidence.subject
    words = f"{s} is empty: a slice or a loop takes nothing. What are its bounds then?"
    yield hypothesis("pattern", "empty", evidence, words, lambda view: all(map(_is_empty, view.items)))
    words = f"the values of {s} are right, its dtype is not: keep the precision of the input."
    yield hypothesis("pattern", "dtype", evidence, words, lambda view: all(map(_is_another_type, view.items)))
    yield from contents(evidence)
    for name, text, test in _SHAPES:
        yield hypothesis("pattern", name, evidence, text.format(s), partial(_all_fit, test))


def contents(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that the output is zero, or truncated to integers."""
    words = f"{evidence.subject} is 0 everywhere: nothing reaches it. Where is something written or added into it?"
    yield prediction(evidence, "zero", words, lambda item: np.zeros_like(item.want))
    words = f"{evidence.subject} is right but cut to whole numbers: somewhere it was kept as int."
    yield prediction(evidence, "cut", words, lambda item: np.trunc(item.want))


def _is_empty(item: Item) -> bool:
    return item.got is not None and item.got.size == 0 < item.want.size


def _is_another_type(item: Item) -> bool:
    if item.right or item.got is None or not item.fits:
        return item.right
    kind = np.asarray(item.raw).dtype
    digits = 4 * np.finfo(np.float32).eps if kind == np.float32 else 0.0
    off, size = np.abs(item.got - item.want), np.max(np.abs(item.want), initial=0.0)
    return bool(np.all(off <= digits * size)) or (kind != np.float64 and equal(item.got, item.want))


def _all_fit(test: Fits, evidence: Evidence) -> bool:
    return all(item.right or (item.got is not None and test(item.got, item.want)) for item in evidence.items)


def _has_more_axes(got: np.ndarray, want: np.ndarray) -> bool:
    return got.ndim > want.ndim and got.squeeze().shape == want.squeeze().shape and equal(got.reshape(want.shape), want)


def _has_less_axes(got: np.ndarray, want: np.ndarray) -> bool:
    return got.ndim < want.ndim and got.squeeze().shape == want.squeeze().shape and equal(got.reshape(want.shape), want)


def _has_another_shape(got: np.ndarray, want: np.ndarray) -> bool:
    return got.size == want.size and got.shape != want.shape and equal(got.reshape(want.shape), want)


def _ends_early(got: np.ndarray, want: np.ndarray) -> bool:
    return any(equal(got, part) for part in _parts(want, got.shape))


def _holds_more(got: np.ndarray, want: np.ndarray) -> bool:
    return any(equal(part, want) for part in _parts(got, want.shape))


def _parts(whole: np.ndarray, shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    """Yield the parts of the given shape at the beginning, in the middle and at the end of an array."""
    if len(shape) != whole.ndim or shape == whole.shape or any(a > b for a, b in zip(shape, whole.shape, strict=True)):
        return
    for share in (0.0, 0.5, 1.0):
        places = [int((b - a) * share) for a, b in zip(shape, whole.shape, strict=True)]
        yield whole[tuple(slice(place, place + a) for place, a in zip(places, shape, strict=True))]


_SHAPES: tuple[tuple[str, str, Fits], ...] = (
    ("axis too many", "the values of {} are right, but it has an axis of length 1 too many.", _has_more_axes),
    ("axis too few", "the values of {} are right, but an axis of length 1 is missing.", _has_less_axes),
    ("shape", "the values of {} are right and in the right order, only its shape is not.", _has_another_shape),
    ("too short", "{} is right as far as it goes, but a part is missing. How long is it along each axis?", _ends_early),
    ("too long", "{} holds what is right, and more beside it. What has to be cut off?", _holds_more),
)
