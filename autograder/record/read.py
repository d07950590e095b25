"""A record → an exercise like the spec's own, whose oracles and known mistakes know the recorded answers alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.errors import CourseError
from autograder.exercise import Case, Exercise, Function, Mistake, Speed, Tolerance
from autograder.invariant import Invariant, Sums, Terms
from autograder.record.answers import Record
from autograder.record.file import Part, unpack
from autograder.record.judges import read_judge
from autograder.record.shelf import Library
from autograder.record.small import kept_families
from autograder.record.tape import Recalled, learn
from autograder.training import Shrink, Training


def read_exercise(path: Path) -> Exercise:
    """The exercise of a record's file; CourseError when it is no record."""
    facts, pools = unpack(path)
    try:
        return _exercise(facts, Library(facts["arrays"], pools), lambda: unpack(path, "small"))
    except (KeyError, IndexError, TypeError, ValueError) as error:
        words = f"{path} is no whole record: {type(error).__name__}: {error}"
        raise CourseError(f"{words}. Get it again from your course's repository.") from error


def _exercise(facts: Mapping[str, Any], library: Library, load: Callable[[], Part]) -> Exercise:
    functions: list[Function] = []
    for form in facts["functions"]:
        functions.append(_function(form, facts, library, functions))
    record = Record(facts, library)
    _teach(functions, record)
    training = _training(facts["training"], record) if facts["training"] else None
    return Exercise(
        tuple(functions), tuple(facts["requires"]), Tolerance(*facts["tolerance"]), facts["name"],
        facts["unit"], tuple(_mistake(*form) for form in facts["mistakes"]), (), training,
        small=kept_families([f for f in functions if f.name in facts["small"]], load), formulas=facts["formulas"],
        record=record, axes=facts["axes"],
    )  # fmt: skip


def _function(
    form: Mapping[str, Any], facts: Mapping[str, Any], library: Library, before: Sequence[Function]
) -> Function:
    judges, forward, timing = facts["judges"].get(form["name"], {}), form["forward"], form["timing"]
    contract = form["positional"], form["keywords"], library.get(form["defaults"])
    plain = ("outputs", "purity", "stability", "speed", "quiet", "seconds", "curve", "kind")
    return Function(
        Recalled(form["name"], *contract),
        **{name: form[name] for name in plain},
        cases=tuple(_case(case, judges.get(case[0], {}), library) for case in form["cases"]),
        stable_cases=tuple(_case(case, {}, library) for case in form["stable_cases"]),
        steps=Recalled(form["steps"], *contract) if form["steps"] else None,
        invariants=tuple(
            Sums(**law["sums"]) if "sums" in law else Terms(law["terms"], Recalled("terms", *contract))
            for law in form["laws"]
        ),
        timing=timing and Speed(tuple(Case(name, {}) for name in timing["ladder"]), tuple(timing["bars"])),
        forward=_function(forward, facts, library, ()) if isinstance(forward, dict) else (
            None if forward is None else before[forward]
        ),
    )


def _case(form: tuple[str, bool, int], judges: Mapping[str, Any], library: Library) -> Case:
    name, public, steps = form
    return Case(name, {}, public, {output: read_judge(judge, library) for output, judge in judges.items()}, steps)


def _mistake(name: str, function: str, hint: str, convention: bool) -> Mistake:
    return Mistake(name, function, Recalled(name, (), ()), hint, convention)


def _teach(functions: Sequence[Function], record: Record) -> None:
    """Give the oracles their answers."""
    for function in functions:
        for case in (*function.cases, *function.stable_cases):
            for inputs, expected in record.questions(function.name, case.name):
                learn(function.oracle, function, inputs, expected)
                if (steps := record.steps(function.name, case.name)) is not None:
                    learn(function.steps, function, inputs, {"steps": steps})
            for inputs, terms in record.terms(function.name, case.name):
                for law, found in zip(filter(_has_terms, function.invariants), terms, strict=True):
                    learn(law.make, function, inputs, {"terms": found})  # type: ignore[union-attr]
    if form := record.facts["training"]:
        _, predict = functions
        params, labels = record.library.get(form["reference"]), record.library.get(form["labels"])
        ((output, _),) = predict.outputs.items()
        learn(predict.oracle, predict, {"x": record.rows.fresh, "params": params}, {output: labels})


def _has_terms(law: Invariant) -> bool:
    return isinstance(law, Terms)


def _training(form: Mapping[str, Any], record: Record) -> Training:
    shrink = Shrink(*form["shrink"]) if form["shrink"] else None
    bars, times = tuple(map(tuple, form["bars"])), tuple(form["times"])
    return Training(lambda rng: record.rows, bars, times, form["numbers"], shrink)
