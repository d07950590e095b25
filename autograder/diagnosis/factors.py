"""Hypotheses that the output is off by a factor or by a term: a named number, or one of the inputs.

The names of numbers are expressions of sizes and hyperparameters, such as H·W or 1/(1 - p). A number has a name only
where a single expression fits in every case: if B is 2 in every case, neither "2" nor "B" is a name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache, partial
from itertools import combinations, permutations

import numpy as np

from autograder.diagnosis.axes import Sizes, sizes, with_defaults
from autograder.diagnosis.evidence import Evidence, Item, equal, isclose, size_names
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, prediction, predicts_first


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression of sizes. Of those that fit, exactly one must have the lowest rank."""

    text: str
    rank: int
    """The complexity of the expression, from 0 for a number."""
    make: Callable[[Sizes], float]


@dataclass(frozen=True, eq=False)
class NamedNumber:
    """An expression that fits in every case, and the function that evaluates it for an item."""

    text: str
    value: Callable[[Item], float | None]


def name_numbers(evidence: Evidence, numbers: list[float], max_rank: int = 4) -> NamedNumber | None:
    """Return the name of the numbers, one for each item; nan fits every name. None unless exactly one name fits."""
    pairs = [(item, number) for item, number in zip(evidence.items, numbers, strict=True) if not math.isnan(number)]
    if not pairs or all(isclose(number, 1.0) for _, number in pairs):
        return None
    known = [(sizes_of(item, evidence), number) for item, number in pairs]
    names = frozenset(name for name in size_names(evidence) if all(name in size for size, _ in known))
    fractions = frozenset(name for name in names if isinstance(_argument(pairs[0][0], name), float))
    fits = [(sign, e) for sign in (1.0, -1.0) for e in _expressions(names, fractions)
            if e.rank <= max_rank and _fits(e, sign, known)]  # fmt: skip
    return _unique(fits, evidence)


def sizes_of(item: Item, evidence: Evidence) -> Sizes:
    """Return the sizes and numbers among the inputs of an item."""
    return sizes(item.function, item.inputs, evidence.axes)


def _argument(item: Item, name: str) -> object:
    return with_defaults(item.function, item.inputs).get(name)


def _unique(fits: list[tuple[float, Expression]], evidence: Evidence) -> NamedNumber | None:
    lowest = min((expression.rank for _, expression in fits), default=0)
    best = [(sign, expression) for sign, expression in fits if expression.rank <= max(lowest, 1)]
    if len(best) != 1:
        return None
    ((sign, expression),) = best

    def value(item: Item) -> float | None:
        try:
            return sign * expression.make(sizes_of(item, evidence))
        except (KeyError, ZeroDivisionError, ValueError, OverflowError):
            return None

    return NamedNumber(("-" if sign < 0 else "") + expression.text, value)


def _fits(expression: Expression, sign: float, known: list[tuple[Sizes, float]]) -> bool:
    try:
        return all(isclose(sign * expression.make(size), number) for size, number in known)
    except (ZeroDivisionError, ValueError, OverflowError):
        return False


Rows = tuple[tuple[str, int, Callable[..., float]], ...]
"""Expressions of some sizes: the text, the rank, and the value."""

_CONSTANTS: Rows = tuple((text, 0, partial(float, Fraction(text))) for text in "1 2 3 4 1/2 1/3 1/4".split())
_POWERS: Rows = (
    ("{0}", 1, lambda a: a), ("1/{0}", 1, lambda a: 1 / a), ("{0}²", 2, lambda a: a**2), ("1/{0}²", 2, lambda a: a**-2),
    ("√{0}", 2, math.sqrt), ("1/√{0}", 2, lambda a: a**-0.5), ("2·{0}", 2, lambda a: 2 * a),
    ("{0}/2", 2, lambda a: a / 2), ("2/{0}", 2, lambda a: 2 / a), ("1/(2·{0})", 2, lambda a: 0.5 / a),
)  # fmt: skip
_COUNTS: Rows = (
    ("({0} - 1)/{0}", 2, lambda a: (a - 1) / a), ("{0}/({0} - 1)", 2, lambda a: a / (a - 1)),
    ("√(({0} - 1)/{0})", 3, lambda a: math.sqrt((a - 1) / a)),
    ("√({0}/({0} - 1))", 3, lambda a: math.sqrt(a / (a - 1))),
)  # fmt: skip
_FRACTIONS: Rows = (
    ("(1 - {0})", 1, lambda a: 1 - a), ("1/(1 - {0})", 1, lambda a: 1 / (1 - a)), ("(1 + {0})", 2, lambda a: 1 + a),
    ("{0}/(1 - {0})", 2, lambda a: a / (1 - a)), ("(1 - {0})/{0}", 2, lambda a: (1 - a) / a),
    ("log({0})", 2, math.log), ("1/log({0})", 2, lambda a: 1 / math.log(a)),
)  # fmt: skip
_PRODUCTS: Rows = (("{0}·{1}", 2, lambda a, b: a * b), ("1/({0}·{1})", 2, lambda a, b: 1 / (a * b)))
_QUOTIENTS: Rows = (("{0}/{1}", 2, lambda a, b: a / b), ("({0}/{1})²", 3, lambda a, b: (a / b) ** 2))
_TRIPLES: Rows = (
    ("{0}·{1}·{2}", 3, lambda a, b, c: a * b * c), ("1/({0}·{1}·{2})", 3, lambda a, b, c: 1 / (a * b * c)),
    ("({0}·{1}·{2} - 1)/({0}·{1}·{2})", 4, lambda a, b, c: 1 - 1 / (a * b * c)),
    ("({0}·{1}·{2})/({0}·{1}·{2} - 1)", 4, lambda a, b, c: 1 / (1 - 1 / (a * b * c))),
)  # fmt: skip


@lru_cache(maxsize=256)
def _expressions(names: frozenset[str], fractions: frozenset[str]) -> tuple[Expression, ...]:
    every, counts = sorted(names), sorted(names - fractions)
    tables = (
        (_CONSTANTS, [()]), (_POWERS, combinations(every, 1)), (_COUNTS, combinations(counts, 1)),
        (_FRACTIONS, combinations(sorted(fractions), 1)), (_PRODUCTS, combinations(every, 2)),
        (_QUOTIENTS, permutations(every, 2)), (_TRIPLES, combinations(counts, 3)),
    )  # fmt: skip
    return tuple(
        Expression(text.format(*group), rank, partial(_value, make, group))
        for rows, groups in tables
        for group in groups
        for text, rank, make in rows
    )


def _value(make: Callable[..., float], group: tuple[str, ...], known: Sizes) -> float:
    return make(*(known[name] for name in group))


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
