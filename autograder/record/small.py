"""Small inputs in a record: the smallest cases of each function, read from the file when a check fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from autograder.checks.variant import Call, arguments
from autograder.diagnosis.axes import with_defaults
from autograder.diagnosis.hint import worked_key, worked_text
from autograder.diagnosis.other_shapes import FAMILIES, NEIGHBOURHOODS, neighbours
from autograder.diagnosis.shrink import BATCH_SIZES, small_call
from autograder.record.array_pool import ArrayPool, Form, PoolReader
from autograder.record.file import SCHEMA, Part
from autograder.record.judges import judge_form, read_judge
from autograder.record.replay import add_answer
from autograder.sandbox.inprocess import materialise
from autograder.spec.exercise import Exercise
from autograder.spec.function import Case, Function
from autograder.spec.invariant import Terms
from autograder.spec.small import Member, Small

MOST = sum(BATCH_SIZES)
_NO_JUDGES: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class RecordedMember(Member):
    """A small case that is read from a record."""

    recorded: Case

    @cached_property
    def case(self) -> Case:
        """Return the recorded case."""
        return self.recorded


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordedFamily(Small):
    """A family that is read from a record. load: returns its cases with their weights, the smallest first."""

    load: Callable[[], list[tuple[int, Case]]]
    load_neighbours: Callable[[int], list[tuple[int, Case]]] = lambda number: []

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Return all recorded members, the smallest first."""
        return tuple(RecordedMember(self, {}, weight, recorded=case) for weight, case in self.load())

    def neighbourhood(self, number: int) -> tuple[Member, ...]:
        """Return the recorded neighbourhood of this number; () where none is recorded."""
        return tuple(RecordedMember(self, {}, 0, recorded=case) for _, case in self.load_neighbours(number))


def record_small(exercise: Exercise) -> Part:
    """Return the part `small` of a record: at most MOST cases of each function, the smallest ones."""
    pool = ArrayPool()
    functions = {name: _function(exercise.function(name), families, pool.put)
                 for name, families in exercise.small.items() if families}  # fmt: skip
    return {"schema": SCHEMA, "functions": functions, "arrays": pool.arrays}, pool.pools


def _function(function: Function, families: Sequence[Small], put: Callable[[Any], Form]) -> Form:
    members = sorted((member for family in families for member in family.members), key=lambda member: member.weight)
    known = tuple(family for family in families if not family.accept)[:FAMILIES]
    texts = {output: worked_text(function, tuple(families), output) for output in function.outputs}
    others = [
        [
            [_neighbour(function, case, call, put) for case, call in group]
            for group in neighbours(function, known, number)
        ]
        for number in range(1, NEIGHBOURHOODS + 1)
    ]
    return {
        "cases": [_case(function, member, put) for member in members[:MOST]], "worked": texts, "neighbours": others
    }  # fmt: skip


def _case(function: Function, member: Member, put: Callable[[Any], Form]) -> Form:
    answered, accept = small_call(function, member.case), member.case.accept
    mine = {name: judge for name, judge in accept.items() if name in function.outputs}
    judges = {name: judge_form(judge, answered.inputs, put) or {"free": False, "verdicts": []}
              for name, judge in mine.items()}  # fmt: skip
    return [*_call(member.case.name, member.weight, answered, put), judges]


def _neighbour(function: Function, case: Case, call: Call, put: Callable[[Any], Form]) -> Form:
    """Return the form of a member of a neighbourhood, with the terms of each `Terms` invariant."""
    args, kwargs = arguments(function, with_defaults(function, call.inputs))
    given = [materialise(value) for value in args]
    terms = [put(dict(law.make(*given, **kwargs))) for law in function.invariants if isinstance(law, Terms)]
    return [*_call(case.name, 0, call, put), terms]


def _call(name: str, weight: int, call: Call, put: Callable[[Any], Form]) -> Form:
    return [name, weight, put(call.inputs), put(call.expected)]


def recorded_families(functions: Sequence[Function], load: Callable[[], Part]) -> dict[str, tuple[Small, ...]]:
    """Return for each function its recorded families: one that holds all members, then one for each neighbourhood.

    load: reads the part `small` of the record.
    """
    return {
        f.name: (
            RecordedFamily({}, {}, None, {}, {}, WorkedMemo(f, load), load=partial(_load, f, load)),
            *(
                RecordedFamily(
                    {}, {}, None, {}, {}, load=list, load_neighbours=partial(_load_neighbours, f, load, place)
                )
                for place in range(FAMILIES)
            ),
        )
        for f in functions
    }


class WorkedMemo(dict[str, Any]):
    """A family's memo that also holds the recorded text of the case to work by hand, for each output."""

    def __init__(self, function: Function, load: Callable[[], Part]) -> None:
        super().__init__()
        self._function, self._load = function, load

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self._worked

    def __missing__(self, key: str) -> str:
        return self._worked[key]

    @cached_property
    def _worked(self) -> dict[str, str]:
        texts = self._load()[0]["functions"][self._function.name]["worked"]
        return {worked_key(self._function, output): text for output, text in texts.items()}


def _load(function: Function, load: Callable[[], Part]) -> list[tuple[int, Case]]:
    facts, pools = load()
    reader, form = PoolReader(facts["arrays"], pools), facts["functions"][function.name]
    return [_read_case(function, reader, *case) for case in form["cases"]]


def _load_neighbours(function: Function, load: Callable[[], Part], place: int, number: int) -> list[tuple[int, Case]]:
    facts, pools = load()
    reader, form = PoolReader(facts["arrays"], pools), facts["functions"][function.name]
    groups = form["neighbours"][number - 1] if number <= len(form["neighbours"]) else []
    return [_read_neighbour(function, reader, *case) for case in (groups[place] if place < len(groups) else ())]


def _read_neighbour(
    function: Function, reader: PoolReader, name: str, weight: int, given: Form, expected: Form, terms: list[Form]
) -> tuple[int, Case]:
    """Return weight and case, and add its answer and its terms to what the function's oracles know."""
    laws = [law for law in function.invariants if isinstance(law, Terms)]
    for law, found in zip(laws, terms, strict=True):
        add_answer(law.make, function, reader.get(given), {"terms": reader.get(found)})
    return _read_case(function, reader, name, weight, given, expected)


def _read_case(
    function: Function,
    reader: PoolReader,
    name: str,
    weight: int,
    given: Form,
    expected: Form,
    judges: Mapping[str, Any] = _NO_JUDGES,
) -> tuple[int, Case]:
    """Return weight and case, and add the case's answer to the function's oracle."""
    inputs = reader.get(given)
    add_answer(function.oracle, function, inputs, reader.get(expected))
    accept = {output: read_judge(judge, reader) for output, judge in judges.items()}
    return weight, Case(name, inputs, True, accept)
