"""Redrawn records, on which hints are verified, and the answers that recorded oracles are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from autograder.record.answers import Record
from autograder.record.array_pool import PoolReader
from autograder.record.file import Part
from autograder.record.replay import add_answer
from autograder.spec.function import Function
from autograder.spec.invariant import Invariant, Terms


class RedrawnRecords(Sequence[Record]):
    """Hold records of the same cases with other inputs, which have calls only. load: reads their part of the file."""

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
        empty: dict[str, Any] = {key: {} for key in ("mistake_outcomes", "timed", "slopes")}
        shared = {**self._facts, **empty, "mistake_calls": [], "training": None}
        reader = PoolReader(facts["arrays"], pools)
        found = [Record({**shared, "calls": calls}, reader) for calls in facts["calls"]]
        for record in found:
            add_answers(self._functions, record)
        return found


def add_answers(functions: Sequence[Function], record: Record) -> None:
    """Add a record's expected results to the oracles of the functions."""
    for function in functions:
        for case in (*function.cases, *function.stable_cases):
            for inputs, expected in record.calls(function.name, case.name):
                add_answer(function.oracle, function, inputs, expected)
                if (steps := record.steps(function.name, case.name)) is not None:
                    add_answer(function.steps, function, inputs, {"steps": steps})
            for inputs, terms in record.terms(function.name, case.name):
                for law, found in zip(filter(_has_terms, function.invariants), terms, strict=True):
                    add_answer(law.make, function, inputs, {"terms": found})  # type: ignore[union-attr]
    if form := record.facts["training"]:
        _, predict = functions
        params, labels = record.reader.get(form["reference"]), record.reader.get(form["labels"])
        ((output, _),) = predict.outputs.items()
        add_answer(predict.oracle, predict, {"x": record.rows.fresh, "params": params}, {output: labels})


def _has_terms(law: Invariant) -> bool:
    return isinstance(law, Terms)
