"""A record → an exercise like the spec's own, whose oracles and known mistakes know the recorded answers alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.exercise import Accept, Case, Exercise, Function, Mistake, Speed, Tolerance
from autograder.record.answers import Record
from autograder.record.file import unpack
from autograder.record.judges import Remembered
from autograder.record.shelf import Library
from autograder.record.tape import Call, Recalled
from autograder.training import Free, Shrink, Training
from autograder.truth import Judge


def read_exercise(path: Path) -> Exercise:
    """The exercise of a record's file; CourseError when it is no record."""
    facts, pools = unpack(path)
    try:
        return _exercise(facts, Library(facts["arrays"], pools))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        words = f"{path} is no whole record: {type(error).__name__}: {error}"
        raise CourseError(f"{words}. Get it again from your course's repository.") from error


def _exercise(facts: Mapping[str, Any], library: Library) -> Exercise:
    functions: list[Function] = []
    for form in facts["functions"]:
        functions.append(_function(form, facts, library, functions))
    record = Record(facts, library)
    _teach(functions, record)
    training = _training(facts["training"], record) if facts["training"] else None
    return Exercise(
        tuple(functions), tuple(facts["requires"]), Tolerance(*facts["tolerance"]), facts["name"],
        facts["unit"], tuple(_mistake(*form) for form in facts["mistakes"]), (), training, record=record,
    )  # fmt: skip


def _function(
    form: Mapping[str, Any], facts: Mapping[str, Any], library: Library, before: Sequence[Function]
) -> Function:
    judges, forward, timing = facts["judges"].get(form["name"], {}), form["forward"], form["timing"]
    plain = ("outputs", "purity", "stability", "speed", "quiet", "seconds", "curve", "kind")
    return Function(
        Recalled(form["name"], tuple(form["positional"]), tuple(form["keywords"])),
        **{name: form[name] for name in plain},
        cases=tuple(_case(case, judges.get(case[0], {}), library) for case in form["cases"]),
        stable_cases=tuple(_case(case, {}, library) for case in form["stable_cases"]),
        steps=Recalled(form["steps"], tuple(form["positional"]), tuple(form["keywords"])) if form["steps"] else None,
        timing=timing and Speed(tuple(Case(name, {}) for name in timing["ladder"]), tuple(timing["bars"])),
        forward=_function(forward, facts, library, ()) if isinstance(forward, dict) else (
            None if forward is None else before[forward]
        ),
    )


def _case(form: tuple[str, bool, int], judges: Mapping[str, Any], library: Library) -> Case:
    name, public, steps = form
    return Case(name, {}, public, {output: _judge(judge, library) for output, judge in judges.items()}, steps)


def _judge(form: Mapping[str, Any], library: Library) -> Accept | Free:
    if "rule" in form:
        facts = library.get(form["facts"])
        return Judge(form["rule"], lambda inputs: facts)
    judge = Remembered([(library.get(outputs), verdict) for outputs, verdict in form["said"]])
    return Free(judge) if form["free"] else judge


def _mistake(name: str, function: str, hint: str, convention: bool) -> Mistake:
    return Mistake(name, function, Recalled(name, (), ()), hint, convention)


def _teach(functions: Sequence[Function], record: Record) -> None:
    """Give the oracles their answers."""
    for function in functions:
        for case in (*function.cases, *function.stable_cases):
            for inputs, expected in record.questions(function.name, case.name):
                given = [inputs.pop(name) for name in function.positional]
                values = tuple(expected.values())
                _learn(function.oracle, tuple(given), inputs, values[0] if len(values) == 1 else values)
                if (steps := record.steps(function.name, case.name)) is not None:
                    _learn(function.steps, tuple(given), inputs, steps)
    if form := record.facts["training"]:
        _, predict = functions
        params, labels = record.library.get(form["reference"]), record.library.get(form["labels"])
        _learn(predict.oracle, (record.rows.fresh, params), {}, labels)


def _learn(oracle: Any, given: tuple[Any, ...], options: Mapping[str, Any], value: Any) -> None:
    assert isinstance(oracle, Recalled)
    oracle.learn(Call(oracle.__name__, given, options), value)


def _training(form: Mapping[str, Any], record: Record) -> Training:
    shrink = Shrink(*form["shrink"]) if form["shrink"] else None
    bars, times = tuple(map(tuple, form["bars"])), tuple(form["times"])
    return Training(lambda rng: record.rows, bars, times, form["numbers"], shrink)
