"""Names of measured numbers: expressions of sizes and hyperparameters, such as H·W or 1/(1 - p), that fit every case.

A number has a name only where a single expression fits: if B is 2 in every case, neither "2" nor "B" is a name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations, permutations

from autograder.diagnosis.axes import Sizes, sizes, with_defaults
from autograder.diagnosis.evidence import Evidence, Item, isclose, size_names


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


@lru_cache(maxsize=256)
def _expressions(names: frozenset[str], fractions: frozenset[str]) -> tuple[Expression, ...]:
    counts = sorted(names - fractions)
    return (
        *_constants(),
        *(e for name in sorted(names) for e in _powers(name)),
        *(e for name in counts for e in _counts(name)),
        *(e for name in sorted(fractions) for e in _fractions(name)),
        *(e for pair in combinations(sorted(names), 2) for e in _pairs(*pair)),
        *(e for pair in permutations(sorted(names), 2) for e in _quotients(*pair)),
        *(e for triple in combinations(counts, 3) for e in _triples(triple)),
    )


def _constants() -> Iterator[Expression]:
    for number in (1, 2, 3, 4):
        yield Expression(str(number), 0, partial(_constant, float(number)))
    for number in (2, 3, 4):
        yield Expression(f"1/{number}", 0, partial(_constant, 1 / number))


def _constant(number: float, s: Sizes) -> float:
    return number


def _powers(name: str) -> Iterator[Expression]:
    yield Expression(name, 1, lambda s: s[name])
    yield Expression(f"1/{name}", 1, lambda s: 1 / s[name])
    yield Expression(f"{name}²", 2, lambda s: s[name] ** 2)
    yield Expression(f"1/{name}²", 2, lambda s: 1 / s[name] ** 2)
    yield Expression(f"√{name}", 2, lambda s: math.sqrt(s[name]))
    yield Expression(f"1/√{name}", 2, lambda s: 1 / math.sqrt(s[name]))
    yield Expression(f"2·{name}", 2, lambda s: 2 * s[name])
    yield Expression(f"{name}/2", 2, lambda s: s[name] / 2)
    yield Expression(f"2/{name}", 2, lambda s: 2 / s[name])
    yield Expression(f"1/(2·{name})", 2, lambda s: 0.5 / s[name])


def _counts(name: str) -> Iterator[Expression]:
    yield Expression(f"({name} - 1)/{name}", 2, lambda s: (s[name] - 1) / s[name])
    yield Expression(f"{name}/({name} - 1)", 2, lambda s: s[name] / (s[name] - 1))
    yield Expression(f"√(({name} - 1)/{name})", 3, lambda s: math.sqrt((s[name] - 1) / s[name]))
    yield Expression(f"√({name}/({name} - 1))", 3, lambda s: math.sqrt(s[name] / (s[name] - 1)))


def _fractions(name: str) -> Iterator[Expression]:
    yield Expression(f"(1 - {name})", 1, lambda s: 1 - s[name])
    yield Expression(f"1/(1 - {name})", 1, lambda s: 1 / (1 - s[name]))
    yield Expression(f"{name}/(1 - {name})", 2, lambda s: s[name] / (1 - s[name]))
    yield Expression(f"(1 - {name})/{name}", 2, lambda s: (1 - s[name]) / s[name])
    yield Expression(f"(1 + {name})", 2, lambda s: 1 + s[name])
    yield Expression(f"log({name})", 2, lambda s: math.log(s[name]))
    yield Expression(f"1/log({name})", 2, lambda s: 1 / math.log(s[name]))


def _pairs(a: str, b: str) -> Iterator[Expression]:
    yield Expression(f"{a}·{b}", 2, lambda s: s[a] * s[b])
    yield Expression(f"1/({a}·{b})", 2, lambda s: 1 / (s[a] * s[b]))


def _quotients(a: str, b: str) -> Iterator[Expression]:
    yield Expression(f"{a}/{b}", 2, lambda s: s[a] / s[b])
    yield Expression(f"({a}/{b})²", 3, lambda s: (s[a] / s[b]) ** 2)


def _triples(names: tuple[str, ...]) -> Iterator[Expression]:
    text = "·".join(names)
    yield Expression(text, 3, lambda s: math.prod(s[name] for name in names))
    yield Expression(f"1/({text})", 3, lambda s: 1 / math.prod(s[name] for name in names))
    n = f"({text} - 1)/({text})"
    yield Expression(n, 4, lambda s: 1 - 1 / math.prod(s[name] for name in names))
    yield Expression(f"({text})/({text} - 1)", 4, lambda s: 1 / (1 - 1 / math.prod(s[name] for name in names)))
