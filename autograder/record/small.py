"""Small inputs in a record: the smallest cases of each function, read from the file when a check fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder.checks.variant import arguments
from autograder.diagnosis.evidence import with_defaults
from autograder.diagnosis.hint import worked_key, worked_text
from autograder.diagnosis.other_shapes import FAMILIES, NEIGHBOURHOODS, neighbours
from autograder.diagnosis.shrink import BATCH_SIZES, small_call
from autograder.record.file import SCHEMA, Form, Part, ValueReader, Values
from autograder.record.forms import judge_form, read_judge
from autograder.record.oracle import add_answer, add_terms
from autograder.sandbox.inprocess import materialise
from autograder.spec.exercise import Call, Exercise
from autograder.spec.function import Case, Function, Terms
from autograder.spec.small import Member, Small

MOST = sum(BATCH_SIZES)


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
    """One of the families of a function, read from a record; the first holds the members of all."""

    function: Function
    load: Callable[[], Part]
    """Reads the part `small` of the record."""
    place: int

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Return the recorded members, the smallest first."""
        form, reader = self._read()
        return tuple(self._recorded(reader, *case) for case in ([] if self.place else form["cases"]))

    def neighbourhood(self, number: int) -> tuple[Member, ...]:
        """Return the recorded neighbourhood of this number; () where none is recorded."""
        form, reader = self._read()
        groups = dict(enumerate(form["neighbours"][number - 1])) if number <= len(form["neighbours"]) else {}
        return tuple(self._recorded(reader, *case) for case in groups.get(self.place, ()))

    def _read(self) -> tuple[Form, ValueReader]:
        facts, data = self.load()
        return facts["functions"][self.function.name], ValueReader(facts["values"], data)

    def _recorded(
        self, reader: ValueReader, name: str, weight: int, given: Form, expected: Form, judges: Form, terms: Form
    ) -> RecordedMember:
        """Return a member, and add its answer and its terms to what the function's references know."""
        inputs = reader.get(given)
        add_answer(self.function.oracle, self.function, inputs, reader.get(expected))
        add_terms(self.function, inputs, list(map(reader.get, terms)))
        accept = {output: read_judge(judge, reader) for output, judge in judges.items()}
        return RecordedMember(self, {}, weight, recorded=Case(name, inputs, True, accept))


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


def recorded_families(functions: Sequence[Function], load: Callable[[], Part]) -> dict[str, tuple[Small, ...]]:
    """Return for each function its recorded families. load: reads the part `small` of the record."""
    return {
        f.name: tuple(
            RecordedFamily({}, {}, None, {}, {}, WorkedMemo(f, load), function=f, load=load, place=place)
            for place in range(FAMILIES)
        )
        for f in functions
    }


def record_small(exercise: Exercise) -> Part:
    """Return the part `small` of a record: at most MOST cases of each function, the smallest ones."""
    pool = Values()
    functions = {name: _function(exercise.function(name), families, pool.put)
                 for name, families in exercise.small.items() if families}  # fmt: skip
    return {"schema": SCHEMA, "functions": functions, "values": pool.sizes}, pool.data


def _function(function: Function, families: Sequence[Small], put: Callable[[Any], Form]) -> Form:
    members = sorted((member for family in families for member in family.members), key=lambda member: member.weight)
    known = tuple(family for family in families if not family.accept)[:FAMILIES]
    return {
        "cases": [_case(function, member, put) for member in members[:MOST]],
        "worked": {output: worked_text(function, tuple(families), output) for output in function.outputs},
        "neighbours": [
            [[_neighbour(function, case, call, put) for case, call in group]
             for group in neighbours(function, known, number)]
            for number in range(1, NEIGHBOURHOODS + 1)
        ],
    }  # fmt: skip


def _case(function: Function, member: Member, put: Callable[[Any], Form]) -> Form:
    answered, accept = small_call(function, member.case), member.case.accept
    judges = {name: judge_form(judge, answered.inputs, put) or {"free": False, "verdicts": []}
              for name, judge in accept.items() if name in function.outputs}  # fmt: skip
    return _form(member.case.name, member.weight, answered, put, judges, [])


def _neighbour(function: Function, case: Case, call: Call, put: Callable[[Any], Form]) -> Form:
    """Return the form of a member of a neighbourhood, with the terms of each `Terms` invariant."""
    args, kwargs = arguments(function, with_defaults(function, call.inputs))
    given = [materialise(value) for value in args]
    terms = [put(dict(law.make(*given, **kwargs))) for law in function.invariants if isinstance(law, Terms)]
    return _form(case.name, 0, call, put, {}, terms)


def _form(
    name: str, weight: int, call: Call, put: Callable[[Any], Form], judges: Mapping[str, Form], terms: list[Form]
) -> Form:
    return [name, weight, put(call.inputs), put(call.expected), dict(judges), terms]
