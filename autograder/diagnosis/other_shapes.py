"""Other inputs on which a hint must hold: the same cases redrawn, and small inputs of other sizes.

A circumstance of the failing cases is proven there by changing one fact. The small inputs are those of
`Small.neighbourhood`, the same for everybody, so that they reveal nothing of hidden cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from autograder.checks.judge import examine
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.diagnosis.evidence import Evidence, axis_names, sizes, with_defaults
from autograder.diagnosis.shrink import small_call
from autograder.errors import GraderFault, Unrecorded
from autograder.spec.draw import Draw
from autograder.spec.exercise import Call, Inputs, Outputs
from autograder.spec.function import Case, Function
from autograder.spec.small import FAMILIES, NEIGHBOURHOODS, Small


def can_redraw(variant: Variant) -> bool:
    """Return whether the variant can be redrawn with other inputs; a release may hold no other inputs."""
    try:
        return bool(variant.oracle.redrawn(1))
    except Unrecorded:
        return False


def redrawn_trial(trial: Trial, function: Function, number: int = 1) -> Trial:
    """Return a trial of the same implementation on one function's cases with other inputs. number: which, from 1."""
    key = f"redrawn trial {function.name} {number}"
    return trial.once(key, lambda: _trial_on(trial, trial.variant.redrawn(number, function)))


def _trial_on(trial: Trial, variant: Variant) -> Trial:
    """Return a trial of the same implementation on another variant; both share one limit of examined numbers."""
    return Trial(variant, trial.implementation, trial.reveal, trial.seconds, work=trial.work)


_FLIPS, _CASES = 2, 3
"""Least number of pairs that differ in one size and in the verdict, and of cases that fail with a fact, and pass
without it, those of the exercise included."""

Verdict = tuple[bool, bool]
"""Whether a fact holds in a case, and whether the output fails there. A case that passes although the fact holds and
some size is 1 counts as neither: a mistake often does not show there."""

Facts = dict[str, int]
"""The words of each fact, which end "the cases …", with its rank: 0 for the most direct."""


def other_shapes(trial: Trial, function: Function, number: int) -> Trial | None:
    """Return a trial of the same implementation on small inputs of other sizes, of which `number` selects a set; None
    where there are none. All answers to a variant get the same inputs."""
    key = f"other shapes {function.name} {number}"
    families = tuple(family for family in trial.exercise.small.get(function.name, ()) if not family.accept)[:FAMILIES]
    variant = trial.variant.once(key, lambda: _make_variant(trial, function, neighbours(function, families, number)))
    return None if variant is None else trial.once(key, lambda: _trial_on(trial, variant))


def neighbours(function: Function, families: tuple[Small, ...], number: int) -> list[list[tuple[Case, Call]]]:
    """Return, for each family, a small case and cases that differ from it in one size, with calls; made once."""
    if not families:
        return []
    memo, key = families[0].memo, f"neighbours {function.name} {number}"
    if key not in memo:
        memo[key] = [list(_neighbours(function, family, number)) for family in families]
    found: list[list[tuple[Case, Call]]] = memo[key]
    return found


def _neighbours(function: Function, family: Small, number: int) -> Iterator[tuple[Case, Call]]:
    for place, member in enumerate(family.neighbourhood(number)):
        try:
            yield member.case, small_call(function, member.case)
        except (GraderFault, Unrecorded):
            if not place:
                return  # without the middle there are no neighbours


def _make_variant(trial: Trial, function: Function, groups: list[list[tuple[Case, Call]]]) -> Variant | None:
    named = [(replace(case, name=f"{case.name} ({family})"), call)
             for family, group in enumerate(groups) for case, call in group]  # fmt: skip
    if not named:
        return None
    reshaped = replace(function, cases=tuple(case for case, _ in named), stable_cases=())
    exercise = replace(trial.exercise, functions=(reshaped,), mistakes=(), small={})
    return Variant(exercise, 0, {(function.name, case.name): (call,) for case, call in named})


def failing_fact(evidence: Evidence) -> str:
    """Return the fact that holds in exactly the failing cases and is proven to be the circumstance; "" without one.

    It is proven on other shapes: no case without the fact fails, and cases that differ in it alone have other verdicts.
    """
    key = f"failing fact {evidence.function.name} {evidence.output}"
    return evidence.trial.once(key, lambda: _failing_fact(evidence))


def holds_in_all_failing(evidence: Evidence, words: str) -> bool:
    """Return whether the fact with these words holds in every failing case."""
    by_name = {case.name: case for case in evidence.function.cases}
    return all(words in _facts_in(evidence.trial, evidence.function, by_name[name]) for name in evidence.failing_cases)


def _failing_fact(evidence: Evidence) -> str:
    function = evidence.function
    if not 0 < len(evidence.failing_cases) < len(function.cases) or evidence.was_stopped:
        return ""
    held: dict[str, set[str]] = {}
    ranks: Facts = {}
    for case in function.cases:
        for words, rank in _facts_in(evidence.trial, function, case).items():
            held.setdefault(words, set()).add(case.name)
            ranks[words] = rank
    fits = [words for words, cases in held.items() if cases == evidence.failing_cases]
    found = [(exceptions, ranks[words], words) for words in fits for exceptions in _exceptions(evidence, words)]
    return min(found, default=(0, 0, ""))[2]


def _exceptions(evidence: Evidence, words: str) -> list[int]:
    """Return in a list the number of cases of other shapes that pass although the fact holds; [] if it is not proven.

    A fact is proven if no case without it fails, and pairs of cases that differ in it alone have different verdicts.
    """
    flips = misses = 0
    failing = len(evidence.failing_cases)
    counts: Counter[Verdict] = Counter({(True, True): failing, (False, False): len(evidence.function.cases) - failing})
    for number in range(1, NEIGHBOURHOODS + 1):
        trial = other_shapes(evidence.trial, evidence.function, number)
        if trial is None:
            return []
        (function,) = trial.exercise.functions
        groups = _verdicts(trial, function, evidence.output, words)
        counts.update(verdict for group in groups for verdict in group if verdict)
        if counts[False, True]:
            return []
        # Pairs of cases that differ in one size or hyperparameter; where the number of axes matters, of two families.
        pairs = [(group[0], near) for group in groups for near in group[1:]]
        pairs += combinations([group[0] for group in groups], 2) if "axes" in words else []
        turned = [one[1] != other[1] for one, other in pairs if one and other and one[0] != other[0]]
        flips += sum(turned)
        misses += len(turned) - sum(turned)
    enough = flips >= _FLIPS and min(counts[True, True], counts[False, False]) >= _CASES
    return [counts[True, False]] if enough and misses * 2 <= flips else []


def _verdicts(trial: Trial, function: Function, output: str, words: str) -> list[list[Verdict | None]]:
    """Return the verdicts on the cases of each family, the middle one first; None for a pass with a size of 1."""
    groups: dict[str, list[Verdict | None]] = {}
    for case in function.cases:
        failed = examine(trial, trial.call_case(function, case), output) is not None
        known = _facts_in(trial, function, case)
        has = words in known
        is_trivial = has and not failed and any(fact.endswith(" = 1") and rank == 1 for fact, rank in known.items())
        groups.setdefault(case.name.rpartition(" (")[2], []).append(None if is_trivial else (has, failed))
    return list(groups.values())


def _facts_in(trial: Trial, function: Function, case: Case) -> Facts:
    call = trial.variant.calls(function, case)[0]
    key = f"facts {function.name} {case.name}"
    return trial.variant.once(key, lambda: facts(function, case, call.inputs, call.expected, trial.exercise.axes))


_STEPPED = (("H", "KH"), ("W", "KW"), ("L", "k"), ("size", "window"), ("length", "k"), ("H", "window"), ("W", "window"),
            ("L", "window"))  # fmt: skip
"""A length and the window, kernel or length that moves along it by the stride."""


def facts(function: Function, case: Case, inputs: Inputs, expected: Outputs, axes: Any) -> Facts:
    """Return every fact about a case, such as "with pad > 0", that does not depend on the numbers drawn for it."""
    found: Facts = {}
    given = with_defaults(function, inputs)
    for name, value in given.items():
        if isinstance(value, bool):
            found[f"with {name}={value}"] = 0
        elif _is_number(value) and not isinstance(case.draws.get(name), Draw):
            found |= _sized(0, name, float(value))
    named = {name: value for name, value in expected.items() if name in axes}
    arrays = {name: value for name, value in (named | inputs).items() if isinstance(value, np.ndarray)}
    known = sizes(function, named | inputs, axes)
    for name, size in known.items():
        found |= {} if name in given else _sized(1, name, size)
    found |= {f"in which {name} has more than two axes": 1
              for name, value in arrays.items() if name in inputs and value.ndim > 2}  # fmt: skip
    groups = [[(name, given[name]) for name in function.keywords if _is_number(given.get(name))]]
    groups += [[*zip(axis_names(axes, name, value.ndim), value.shape, strict=True)] for name, value in arrays.items()]
    for (x, a), (y, b) in (pair for group in groups for pair in combinations(group, 2)):
        found |= {f"with {x} = {y}": 2} if a == b else {
            f"with {x} other than {y}": 2, f"with {x} > {y}" if a > b else f"with {y} > {x}": 2}  # fmt: skip
    stride, pad = given.get("stride"), given.get("pad", 0)
    if isinstance(stride, int) and isinstance(pad, int) and stride > 0 and any(
        (known[a] + 2 * pad - known[b]) % stride for a, b in _STEPPED if a in known and b in known
    ):  # fmt: skip
        found["in which stride leaves something over"] = 1
    return found


def _sized(rank: int, name: str, value: float) -> Facts:
    limits = ((f"with {name} = {limit}", f"with {name} > {limit}", limit) for limit in (0, 1))
    return {(equal if value == limit else above): rank for equal, above, limit in limits if value >= limit}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
