"""Small inputs from a record: the smallest of each family with their answers, read when something fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from autograder.diagnosis.shrink import BATCH_SIZES, small_call
from autograder.diagnosis.worked import worked_key, worked_text
from autograder.record.array_pool import ArrayPool, Form, PoolReader
from autograder.record.file import SCHEMA, Part
from autograder.record.judges import judge_form, read_judge
from autograder.record.replay import learn
from autograder.spec.exercise import Exercise
from autograder.spec.function import Case, Function
from autograder.spec.small import Member, Small

MOST = sum(BATCH_SIZES)


@dataclass(frozen=True)
class RecordedMember(Member):
    """A small case whose inputs are recorded."""

    kept: Case

    @cached_property
    def case(self) -> Case:
        """Its inputs, under the name that it had."""
        return self.kept


@dataclass(frozen=True, eq=False, kw_only=True)
class RecordedFamily(Small):
    """A family from a record. load: its cases with their weights, the smallest first."""

    load: Callable[[], list[tuple[int, Case]]]

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """All that are recorded, the smallest first."""
        return tuple(RecordedMember(self, {}, weight, case) for weight, case in self.load())


def record_small(exercise: Exercise) -> Part:
    """The part `small` of a record: the MOST smallest cases of each function."""
    shelf = ArrayPool()
    functions = {name: _function(exercise.function(name), families, shelf.put)
                 for name, families in exercise.small.items() if families}  # fmt: skip
    return {"schema": SCHEMA, "functions": functions, "arrays": shelf.arrays}, shelf.pools


def _function(function: Function, families: Sequence[Small], put: Callable[[Any], Form]) -> Form:
    members = sorted((member for family in families for member in family.members), key=lambda member: member.weight)
    texts = {output: worked_text(function, tuple(families), output) for output in function.outputs}
    return {"cases": [_case(function, member, put) for member in members[:MOST]], "worked": texts}


def _case(function: Function, member: Member, put: Callable[[Any], Form]) -> Form:
    asked, accept = small_call(function, member.case), member.case.accept
    mine = {name: judge for name, judge in accept.items() if name in function.outputs}
    judges = {name: judge_form(judge, asked.inputs, put) or {"free": False, "said": []} for name, judge in mine.items()}
    return [member.case.name, member.weight, put(asked.inputs), put(asked.expected), judges]


def recorded_families(functions: Sequence[Function], load: Callable[[], Part]) -> dict[str, tuple[Small, ...]]:
    """Function → its one family. load: reads the part of the record."""
    return {
        f.name: (RecordedFamily({}, {}, None, {}, {}, WorkedMemo(f, load), load=partial(_load, f, load)),)
        for f in functions
    }


class WorkedMemo(dict[str, Any]):
    """A family's memo, which knows what the course made of it: the case to work through by hand, output by output."""

    def __init__(self, function: Function, load: Callable[[], Part]) -> None:
        super().__init__()
        self._function, self._load = function, load

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self._worked

    def __missing__(self, key: str) -> str:
        return self._worked[key]

    @cached_property
    def _worked(self) -> dict[str, str]:
        told = self._load()[0]["functions"][self._function.name]["worked"]
        return {worked_key(self._function, output): text for output, text in told.items()}


def _load(function: Function, load: Callable[[], Part]) -> list[tuple[int, Case]]:
    facts, pools = load()
    library, form = PoolReader(facts["arrays"], pools), facts["functions"][function.name]
    return [_kept(function, library, *case) for case in form["cases"]]


def _kept(
    function: Function,
    library: PoolReader,
    name: str,
    weight: int,
    given: Form,
    expected: Form,
    judges: Mapping[str, Any],
) -> tuple[int, Case]:
    """The case; its answer is told to the function's oracle."""
    inputs = library.get(given)
    learn(function.oracle, function, inputs, library.get(expected))
    accept = {output: read_judge(judge, library) for output, judge in judges.items()}
    return weight, Case(name, inputs, True, accept)
