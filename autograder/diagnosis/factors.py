"""Hypotheses that the output is off by a factor or by a term: a named number, or one of the inputs.

The names of numbers are expressions of sizes and hyperparameters, such as H·W or 1/(1 - p). A number has a name only
where a single expression fits in every case: if B is 2 in every case, neither "2" nor "B" is a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import combinations
from math import isclose, isnan, log, nan, sqrt

import numpy as np

from autograder.diagnosis.evidence import Evidence, Item, Sizes, equal, size_names, sizes, with_defaults
from autograder.diagnosis.hypothesis import Hypothesis, Predict, hypothesis, predicted


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression of sizes, such as H·W. It names a number if no other expression of its rank or lower fits."""

    text: str
    rank: int
    """The complexity of the expression, from 0 for a number."""
    names: tuple[str, ...]
    """The names of the sizes in the expression."""
    compute: Callable[..., float]

    def value(self, known: Sizes) -> float:
        """Evaluate the expression; nan where it has no value."""
        try:
            return self.compute(*(known[name] for name in self.names))
        except (KeyError, ZeroDivisionError, ValueError, OverflowError):
            return nan


@dataclass(frozen=True, eq=False)
class NamedNumber:
    """An expression that fits in every case, and the function that evaluates it for an item."""

    text: str
    value: Callable[[Item], float | None]


def name_numbers(evidence: Evidence, numbers: list[float], max_rank: int = 4) -> NamedNumber | None:
    """Return an expression of sizes that equals `numbers`, one for each item (nan: any); None unless exactly one does.

    An expression with a size in it must have two values at least, because a single number may equal a size by chance.
    """
    pairs = [(item, number) for item, number in zip(evidence.items, numbers, strict=True) if not isnan(number)]
    if not pairs or all(isclose(number, 1.0) for _, number in pairs):
        return None
    known = [(sizes(item.function, item.inputs, evidence.axes), number) for item, number in pairs]
    names = frozenset(name for name in size_names(evidence) if all(name in size for size, _ in known))
    given = with_defaults(pairs[0][0].function, pairs[0][0].inputs)
    fractions = frozenset(name for name in names if isinstance(given.get(name), float))
    fits = [(sign, e) for sign in (1.0, -1.0) for e in _expressions(names, fractions)
            if e.rank <= max_rank and all(isclose(sign * e.value(size), number) for size, number in known)]  # fmt: skip
    lowest = min((expression.rank for _, expression in fits), default=0)
    best = [(sign, expression) for sign, expression in fits if expression.rank <= max(lowest, 1)]
    if len(best) != 1:
        return None
    ((sign, expression),) = best
    if expression.names and all(isclose(number, pairs[0][1]) for _, number in pairs):
        return None

    def value(item: Item) -> float | None:
        found = sign * expression.value(sizes(item.function, item.inputs, evidence.axes))
        return None if isnan(found) else found

    return NamedNumber(("-" if sign < 0 else "") + expression.text, value)


_ROWS = (
    ("every", 0, 0, "1 | 2 | 3 | 4 | 1/2 | 1/3 | 1/4"),
    ("every", 1, 1, "{0} | 1/{0}"),
    ("every", 1, 2, "{0}² | 1/{0}² | √{0} | 1/√{0} | 2·{0} | {0}/2 | 2/{0} | 1/(2·{0})"),
    ("counts", 1, 2, "({0} - 1)/{0} | {0}/({0} - 1)"),
    ("counts", 1, 3, "√(({0} - 1)/{0}) | √({0}/({0} - 1))"),
    ("fractions", 1, 1, "(1 - {0}) | 1/(1 - {0})"),
    ("fractions", 1, 2, "(1 + {0}) | {0}/(1 - {0}) | (1 - {0})/{0} | log({0}) | 1/log({0})"),
    ("every", 2, 2, "{0}·{1} | 1/({0}·{1}) | {0}/{1} | {1}/{0}"),
    ("every", 2, 3, "({0}/{1})² | ({1}/{0})²"),
    ("counts", 3, 3, "{0}·{1}·{2} | 1/({0}·{1}·{2})"),
    ("counts", 3, 4, "({0}·{1}·{2} - 1)/({0}·{1}·{2}) | ({0}·{1}·{2})/({0}·{1}·{2} - 1)"),
)
"""Rows: kind of sizes, their number, rank, expressions. Fractions are float hyperparameters, counts the others."""


@lru_cache(maxsize=256)
def _expressions(names: frozenset[str], fractions: frozenset[str]) -> tuple[Expression, ...]:
    kinds = {"every": sorted(names), "counts": sorted(names - fractions), "fractions": sorted(fractions)}
    return tuple(Expression(text.format(*group), rank, group, _compiled(text)) for kind, count, rank, texts in _ROWS
                 for group in combinations(kinds[kind], count) for text in texts.split(" | "))  # fmt: skip


@cache
def _compiled(text: str) -> Callable[..., float]:
    """Return the function of sizes that computes an expression."""
    code = text.format("a", "b", "c").replace("·", "*").replace("²", "**2")
    code = re.sub(r"√(\w+|\(.*\))", r"sqrt(\1)", code)
    found: Callable[..., float] = eval(f"lambda a=0, b=0, c=0: {code}", {"sqrt": sqrt, "log": log})
    return found


def factor(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypothesis that the output is the right one multiplied by a number with a name, such as 1/B."""
    named = name_factor(evidence, expected)
    if named is not None:
        words = f"{evidence.subject} is {named.text} times what it should be."
        yield hypothesis("pattern", "factor", evidence, words, lambda view: is_factor(view, expected, named))


def expected(item: Item) -> np.ndarray | None:
    """Return the expected array of an item: the prediction that the output is right."""
    return item.want


def name_factor(evidence: Evidence, base: Predict, max_rank: int = 4) -> NamedNumber | None:
    """Return the name of the factor by which the output is the base; None unless exactly one name fits."""
    ratios = [ratio_of(item.got, base(item)) for item in evidence.items]
    known = [ratio for ratio in ratios if ratio is not None]
    return name_numbers(evidence, known, max_rank) if len(known) == len(ratios) else None


def is_factor(evidence: Evidence, base: Predict, named: NamedNumber) -> bool:
    """Return whether the output is the named number times the base in every item."""
    pairs = ((item.got, base(item), named.value(item)) for item in evidence.items)
    return all(want is not None and value is not None and equal(got, want * value) for got, want, value in pairs)


def ratio_of(got: np.ndarray | None, want: np.ndarray | None) -> float | None:
    """Return the factor by which `got` is `want`; nan where every factor fits, None where none does."""
    if got is None or want is None or got.shape != want.shape:
        return None
    square = float(np.sum(want * want))
    if not np.isfinite(square):
        return None
    if not square:
        return None if got.any() else float("nan")
    ratio = float(np.sum(got * want)) / square
    return ratio if np.isfinite(ratio) and equal(got, ratio * want) else None


_WITH_INPUT: tuple[tuple[str, str, Callable[[np.ndarray, np.ndarray], np.ndarray]], ...] = (
    ("input missing", "{0} times {1} is right: one factor is missing.", np.divide),
    ("input too often", "{0} is right but for {1}, by which it was multiplied once more than it should.", np.multiply),
)
_WITH_TERM: tuple[tuple[str, str, Callable[[np.ndarray, np.ndarray], np.ndarray]], ...] = (
    ("term", "{0} lacks {2}: it is right once {1} is added.", np.subtract),
    ("term", "{0} is right once {2} is subtracted.", np.add),
)
"""A pattern, its sentence about the output {0} and an input {1}, and what makes the output of the right one and it."""


def inputs_as_factors(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that an input is missing as a factor, or was multiplied in once too often."""
    first = next(iter(evidence.failing), None)
    yield from _combined(evidence, _WITH_INPUT, [name for name, value in first.inputs.items()
                                                 if first.want.ndim and _is_array(value)] if first else [])  # fmt: skip


def simple_terms(evidence: Evidence) -> Iterator[Hypothesis | None]:
    """Yield the hypotheses that an input is missing as a term or was added once too often."""
    first = next(iter(evidence.failing), None)
    yield from _combined(evidence, _WITH_TERM,
                         [name for name, value in first.inputs.items() if _is_array(value)
                          or (isinstance(value, float) and not first.want.ndim)] if first else [])  # fmt: skip


def _is_array(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _combined(evidence: Evidence, rows: tuple[tuple[str, str, Callable[..., np.ndarray]], ...],
              inputs: list[str]) -> Iterator[Hypothesis | None]:  # fmt: skip
    s = evidence.subject
    yield from predicted(evidence, ((pattern, words.format(s, name, f"the {name} that came in" if name == s else name),
                                     partial(_combine, name, make)) for name in inputs
                                    for pattern, words, make in rows))  # fmt: skip


def _combine(name: str, make: Callable[..., np.ndarray], item: Item) -> np.ndarray | None:
    """Return the right output and the input combined; None where the input does not broadcast to the output's shape."""
    value = item.inputs.get(name)
    if not isinstance(value, np.ndarray | float):
        return None
    try:
        made = np.asarray(make(item.want, value))
    except ValueError:
        return None
    return made if made.shape == item.want.shape else None
