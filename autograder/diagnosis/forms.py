"""Hypotheses about the form of an output: dtype, shape, sign and order; one operation or sum too many or missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations, permutations

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item, axis_names, equal
from autograder.diagnosis.hypothesis import Candidate, Hypothesis, Predict, hypothesis, predicted, predicts_all
from autograder.numeric.compare import dtype_repair, mismatch

Axes = tuple[int, ...]
Fits = Callable[[np.ndarray, np.ndarray], bool]
Make = Callable[..., np.ndarray]


def shapes(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses about the dtype, the contents and the shape of an output."""
    s = evidence.subject
    if evidence.failing and isinstance(evidence.failing[0].raw, np.ndarray | np.generic):
        kind = evidence.failing[0].raw.dtype
        want = np.dtype(getattr(evidence.failing[0].truth[evidence.output], "dtype", np.float64))
        words = f"the values of {s} are right, its dtype {kind} is not. {dtype_repair(str(kind), want)}"
        yield hypothesis("pattern", "dtype", evidence, words, lambda view: all(map(_is_another_type, view.items)))
    yield from zeros(evidence)
    for name, text, test in _SHAPES[:3] if evidence.without_output else _SHAPES:
        yield hypothesis("pattern", name, evidence, text.format(s), lambda view, test=test: all(  # type: ignore[misc]
            item.right or (item.got is not None and test(item.got, item.want)) for item in view.items))  # fmt: skip


def zeros(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is 0, up to rounding errors of numbers as large as the right ones."""
    words = f"{evidence.subject} is 0 everywhere: nothing reaches it. Where is something written or added into it?"
    yield hypothesis("pattern", "zero", evidence, words, lambda view: all(
        item.got is not None and item.fits
        and np.all(np.abs(item.got) <= 1e-14 * np.max(np.abs(item.want), initial=0.0)) for item in view.items
    ))  # fmt: skip


def _is_another_type(item: Item) -> bool:
    if item.right or item.got is None or not item.fits:
        return item.right
    kind = np.asarray(item.raw).dtype
    digits = 4 * np.finfo(np.float32).eps if kind == np.float32 else 0.0
    off, size = np.abs(item.got - item.want), np.max(np.abs(item.want), initial=0.0)
    return bool(np.all(off <= digits * size)) or (kind != np.float64 and equal(item.got, item.want))


def _has_other_ones(got: np.ndarray, want: np.ndarray) -> bool:
    return got.squeeze().shape == want.squeeze().shape and _has_another_shape(got, want)


def _has_another_shape(got: np.ndarray, want: np.ndarray) -> bool:
    return got.size == want.size and got.shape != want.shape and equal(got.reshape(want.shape), want)


def _is_part(part: np.ndarray, whole: np.ndarray) -> bool:
    """Return whether an array is the beginning, the middle or the end of a larger one."""
    shape = part.shape
    if len(shape) != whole.ndim or shape == whole.shape or any(a > b for a, b in zip(shape, whole.shape, strict=True)):
        return False
    starts = ([int((b - a) * share) for a, b in zip(shape, whole.shape, strict=True)] for share in (0.0, 0.5, 1.0))
    places = (tuple(slice(at, at + a) for at, a in zip(start, shape, strict=True)) for start in starts)
    return any(equal(part, whole[place]) for place in places)


_SHAPES: tuple[tuple[str, str, Fits], ...] = (
    ("axis too many", "the values of {} are right, but it has an axis of length 1 too many.",
     lambda got, want: got.ndim > want.ndim and _has_other_ones(got, want)),
    ("axis too few", "the values of {} are right, but an axis of length 1 is missing.",
     lambda got, want: got.ndim < want.ndim and _has_other_ones(got, want)),
    ("shape", "the values of {} are right and in the right order, only its shape is not.", _has_another_shape),
    ("too short", "{} is right as far as it goes, but a part is missing. How long is it along each axis?", _is_part),
    ("too long", "{} holds what is right, and more beside it. What has to be cut off?",
     lambda got, want: _is_part(want, got)),
)  # fmt: skip

_STEPS: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
    ("the absolute value of what it should be", np.abs),
    ("the square of what it should be", np.square),
    ("the square root of what it should be", np.sqrt),
    ("1 divided by what it should be", np.reciprocal),
    ("1 minus what it should be", lambda want: 1 - want),
    ("only the sign of what it should be", np.sign),
    ("what it should be, with all that is negative cut to 0", lambda want: np.maximum(want, 0.0)),
    ("what it should be, with all that is positive cut to 0", lambda want: np.minimum(want, 0.0)),
    ("what it should be, cut to lie between 0 and 1", lambda want: np.clip(want, 0.0, 1.0)),
    ("right but cut to whole numbers: somewhere it was kept as int", np.trunc),
    ("too large by 1 everywhere", lambda want: want + 1),
    ("too small by 1 everywhere", lambda want: want - 1),
)


def steps(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is an elementwise function of the right one."""
    yield from predicted(evidence, ((
        "step", f"{evidence.subject} is {words}.", partial(_of_want, step))
        for words, step in (*_STEPS, *_bounds(evidence))))  # fmt: skip


def _bounds(evidence: Evidence) -> Iterator[tuple[str, Callable[[np.ndarray], np.ndarray]]]:
    """Yield words and function of cutting the right output at the number that all wrong entries of an item equal."""
    item = next(iter(evidence.failing), None)
    if item is None or item.got is None or not item.fits:
        return
    off = mismatch(item.got, item.want)
    values = np.unique(item.got[off])
    if len(values) == 1 and float(f"{values[0]:g}") == values[0] != 0:
        for word, cut in (("above", np.minimum), ("below", np.maximum)):
            words = f"what it should be, with all that is {word} {values[0]:g} set to {values[0]:g}"
            yield f"{words}: look for that number in your code", partial(cut, values[0])


def signs(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output has the opposite sign."""
    words = f"{evidence.subject} has the opposite sign everywhere."
    yield from predicted(evidence, [("sign", words, partial(_of_want, np.negative))])


def permuted(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses about sign, passed-on inputs, exchanged outputs and permuted entries."""
    yield from signs(evidence)
    for name, value in evidence.items[0].inputs.items() if evidence.items else ():
        predict = partial(_one_of, "inputs", name)
        if isinstance(value, np.ndarray | float):
            same = "came back as it went in." if name == evidence.subject else f"is {name} itself, just as it came in."
            words = f"{evidence.subject} {same}"
            yield hypothesis("pattern", "passed on", evidence, words, partial(_is_passed_on, predict))
    yield from predicted(evidence, _rearranged(evidence))


def _is_passed_on(predict: Predict, evidence: Evidence) -> bool:
    """Return whether the output is a passed-on input in every case, those with several right answers included."""
    judged = () if evidence.failing_only else evidence.with_several_answers
    return predicts_all(predict, evidence) and all(equal(item.got, predict(item)) for item in judged)


def _one_of(source: str, name: str, item: Item) -> np.ndarray | None:
    """Return the item's input or expected output of this name as float64; None if it is no array and no number."""
    value = getattr(item, source).get(name)
    return np.asarray(value, np.float64) if isinstance(value, np.ndarray | float | int) else None


def _of_want(make: Make, item: Item) -> np.ndarray | None:
    try:
        return make(item.want)
    except ValueError:  # it has fewer axes in this case
        return None


def _rearranged(evidence: Evidence) -> Iterator[Candidate]:
    """Yield as candidates the other outputs, and the reversals, transposes and axis orders of the right output."""
    s, ndim = evidence.subject, evidence.failing[0].want.ndim if evidence.failing else 0
    names = axis_names(evidence.axes, evidence.output, ndim)
    for name in (name for name in evidence.function.outputs if name != evidence.output):
        words = f"{s} is what {name} should be. In which order are the results returned?"
        yield "exchanged", words, partial(_one_of, "truth", name)
    for axes in _subsets(ndim):
        words = f"{s} holds the right numbers in reverse along {join(names, axes)}."
        yield "reversed", words, partial(_of_want, partial(np.flip, axis=axes))
    for axis, (place, by) in ((axis, move) for axis in range(ndim) for move in (("front", 1), ("back", -1))):
        words = f"{s} holds the right numbers one place too far to the {place} along {names[axis]}, and 0 where none is"
        yield "moved", f"{words} left.", partial(_of_want, partial(_moved, by, axis))
    if ndim == 2:
        yield "transposed", f"{s} is right but transposed.", partial(_of_want, np.transpose)
    for order in permutations(range(ndim)) if 2 < ndim <= len(_ORDINALS) else ():
        words = f"{s} is right with its axes in another order: ({', '.join(names[axis] for axis in order)})."
        yield "axes", words, partial(_of_want, partial(np.transpose, axes=order))


def _moved(by: int, axis: int, want: np.ndarray) -> np.ndarray:
    """Return the array moved along the axis by one place, to the front if `by` is 1, with zeros at the other end."""
    moved = np.roll(want, -by, axis)
    np.moveaxis(moved, axis, 0)[-1 if by == 1 else 0] = 0
    return moved


def join(names: tuple[str, ...], axes: Axes) -> str:
    """Join the names of the axes: "A, B and C"."""
    words = [names[axis] for axis in axes]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


_ORDINALS = ("first", "second", "third", "fourth")
_REDUCTIONS: tuple[tuple[str, str, Make], ...] = (("summed", "the sum", np.sum), ("averaged", "the mean", np.mean))


def _subsets(ndim: int) -> list[Axes]:
    ndim = min(ndim, len(_ORDINALS))
    return [axes for count in range(1, ndim + 1) for axes in combinations(range(ndim), count)]


def sums(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses of a missing sum, and of one sum too many."""
    first = next((item for item in evidence.failing if item.got is not None), None)
    if first is None or first.got is None:
        return
    for verb, _, make in _REDUCTIONS:
        for axes in (None, *_subsets(first.got.ndim)):
            words = f"{evidence.subject} still has to be {verb}"
            words += f" along its {join(_ORDINALS, axes)} axis." if axes else ": it is one number, not an array."
            yield hypothesis("pattern", "not summed", evidence, words, partial(_reduces, make, axes))
    names = axis_names(evidence.axes, evidence.output, first.want.ndim)
    yield from predicted(evidence, (
        ("summed", f"{evidence.subject} is {words} of what is right along {join(names, axes)}: one for all.",
         partial(_reduced, make, axes, form))
        for axes in _subsets(first.want.ndim) for _, words, make in _REDUCTIONS for form in ("kept", "lost", "filled")
    ))  # fmt: skip


def _reduces(make: Make, axes: Axes | None, evidence: Evidence) -> bool:
    """Return whether reducing the wrong outputs along the axes, or to one number, gives the right ones."""
    for item in (item for item in evidence.items if not item.right):
        if item.got is None or not item.got.size or item.got.shape == item.want.shape:
            return False
        if item.got.ndim <= max(axes or (-1,)) or not equal(np.asarray(make(item.got, axis=axes)), item.want):
            return False
    return True


def _reduced(make: Make, axes: Axes, form: str, item: Item) -> np.ndarray | None:
    """Return the right output reduced along the axes. form: keep them with length 1, drop them, or broadcast back."""
    if item.want.ndim <= max(axes):
        return None
    made = np.asarray(make(item.want, axis=axes, keepdims=True))
    return made.squeeze(axes) if form == "lost" else made if form == "kept" else np.broadcast_to(made, item.want.shape)
