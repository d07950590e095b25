"""Reading a record file into an exercise, whose oracles and known mistakes know recorded calls only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.record.answers import Record
from autograder.record.array_pool import PoolReader
from autograder.record.file import Part, unpack
from autograder.record.judges import read_judge
from autograder.record.redrawn import RedrawnRecords, add_answers
from autograder.record.replay import RecordedFunction
from autograder.record.small import recorded_families
from autograder.spec.exercise import Exercise, Mistake
from autograder.spec.function import Case, Function, Speed, Tolerance
from autograder.spec.invariant import Sums, Terms
from autograder.spec.training import Shrink, Training


def read_exercise(path: Path) -> Exercise:
    """Read an exercise from a record file; CourseError if it is no record."""
    facts, pools = unpack(path)
    try:
        return _exercise(facts, PoolReader(facts["arrays"], pools), lambda part: unpack(path, part))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        words = f"{path} is no whole record: {type(error).__name__}: {error}"
        raise CourseError(f"{words}. Get it again from your course's repository.") from error


def _exercise(facts: Mapping[str, Any], reader: PoolReader, load: Callable[[str], Part]) -> Exercise:
    functions: list[Function] = []
    for form in facts["functions"]:
        functions.append(_function(form, facts, reader, functions))
    record = Record(facts, reader, RedrawnRecords(facts, functions, lambda: load("redrawn")))
    add_answers(functions, record)
    training = _training(facts["training"], record) if facts["training"] else None
    return Exercise(
        tuple(functions), tuple(facts["requires"]), Tolerance(*facts["tolerance"]), facts["name"],
        facts["unit"], tuple(_mistake(*form) for form in facts["mistakes"]), (), training,
        small=recorded_families([f for f in functions if f.name in facts["small"]], lambda: load("small")),
        formulas=facts["formulas"],
        record=record, axes=facts["axes"], planted=facts["planted"],
    )  # fmt: skip


def _function(
    form: Mapping[str, Any], facts: Mapping[str, Any], reader: PoolReader, before: Sequence[Function]
) -> Function:
    judges, forward, timing = facts["judges"].get(form["name"], {}), form["forward"], form["timing"]
    contract = form["positional"], form["keywords"], reader.get(form["defaults"])
    plain = ("outputs", "points", "seconds", "curve", "kind")
    return Function(
        RecordedFunction(form["name"], *contract),
        **{name: form[name] for name in plain},
        cases=tuple(_case(case, judges.get(case[0], {}), reader) for case in form["cases"]),
        stable_cases=tuple(_case(case, {}, reader) for case in form["stable_cases"]),
        steps=RecordedFunction(form["steps"], *contract) if form["steps"] else None,
        invariants=tuple(
            Sums(**law["sums"]) if "sums" in law else Terms(law["terms"], RecordedFunction("terms", *contract))
            for law in form["laws"]
        ),
        timing=timing and Speed(tuple(Case(name, {}) for name in timing["ladder"]), tuple(timing["bars"])),
        forward=_function(forward, facts, reader, ()) if isinstance(forward, dict) else (
            None if forward is None else before[forward]
        ),
    )


def _case(form: tuple[str, bool, int, str], judges: Mapping[str, Any], reader: PoolReader) -> Case:
    name, public, steps, check = form
    accept = {output: read_judge(judge, reader) for output, judge in judges.items()}
    return Case(name, {}, public, accept, steps, check)


def _mistake(name: str, function: str, hint: str, convention: bool) -> Mistake:
    return Mistake(name, function, RecordedFunction(name, (), ()), hint, convention)


def _training(form: Mapping[str, Any], record: Record) -> Training:
    shrink = Shrink(*form["shrink"]) if form["shrink"] else None
    bars, times = tuple(map(tuple, form["bars"])), tuple(form["times"])
    return Training(lambda rng: record.rows, bars, times, form["numbers"], shrink)
