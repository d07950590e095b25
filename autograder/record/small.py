"""Small inputs in a record: the smallest cases of each function, read from the file when a check fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any

from autograder.checks.variant import arguments
from autograder.record.file import SCHEMA, Form, Part, ValueReader, Values
from autograder.record.forms import judge_form, read_judge
from autograder.record.oracle import add_answer, add_terms
from autograder.sandbox.inprocess import materialise
from autograder.spec.exercise import Call, Exercise
from autograder.spec.function import Case, Function, Terms
from autograder.spec.small import FAMILIES, NEIGHBOURHOODS, Member, Small

Read = Callable[[], tuple[Form, ValueReader]]
"""Reads the part `small` of a record: function → its form, and the reader of its values."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordedFamily(Small):
    """One of the families of a function, read from a record; the first holds the members of all."""

    function: Function
    read: Read
    place: int

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Return the recorded members, the smallest first."""
        forms, _ = self.read()
        return self._recorded([] if self.place else forms[self.function.name]["cases"])

    @cached_property
    def example(self) -> Member:
        """Return the recorded case that students work through by hand."""
        (member,) = self._recorded([self.read()[0][self.function.name]["example"]])
        return member

    def neighbourhood(self, number: int) -> tuple[Member, ...]:
        """Return the recorded neighbourhood of this number; () where none is recorded."""
        numbers = self.read()[0][self.function.name]["neighbours"][number - 1 : number]
        groups = numbers[0] if numbers else []
        return self._recorded(groups[self.place] if self.place < len(groups) else [])

    def _recorded(self, forms: Sequence[Form]) -> tuple[Member, ...]:
        """Return the members of recorded forms, and add their outputs and terms to the function's references."""
        found, (_, reader) = [], self.read()
        for name, weight, given, expected, judges, terms in forms:
            inputs = reader.get(given)
            add_answer(self.function.oracle, self.function, inputs, reader.get(expected))
            add_terms(self.function, inputs, list(map(reader.get, terms)))
            accept = {output: read_judge(judge, reader) for output, judge in judges.items()}
            found.append(Member({}, weight, partial(Case, name, inputs, True, accept)))
        return tuple(found)


def recorded_families(functions: Sequence[Function], load: Callable[[], Part]) -> dict[str, tuple[Small, ...]]:
    """Return for each function its recorded families. load: reads the part `small` of the record."""

    @cache
    def read() -> tuple[Form, ValueReader]:
        facts, data = load()
        return facts["functions"], ValueReader(facts["values"], data)

    return {f.name: tuple(RecordedFamily({}, {}, None, {}, {}, function=f, read=read, place=place)
                          for place in range(FAMILIES)) for f in functions}  # fmt: skip


def record_small(exercise: Exercise) -> Part:
    """Return the part `small` of a record: of each function the smallest cases, as many as a diagnosis looks at."""
    pool = Values()
    functions = {name: _function(exercise.function(name), families, pool.put)
                 for name, families in exercise.small.items() if families}  # fmt: skip
    return {"schema": SCHEMA, "functions": functions, "values": pool.sizes}, pool.data


def _function(function: Function, families: Sequence[Small], put: Callable[[Any], Form]) -> Form:
    from autograder.diagnosis.other_shapes import neighbours
    from autograder.diagnosis.shrink import BATCH_SIZES

    members = sorted((member for family in families for member in family.members), key=lambda member: member.weight)
    known = tuple(family for family in families if not family.accept)[:FAMILIES]
    return {
        "cases": [_case(function, member, put) for member in members[: sum(BATCH_SIZES)]],
        "example": _case(function, families[0].example, put),
        "neighbours": [
            [[_neighbour(function, case, call, put) for case, call in group]
             for group in neighbours(function, known, number)]
            for number in range(1, NEIGHBOURHOODS + 1)
        ],
    }  # fmt: skip


def _case(function: Function, member: Member, put: Callable[[Any], Form]) -> Form:
    from autograder.diagnosis.shrink import small_call

    answered, accept = small_call(function, member.case), member.case.accept
    judges = {name: judge_form(judge, answered.inputs, put) or {"free": False, "verdicts": []}
              for name, judge in accept.items() if name in function.outputs}  # fmt: skip
    return [member.case.name, member.weight, put(answered.inputs), put(answered.expected), judges, []]


def _neighbour(function: Function, case: Case, call: Call, put: Callable[[Any], Form]) -> Form:
    """Return the form of a member of a neighbourhood, with the terms of each `Terms` invariant."""
    from autograder.diagnosis.evidence import with_defaults

    args, kwargs = arguments(function, with_defaults(function, call.inputs))
    given = [materialise(value) for value in args]
    terms = [put(dict(law.make(*given, **kwargs))) for law in function.invariants if isinstance(law, Terms)]
    return [case.name, 0, put(call.inputs), put(call.expected), {}, terms]
