"""Hypotheses about the form of an output: dtype, shape, sign and order; one operation or sum too many or missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations, permutations

import numpy as np

from autograder.diagnosis.axes import axis_names
from autograder.diagnosis.evidence import Evidence, Item, equal
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_all, predicts_first

Fits = Callable[[np.ndarray, np.ndarray], bool]


def shapes(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses about dtype, contents and shape."""
    s = evidence.subject
    words = f"the values of {s} are right, its dtype is not: keep the precision of the input."
    yield hypothesis("pattern", "dtype", evidence, words, lambda view: all(map(_is_another_type, view.items)))
    yield from contents(evidence)
    for name, text, test in _SHAPES if evidence.without_output else (*_SHAPES, *_PARTIAL):
        yield hypothesis("pattern", name, evidence, text.format(s), partial(_all_fit, test))


def contents(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that the output is zero, or truncated to integers."""
    words = f"{evidence.subject} is 0 everywhere: nothing reaches it. Where is something written or added into it?"
    yield hypothesis("pattern", "zero", evidence, words, lambda view: all(map(_is_zero, view.items)))
    words = f"{evidence.subject} is right but cut to whole numbers: somewhere it was kept as int."
    yield prediction(evidence, "cut", words, lambda item: np.trunc(item.want))


def _is_zero(item: Item) -> bool:
    """Return whether the output is 0, but for what rounding leaves of numbers as large as the right ones."""
    largest = np.max(np.abs(item.want), initial=0.0)
    return item.got is not None and item.fits and bool(np.all(np.abs(item.got) <= 1e-14 * largest))


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
)
_PARTIAL: tuple[tuple[str, str, Fits], ...] = (
    ("too short", "{} is right as far as it goes, but a part is missing. How long is it along each axis?", _ends_early),
    ("too long", "{} holds what is right, and more beside it. What has to be cut off?", _holds_more),
)


_STEPS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
    ("the absolute value of what it should be", np.abs),
    ("the square of what it should be", np.square),
    ("the square root of what it should be", np.sqrt),
    ("1 divided by what it should be", np.reciprocal),
    ("1 minus what it should be", lambda want: 1 - want),
    ("the natural logarithm of what it should be", np.log),
    ("the exponential of what it should be", np.exp),
    ("only the sign of what it should be", np.sign),
    ("what it should be, rounded to whole numbers", np.round),
    ("what it should be, with all that is negative cut to 0", lambda want: np.maximum(want, 0.0)),
    ("what it should be, with all that is positive cut to 0", lambda want: np.minimum(want, 0.0)),
    ("what it should be, cut to lie between 0 and 1", lambda want: np.clip(want, 0.0, 1.0)),
    ("what it should be, cut to lie between -1 and 1", lambda want: np.clip(want, -1.0, 1.0)),
)


def steps(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is an elementwise function of the right one."""
    for words, step in _STEPS:
        predict = partial(_stepped, step)
        if predicts_first(evidence, predict):
            yield prediction(evidence, "step", f"{evidence.subject} is {words}.", predict)


def _stepped(step: Callable[[np.ndarray], np.ndarray], item: Item) -> np.ndarray:
    return step(item.want)


_MAX_AXES = 4
"""Most axes for which every order is tried."""


def permuted(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses about sign, passed-on inputs, exchanged outputs and permuted entries."""
    yield from signs(evidence)
    for name, words, predict in _passed_on(evidence):
        if predicts_first(evidence, predict):
            test = partial(_is_passed_on, predict)
            yield hypothesis("pattern", name, evidence, words, test)
    for name, words, predict in (*_exchanged(evidence), *_rearranged(evidence)):
        if predicts_first(evidence, predict):
            yield prediction(evidence, name, words, predict)


def signs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output has the opposite sign."""
    yield prediction(evidence, "sign", f"{evidence.subject} has the opposite sign everywhere.", lambda item: -item.want)


def _passed_on(evidence: Evidence) -> Iterator[tuple[str, str, Predict]]:
    for name, value in evidence.items[0].inputs.items() if evidence.items else ():
        if isinstance(value, np.ndarray | float):
            same = "came back as it went in." if name == evidence.subject else f"is {name} itself, just as it came in."
            yield "passed on", f"{evidence.subject} {same}", partial(_input, name)


def _is_passed_on(predict: Predict, evidence: Evidence) -> bool:
    """Return whether the output is the input in every case, those with several right answers included."""
    judged = () if evidence.failing_only else evidence.with_several_answers
    return predicts_all(evidence, predict) and all(equal(item.got, predict(item)) for item in judged)


def _exchanged(evidence: Evidence) -> Iterator[tuple[str, str, Predict]]:
    for name in evidence.function.outputs:
        if name != evidence.output:
            words = f"{evidence.subject} is what {name} should be. In which order are the results returned?"
            yield "exchanged", words, partial(_output, name)


def _input(name: str, item: Item) -> np.ndarray | None:
    return _number(item.inputs.get(name))


def _output(name: str, item: Item) -> np.ndarray | None:
    return _number(item.truth.get(name))


def _number(value: object) -> np.ndarray | None:
    return np.asarray(value, np.float64) if isinstance(value, np.ndarray | float | int) else None


def _rearranged(evidence: Evidence) -> Iterator[tuple[str, str, Predict]]:
    """Yield the reversals, transposes and axis orders of the right output."""
    ndim = evidence.failing[0].want.ndim if evidence.failing else 0
    if ndim:
        names = axis_names(evidence.axes, evidence.output, ndim)
        yield from _reversed(evidence.subject, names)
        yield from _reordered(evidence.subject, names)


def _reversed(subject: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, Predict]]:
    for count in range(1, len(names) + 1):
        for axes in combinations(range(len(names)), count):
            words = f"{subject} holds the right numbers in reverse along {join(names, axes)}."
            yield "reversed", words, partial(_flip, axes)


def _reordered(subject: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, Predict]]:
    if len(names) == 2:
        yield "transposed", f"{subject} is right but transposed.", lambda item: item.want.T
    for order in permutations(range(len(names))) if 2 < len(names) <= _MAX_AXES else ():
        words = f"{subject} is right with its axes in another order: ({', '.join(names[axis] for axis in order)})."
        yield "axes", words, partial(_order, order)


def _flip(axes: tuple[int, ...], item: Item) -> np.ndarray | None:
    return np.flip(item.want, axes) if max(axes) < item.want.ndim else None


def _order(order: tuple[int, ...], item: Item) -> np.ndarray | None:
    return item.want.transpose(order) if len(order) == item.want.ndim else None


def join(names: tuple[str, ...], axes: tuple[int, ...]) -> str:
    """Join the names of the axes: "A, B and C"."""
    words = [names[axis] for axis in axes]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


Axes = tuple[int, ...]
Make = Callable[..., np.ndarray]


_ORDINALS = ("first", "second", "third", "fourth")
_REDUCTIONS: tuple[tuple[str, Make], ...] = (("summed", np.sum), ("averaged", np.mean))
_REDUCED: tuple[tuple[str, Make], ...] = (("the sum", np.sum), ("the mean", np.mean))


def sums(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses of a missing sum, and of one sum too many."""
    first = next((item for item in evidence.failing if item.got is not None), None)
    if first is None or first.got is None:
        return
    yield from _unsummed(evidence, first.got.ndim)
    yield from _oversummed(evidence, first.want.ndim)


def _unsummed(evidence: Evidence, ndim: int) -> Iterator[Hypothesis | None]:
    for verb, make in _REDUCTIONS:
        words = f"{evidence.subject} still has to be {verb}: it is one number, not an array."
        yield hypothesis("pattern", "not summed", evidence, words, partial(_reduces, make, None))
        for axes in _subsets(ndim):
            words = f"{evidence.subject} still has to be {verb} along its {join(_ORDINALS, axes)} axis."
            yield hypothesis("pattern", "not summed", evidence, words, partial(_reduces, make, axes))


def _reduces(make: Make, axes: Axes | None, evidence: Evidence) -> bool:
    """Return whether reducing the output along the axes gives the right one."""
    return all(item.right or _reduced(item, make, axes) for item in evidence.items)


def _reduced(item: Item, make: Make, axes: Axes | None) -> bool:
    if item.got is None or not item.got.size or item.got.shape == item.want.shape:
        return False
    if axes is None:
        return not item.want.ndim and equal(np.asarray(make(item.got)), item.want)
    return item.got.ndim > max(axes) and equal(np.asarray(make(item.got, axis=axes)), item.want)


def _oversummed(evidence: Evidence, ndim: int) -> Iterator[Hypothesis | None]:
    names = axis_names(evidence.axes, evidence.output, ndim)
    for axes in _subsets(ndim):
        for words, make in _REDUCED:
            for predict in _reductions(make, axes):
                if predicts_first(evidence, predict):
                    text = f"{evidence.subject} is {words} of what is right along {join(names, axes)}: one for all."
                    yield prediction(evidence, "summed", text, predict)


def _reductions(make: Make, axes: Axes) -> tuple[Predict, ...]:
    """Return the reductions of the right output: with axes of length 1, without them, and broadcast back."""

    def reduced(item: Item) -> np.ndarray | None:
        return np.asarray(make(item.want, axis=axes, keepdims=True)) if item.want.ndim > max(axes) else None

    def squeezed(item: Item) -> np.ndarray | None:
        made = reduced(item)
        return None if made is None else made.squeeze(axes)

    def filled(item: Item) -> np.ndarray | None:
        made = reduced(item)
        return None if made is None else np.broadcast_to(made, item.want.shape)

    return reduced, squeezed, filled


def _subsets(ndim: int) -> list[Axes]:
    ndim = min(ndim, len(_ORDINALS))
    return [axes for count in range(1, ndim + 1) for axes in combinations(range(ndim), count)]
