"""Hypotheses that the output is off by a factor or by a term: a named number, or one of the inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item, equal
from autograder.diagnosis.factor_names import NamedNumber, name_numbers
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_first

_MAX_RANK = 4
"""Highest rank of a factor's name."""


def factor(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is a named number times the right one."""
    named = name_factor(evidence, expected)
    if named is not None:
        words = f"{evidence.subject} is {named.text} times what it should be."
        yield hypothesis("pattern", "factor", evidence, words, lambda view: is_factor(view, expected, named))


def reshaped_factor(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output has another shape and is a named number times the right one as well."""
    if not evidence.items or any(item.got is None or item.fits or item.got.size != item.want.size
                                 for item in evidence.items):  # fmt: skip
        return
    named = name_factor(_fitted(evidence), expected)
    if named is not None:
        words = f"{evidence.subject} has another shape than it should, and is {named.text} times what it should be."
        yield hypothesis(
            "pattern", "factor", evidence, words, lambda view: is_factor(_fitted(view), expected, named)
        )  # fmt: skip


def _fitted(evidence: Evidence) -> Evidence:
    """Return the evidence with every output in the expected shape where it has as many entries."""
    items = [
        replace(item, got=item.got.reshape(item.want.shape))
        if item.got is not None and item.got.size == item.want.size else item
        for item in evidence.items
    ]  # fmt: skip
    return replace(evidence, items=tuple(items))


def expected(item: Item) -> np.ndarray | None:
    """Return the expected array of the item."""
    return item.want


def name_factor(evidence: Evidence, base: Predict, max_rank: int = _MAX_RANK) -> NamedNumber | None:
    """Return the name of the factor between the base and the output; None unless exactly one fits."""
    ratios = []
    for item in evidence.items:
        ratio = ratio_of(item.got, base(item))
        if ratio is None:
            return None
        ratios.append(ratio)
    return name_numbers(evidence, ratios, max_rank)


def is_factor(evidence: Evidence, base: Predict, named: NamedNumber) -> bool:
    """Return whether the output is the named number times the base in every item."""
    return all(equal(item.got, _times(base(item), named.value(item))) for item in evidence.items)


def ratio_of(got: np.ndarray | None, want: np.ndarray | None) -> float | None:
    """Return the factor from `want` to `got`; nan where every number is one, None where none is."""
    if got is None or want is None or got.shape != want.shape:
        return None
    square = float(np.sum(want * want))
    if not np.isfinite(square):
        return None
    if not square:
        return None if got.any() else float("nan")
    ratio = float(np.sum(got * want)) / square
    return ratio if np.isfinite(ratio) and equal(got, ratio * want) else None


def _times(want: np.ndarray | None, value: float | None) -> np.ndarray | None:
    return None if want is None or value is None else want * value


def inputs_as_factors(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that an input is missing as a factor, or was multiplied in once too often."""
    for name, value in evidence.failing[0].inputs.items() if evidence.failing else ():
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not evidence.failing[0].want.ndim:
            continue
        missing = _operation(name, lambda want, by: want / by)
        if predicts_first(evidence, missing):
            words = f"{evidence.subject} times {name} is right: one factor is missing."
            yield prediction(evidence, "input missing", words, missing)
        extra = _operation(name, lambda want, by: want * by)
        if predicts_first(evidence, extra):
            words = f"{evidence.subject} is right but for {name}, by which it was multiplied once more than it should."
            yield prediction(evidence, "input too often", words, extra)


def _operation(name: str, make: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        by = item.inputs.get(name)
        try:
            made = make(item.want, by) if isinstance(by, np.ndarray) else np.zeros(0)
        except ValueError:
            return None
        return made if made.shape == item.want.shape else None

    return predict


def simple_terms(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that an input or a simple number is missing or was added once too often."""
    s = evidence.subject
    for name in _arrays(evidence):
        shown = f"the {name} that came in" if name == s else name
        for sign, words in ((-1.0, f"{s} lacks {shown}: it is right once {name} is added."),
                            (1.0, f"{s} is right once {shown} is subtracted.")):  # fmt: skip
            if predicts_first(evidence, _with_term(name, sign)):
                yield prediction(evidence, "term", words, _with_term(name, sign))
    yield from offsets(evidence)


def offsets(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that the output is too large or too small by 1 or 1/2."""
    for number, words in ((1.0, "too large by 1"), (-1.0, "too small by 1"),
                          (0.5, "too large by 1/2"), (-0.5, "too small by 1/2")):  # fmt: skip
        text = f"{evidence.subject} is {words} everywhere."
        yield prediction(evidence, "offset", text, partial(_offset, number))


def _offset(number: float, item: Item) -> np.ndarray:
    return item.want + number


def multiples(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that the error is a named number, or a named multiple of an input."""
    for name in (*_arrays(evidence), ""):
        named = _name_multiple(evidence, name)
        if named is not None:
            times = f" times {name}" if name else ""
            words = f"{evidence.subject} is too large by {named.text}{times}."
            if named.text.startswith("-"):
                words = f"{evidence.subject} lacks {named.text[1:]}{times}."
            yield hypothesis("pattern", "multiple", evidence, words, partial(_is_multiple, name, named))


def affine(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is a named factor times the right one plus a named offset."""
    pairs = [_fit_line(item) for item in evidence.items]
    if None in pairs or all(pair and np.isnan(pair[0]) for pair in pairs):
        return
    factor, offset = (name_numbers(evidence, [pair[i] for pair in pairs if pair]) for i in (0, 1))
    if factor is not None and offset is not None:
        moved = f"minus {offset.text[1:]}" if offset.text.startswith("-") else f"plus {offset.text}"
        words = f"{evidence.subject} is {factor.text} times what it should be, {moved}."
        yield hypothesis("pattern", "stretched", evidence, words, lambda view: _is_affine(view, factor, offset))


def _fit_line(item: Item) -> tuple[float, float] | None:
    """Return slope and offset of `got` as a linear function of `want`; None where it is not linear, nan where there are
    too few points to decide."""
    if item.got is None or not item.fits or not np.isfinite(item.got).all() or not np.isfinite(item.want).all():
        return None
    if len(np.unique(item.want)) < 4:
        return float("nan"), float("nan")
    slope, offset = np.polyfit(item.want.ravel(), item.got.ravel(), 1)
    return (float(slope), float(offset)) if equal(item.got, slope * item.want + offset) else None


def _is_affine(evidence: Evidence, factor: NamedNumber, offset: NamedNumber) -> bool:
    for item in evidence.items:
        slope, start = factor.value(item), offset.value(item)
        if slope is None or start is None or not equal(item.got, slope * item.want + start):
            return False
    return True


def _arrays(evidence: Evidence) -> list[str]:
    """Return the names of the inputs that broadcast to the output's shape; numbers only where the output is one."""
    if not evidence.failing:
        return []
    first = evidence.failing[0]
    return [name for name, value in first.inputs.items() if _is_term(value, first) and _expand(first, name) is not None]


def _is_term(value: object, first: Item) -> bool:
    if isinstance(value, float):
        return not first.want.ndim
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _expand(item: Item, name: str) -> np.ndarray | None:
    """Broadcast the input, or 1 where `name` is empty, to the output's shape."""
    value = item.inputs.get(name) if name else 1.0
    if not isinstance(value, np.ndarray | float):
        return None
    try:
        return np.broadcast_to(np.asarray(value, np.float64), item.want.shape)
    except ValueError:
        return None


def _with_term(name: str, sign: float) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        term = _expand(item, name)
        return None if term is None else item.want + sign * term

    return predict


def _name_multiple(evidence: Evidence, name: str) -> NamedNumber | None:
    numbers = []
    for item in evidence.items:
        term = _expand(item, name)
        if item.got is None or term is None or not item.fits:
            return None
        multiple = 0.0 if equal(item.got, item.want) else ratio_of(item.got - item.want, term)
        if multiple is None or not equal(item.got, item.want + multiple * term):
            return None
        numbers.append(multiple if term.any() else float("nan"))
    return name_numbers(evidence, numbers)


def _is_multiple(name: str, named: NamedNumber, evidence: Evidence) -> bool:
    for item in evidence.items:
        term, multiple = _expand(item, name), named.value(item)
        if term is None or multiple is None or not equal(item.got, item.want + multiple * term):
            return False
    return True
