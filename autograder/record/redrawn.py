"""What a record's oracles know: the answers to its own questions, and to those that a hint is proven on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from autograder.record.answers import Record
from autograder.record.array_pool import PoolReader
from autograder.record.file import Part
from autograder.record.replay import learn
from autograder.spec.function import Function
from autograder.spec.invariant import Invariant, Terms


class RedrawnRecords(Sequence[Record]):
    """The records of the same cases with other inputs: questions alone. load: reads their part of the file."""

    def __init__(self, facts: Mapping[str, Any], functions: Sequence[Function], load: Callable[[], Part]) -> None:
        self._facts, self._functions, self._load = facts, functions, load

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, number: int) -> Record: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Record]: ...
    def __getitem__(self, number: int | slice) -> Record | Sequence[Record]:
        return self._records[number]

    @cached_property
    def _records(self) -> list[Record]:
        facts, pools = self._load()
        shared = {**self._facts, "tapes": {}, "calls": [], "timed": {}, "training": None}
        library = PoolReader(facts["arrays"], pools)
        found = [Record({**shared, "questions": calls}, library) for calls in facts["questions"]]
        for record in found:
            teach(self._functions, record)
        return found


def teach(functions: Sequence[Function], record: Record) -> None:
    """Give the oracles the record's answers."""
    for function in functions:
        for case in (*function.cases, *function.stable_cases):
            for inputs, expected in record.calls(function.name, case.name):
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
