"""Reading a record file into an exercise, whose references and known mistakes know recorded calls only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.record.file import Part, ValueReader, unpack
from autograder.record.forms import read_judge
from autograder.record.oracle import RecordedFunction, RecordedOracle, add_answer, add_terms
from autograder.record.small import recorded_families
from autograder.spec.exercise import Exercise, Mistake, Rows, Shrink, Training
from autograder.spec.function import Case, Function, Speed, Sums, Terms, Tolerance


def read_exercise(path: Path) -> Exercise:
    """Read an exercise from a record file; CourseError if it is no record."""
    facts, data = unpack(path)
    try:
        return _exercise(facts, ValueReader(facts["values"], data), lambda part: unpack(path, part))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        words = f"{path} is no whole record: {type(error).__name__}: {error}"
        raise CourseError(f"{words}. Get it again from your course's repository.") from error


def _exercise(facts: Mapping[str, Any], reader: ValueReader, load: Callable[[str], Part]) -> Exercise:
    functions: list[Function] = []
    for form in facts["functions"]:
        functions.append(_function(form, facts, reader, functions))
    oracle = RecordedOracle(facts, reader, cache(lambda: _read_redrawn(facts, functions, *load("redrawn"))))
    _add_answers(functions, oracle)
    mistakes = tuple(Mistake(name, function, RecordedFunction(name, (), (), {}), hint, convention)
                     for name, function, hint, convention in facts["mistakes"])  # fmt: skip
    training = _training(facts["training"], reader, functions) if facts["training"] else None
    return Exercise(
        tuple(functions), tuple(facts["requires"]), Tolerance(*facts["tolerance"]), facts["name"],
        facts["unit"], mistakes, (), training,
        small=recorded_families([f for f in functions if f.name in facts["small"]], lambda: load("small")),
        formulas=facts["formulas"],
        oracle=oracle, axes=facts["axes"], planted=facts["planted"],
    )  # fmt: skip


def _read_redrawn(
    facts: Mapping[str, Any], functions: Sequence[Function], redrawn: Mapping[str, Any], data: bytes
) -> Sequence[RecordedOracle]:
    reader = ValueReader(redrawn["values"], data)
    empty: dict[str, Any] = {key: {} for key in ("mistake_outcomes", "timed", "slopes")}
    found = [RecordedOracle({**facts, **empty, "training": None, "calls": calls}, reader) for calls in redrawn["calls"]]
    for oracle, outputs in zip(found, redrawn["forwards"], strict=True):
        _add_answers(functions, oracle)
        for function, forward in ((each, each.forward) for each in functions if each.name in outputs):
            assert forward is not None
            for case in (case for case in function.cases if case.name in outputs[function.name]):
                inputs, expected = oracle.calls(function, case)[0].inputs, reader.get(outputs[function.name][case.name])
                add_answer(forward.oracle, forward, inputs, expected)
    return found


def _add_answers(functions: Sequence[Function], oracle: RecordedOracle) -> None:
    """Add the recorded calls and terms of the oracle to the references and invariants of the functions."""
    for function in functions:
        for case in (*function.cases, *function.stable_cases):
            for inputs, expected, steps, terms in oracle.results(function, case):
                add_answer(function.oracle, function, inputs, expected)
                if steps is not None:
                    add_answer(function.steps, function, inputs, {"steps": steps})
                add_terms(function, inputs, terms)


def _function(
    form: Mapping[str, Any], facts: Mapping[str, Any], reader: ValueReader, before: Sequence[Function]
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
        forward=before[forward] if isinstance(forward, int) else forward and _function(forward, facts, reader, ()),
    )


def _case(form: tuple[str, bool, int, str], judges: Mapping[str, Any], reader: ValueReader) -> Case:
    name, public, steps, check = form
    accept = {output: read_judge(judge, reader) for output, judge in judges.items()}
    return Case(name, {}, public, accept, steps, check)


def _training(form: Mapping[str, Any], reader: ValueReader, functions: Sequence[Function]) -> Training:
    rows, (_, predict) = Rows(*map(reader.get, form["rows"])), functions
    ((output, _points),) = predict.outputs.items()
    given = {"x": rows.fresh, "params": reader.get(form["reference"])}
    add_answer(predict.oracle, predict, given, {output: reader.get(form["labels"])})
    shrink = Shrink(*form["shrink"]) if form["shrink"] else None
    return Training(lambda rng: rows, tuple(map(tuple, form["bars"])), tuple(form["times"]), form["numbers"], shrink)
