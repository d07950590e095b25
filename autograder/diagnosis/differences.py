"""Off by a term: the difference from what is right is one number, or a multiple of one of the inputs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item
from autograder.diagnosis.factor_names import FactorNames, name_numbers
from autograder.diagnosis.factors import ratio_of
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, starts
from autograder.diagnosis.numbers import alike


def simple_terms(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """An input that is missing, or counted once more than it should; a number that is."""
    s = evidence.subject
    for name in _arrays(evidence):
        told = f"the {name} that came in" if name == s else name
        for sign, words in ((-1.0, f"{s} lacks {told}: it is right once {name} is added."),
                            (1.0, f"{s} is right once {told} is subtracted.")):  # fmt: skip
            if starts(evidence, _off_by(name, sign)):
                yield prediction(evidence, "term", words, _off_by(name, sign))
    yield from offsets(evidence)


def offsets(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """One half or one too much or too little."""
    for number, words in ((1.0, "too large by 1"), (-1.0, "too small by 1"),
                          (0.5, "too large by 1/2"), (-0.5, "too small by 1/2")):  # fmt: skip
        text = f"{evidence.subject} is {words} everywhere."
        yield prediction(evidence, "offset", text, partial(_moved, number))


def _moved(number: float, item: Item) -> np.ndarray:
    return item.want + number


def multiples(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """A multiple of an input, by the multiple's name; a number with a name."""
    for name in (*_arrays(evidence), ""):
        naming = _name_multiple(evidence, name)
        if naming is not None:
            times = f" times {name}" if name else ""
            words = f"{evidence.subject} is too large by {naming.text}{times}."
            if naming.text.startswith("-"):
                words = f"{evidence.subject} lacks {naming.text[1:]}{times}."
            yield hypothesis("pattern", "multiple", evidence, words, partial(_is_multiple, name, naming))


def stretched(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Multiplied by one number and moved by another, both with a name."""
    pairs = [_line(item) for item in evidence.items]
    if None in pairs or all(pair and np.isnan(pair[0]) for pair in pairs):
        return
    factor, offset = (name_numbers(evidence, [pair[i] for pair in pairs if pair]) for i in (0, 1))
    if factor is not None and offset is not None:
        moved = f"minus {offset.text[1:]}" if offset.text.startswith("-") else f"plus {offset.text}"
        words = f"{evidence.subject} is {factor.text} times what it should be, {moved}."
        yield hypothesis("pattern", "stretched", evidence, words, lambda view: _is_stretched(view, factor, offset))


def _line(item: Item) -> tuple[float, float] | None:
    """Slope and offset of the straight line from what is right to what came back; None where it is no line, nan where
    there are too few points to tell."""
    if item.got is None or not item.fits or not np.isfinite(item.got).all() or not np.isfinite(item.want).all():
        return None
    if len(np.unique(item.want)) < 4:
        return float("nan"), float("nan")
    slope, offset = np.polyfit(item.want.ravel(), item.got.ravel(), 1)
    return (float(slope), float(offset)) if alike(item.got, slope * item.want + offset) else None


def _is_stretched(evidence: Evidence, factor: FactorNames, offset: FactorNames) -> bool:
    for item in evidence.items:
        slope, start = factor.value(item), offset.value(item)
        if slope is None or start is None or not alike(item.got, slope * item.want + start):
            return False
    return True


def _arrays(evidence: Evidence) -> list[str]:
    """The inputs that could stand in the output as a term; of one number, the numbers."""
    if not evidence.failing:
        return []
    first = evidence.failing[0]
    return [name for name, value in first.inputs.items() if _is_term(value, first) and _spread(first, name) is not None]


def _is_term(value: object, first: Item) -> bool:
    if isinstance(value, float):
        return not first.want.ndim
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _spread(item: Item, name: str) -> np.ndarray | None:
    """The input, or 1, in the output's shape."""
    value = item.inputs.get(name) if name else 1.0
    if not isinstance(value, np.ndarray | float):
        return None
    try:
        return np.broadcast_to(np.asarray(value, np.float64), item.want.shape)
    except ValueError:
        return None


def _off_by(name: str, sign: float) -> Predict:
    def predict(item: Item) -> np.ndarray | None:
        term = _spread(item, name)
        return None if term is None else item.want + sign * term

    return predict


def _name_multiple(evidence: Evidence, name: str) -> FactorNames | None:
    numbers = []
    for item in evidence.items:
        term = _spread(item, name)
        if item.got is None or term is None or not item.fits:
            return None
        multiple = 0.0 if alike(item.got, item.want) else ratio_of(item.got - item.want, term)
        if multiple is None or not alike(item.got, item.want + multiple * term):
            return None
        numbers.append(multiple if term.any() else float("nan"))
    return name_numbers(evidence, numbers)


def _is_multiple(name: str, naming: FactorNames, evidence: Evidence) -> bool:
    for item in evidence.items:
        term, multiple = _spread(item, name), naming.value(item)
        if term is None or multiple is None or not alike(item.got, item.want + multiple * term):
            return False
    return True
