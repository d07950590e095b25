"""Recording an exercise: its calls and expected results, the outcomes of its known mistakes, times; no code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.checks.gradient import directionals
from autograder.checks.steps import expected_steps
from autograder.checks.training_run import TrainingRun
from autograder.checks.trial import CaseResult, Trial
from autograder.checks.variant import (
    Variant,
    arguments,
    draw_inputs,
    forward_of,
    redrawn_seed,
    reference,
    timed_reference,
    timed_stream,
)
from autograder.diagnosis.evidence import defaults, with_defaults
from autograder.errors import GraderFault
from autograder.implementation import Outcome, Raised, Request, Returned
from autograder.numeric.compare import compare
from autograder.numeric.kernels import least, once
from autograder.numeric.runtime import fix_runtime
from autograder.numeric.sample import sample
from autograder.record.file import SCHEMA, Form, Part, Values, digest, pack
from autograder.record.forms import draw_of, judge_form, recipe_of
from autograder.record.oracle import Recorder, key_of
from autograder.record.small import record_small
from autograder.report.engine import VERSION
from autograder.sandbox.inprocess import InProcess, materialise
from autograder.spec.exercise import Call, Exercise, Mistake, Training
from autograder.spec.function import Case, Free, Function, Terms
from autograder.spec.small import VARIANTS

ROUNDS = 7


def record_exercise(exercise: Exercise, seed: int) -> bytes:
    """Return the bytes of an exercise's record file. GraderFault if a reference fails, or cannot be timed."""
    if reason := fix_runtime():
        raise GraderFault(f"{exercise.name} cannot be recorded: {reason}")
    facts = _Writer(exercise, seed, Values()).record()
    return pack(facts=facts, small=record_small(exercise), redrawn=_redrawn(exercise, seed))


def _redrawn(exercise: Exercise, seed: int) -> Part:
    """Return the part `redrawn`: calls on other inputs, on which hints are verified. An exercise without small inputs
    has none, as no hint can be verified there."""
    pool = Values()
    numbers = range(1, VARIANTS) if any(exercise.small.values()) else ()
    writers = [_Writer(exercise, redrawn_seed(seed, number), pool) for number in numbers]
    parts = {"calls": [writer.calls() for writer in writers], "forwards": [writer.forwards() for writer in writers]}
    return {"schema": SCHEMA, **parts, "values": pool.sizes}, pool.data


class _Writer:
    def __init__(self, exercise: Exercise, seed: int, pool: Values) -> None:
        self._exercise, self._variant, self._pool = exercise, Variant(exercise, seed), pool
        self._put = self._pool.put
        self._call_numbers: dict[str, int] = {}
        self._mistake_calls: list[Form] = []
        self._results: list[CaseResult] = []

    def record(self) -> Part:
        """Return the part `facts`: the record's JSON, and its values."""
        exercise = self._exercise
        facts: dict[str, Any] = {
            "schema": SCHEMA, "engine": VERSION, "numpy": np.__version__,
            "name": exercise.name, "unit": exercise.unit, "seed": self._variant.seed,
            "requires": list(exercise.requires), "axes": dict(exercise.axes), "planted": exercise.planted,
            "tolerance": [exercise.tolerance.rtol, exercise.tolerance.atol],
            "functions": [self._function(function) for function in exercise.functions],
            "mistakes": [[wrong.name, wrong.function, wrong.hint, wrong.convention] for wrong in exercise.mistakes],
            "formulas": {name: dict(holes) for name, holes in exercise.formulas.items()},
            "small": [name for name, families in exercise.small.items() if families],
            "mistake_outcomes": {mistake.name: self._outcomes(mistake) for mistake in exercise.mistakes},
            "calls": self.calls(),
            "slopes": {f.name: {case.name: {output: measured.slope for output, measured in
                                            directionals(self._variant, f, case).items()} for case in f.cases}
                       for f in exercise.functions if f.forward},
            "judges": {f.name: {case.name: {output: self._judge(f, case, output) for output in case.accept
                                            if output in f.outputs}
                                for case in f.cases if case.accept.keys() & f.outputs.keys()}
                       for f in exercise.functions},
            "training": self._training(exercise.training) if exercise.training else None,
            "timed": {f.name: {case.name: self._time(f, case) for case in f.timing.ladder}
                      for f in exercise.functions if f.timing},
            "kernels": least(),
        }  # fmt: skip
        return facts | {"mistake_calls": self._mistake_calls, "values": self._pool.sizes}, self._pool.data

    def _function(self, function: Function) -> Form:
        """Return a function's form. forward: the index of a function of the exercise, or the form of one outside it."""
        forward, timing, others = function.forward, function.timing, self._exercise.functions
        laws = [{"terms": law.output} if isinstance(law, Terms) else {"sums": asdict(law)}
                for law in function.invariants]  # fmt: skip
        return {
            "name": function.name, "positional": list(function.positional), "keywords": list(function.keywords),
            "defaults": self._put(dict(defaults(function.oracle))), "outputs": dict(function.outputs),
            "points": dict(function.points),
            "seconds": function.seconds, "curve": function.curve, "kind": function.kind,
            "steps": function.steps and function.steps.__name__, "laws": laws,
            "forward": others.index(forward) if forward in others else forward and self._function(forward),
            "timing": timing and {"ladder": [case.name for case in timing.ladder], "bars": list(timing.bars)},
            **{kind: [[case.name, case.public, case.steps, case.check] for case in getattr(function, kind)]
               for kind in ("cases", "stable_cases")},
        }  # fmt: skip

    def calls(self) -> dict[str, dict[str, Form]]:
        """Return function → case → inputs, expected outputs, intermediate results and terms of each step."""
        return {f.name: {case.name: [self._call(f, case, call) for call in self._variant.calls(f, case)]
                         for case in (*f.cases, *f.stable_cases)} for f in self._exercise.functions}  # fmt: skip

    def _call(self, function: Function, case: Case, call: Call) -> list[Form]:
        """Return a call's form; the last part has, for each `Terms` invariant, the terms whose sum is the output."""
        form: list[Form] = [self._put(call.inputs), self._put(call.expected), None, []]
        if case not in function.cases:
            return form
        if function.steps and case.steps == 1:
            form[2] = self._put(expected_steps(self._variant, function, case, call.inputs))
        args, kwargs = arguments(function, with_defaults(function, call.inputs))
        form[3] = [self._put(dict(law.make(*map(materialise, args), **kwargs)))
                   for law in function.invariants if isinstance(law, Terms)]  # fmt: skip
        return form

    def forwards(self) -> dict[str, dict[str, Form]]:
        """Return backward → case → outputs of its forward, for the cases that its forward does not have."""
        return {f.name: {case.name: self._put(reference(forward, self._variant.calls(f, case)[0].inputs))
                         for case in f.cases if case.steps == 1 and case not in forward.cases}
                for f in self._exercise.functions if (forward := forward_of(self._exercise, f))}  # fmt: skip

    def _outcomes(self, mistake: Mistake) -> list[Form]:
        """Return the outcomes of the calls that checks make to a known mistake, each with the call's number."""
        recorder = Recorder(InProcess({mistake.function: mistake.code}))
        trial = Trial(self._variant, recorder)
        function = self._exercise.function(mistake.function)
        if self._exercise.training is None:
            self._results += [trial.call_case(function, case) for case in (*function.cases, *function.stable_cases)]
        elif function is (facts := TrainingRun(trial, self._exercise.training)).train:
            _ = facts.runs
        else:
            facts.read_by(recorder, facts.reference.value)
        return [[self._number(call), _outcome(outcome, self._put)] for call, outcome in recorder.calls]

    def _number(self, call: Request) -> int:
        """Return the call's index among the distinct calls."""
        key = key_of(call)
        if key not in self._call_numbers:
            self._call_numbers[key] = len(self._mistake_calls)
            self._mistake_calls.append([call.function, list(map(self._put, call.args or ())), self._put(call.kwargs)])
        return self._call_numbers[key]

    def _judge(self, function: Function, case: Case, output: str) -> Form:
        """Return the rule and the data of one of the engine's judges; of a course's own judge its verdicts on the
        outputs of the reference and of each known mistake."""
        judge, calls = case.accept[output], self._variant.calls(function, case)
        call = calls[0]
        if form := judge_form(judge, call.inputs, self._put):
            return form
        answers = [tuple(each.expected for each in calls)] if case.steps == 1 else []
        answers += [seen.outputs for seen in self._results
                    if seen.function is function and seen.case is case and seen.outputs and case.steps == 1]
        verdicts: list[Form] = []
        for outputs, *more in answers:
            if isinstance(judge, Free):
                again = {"again": more[0]} if judge.again and more else {}
                form = [self._put(outputs), judge.judge(call.inputs | outputs | again, outputs[output])]
            else:
                tolerance = self._exercise.tolerance
                difference = compare("", outputs[output], call.expected[output], tolerance.rtol, tolerance.atol)
                if difference is None or difference.kind != "values":
                    continue
                form = [self._put({output: outputs[output]}), judge(call.inputs, outputs[output])]
            verdicts += [form] if form not in verdicts else []
        return {"free": isinstance(judge, Free), "verdicts": verdicts}

    def _time(self, function: Function, case: Case) -> Form:
        """Return recipes of the inputs, samples of the reference's outputs, and its time; None without a recipe."""
        stream = partial(timed_stream, self._variant.seed, function, case)
        found = {name: recipe_of(draw, stream()) for name, draw in case.draws.items()}
        recipes = {name: recipe for name, recipe in found.items() if recipe is not None}
        if recipes.keys() != found.keys():
            return None
        drawn = replace(case, draws={name: draw_of(recipe) for name, recipe in recipes.items()})
        inputs = draw_inputs(function, drawn, stream())
        rounds = [(once(), *timed_reference(function, inputs))[1:] for _ in range(ROUNDS)]
        return {
            "draws": {name: self._put(recipe) for name, recipe in recipes.items()},
            "out": list(np.shape(inputs["dout"])) if function.takes_cotangent else None, "digest": digest(inputs),
            "expected": self._put(sample(rounds[0][0])), "seconds": min(seconds for _, seconds in rounds),
        }  # fmt: skip

    def _training(self, training: Training) -> Form:
        facts = TrainingRun(Trial(self._variant, InProcess({})), training)
        rows, shrink = facts.rows, training.shrink
        return {
            "bars": list(map(list, training.bars)), "times": list(training.times), "numbers": training.numbers,
            "shrink": [shrink.flag, shrink.by, shrink.fits] if shrink else None,
            "rows": [self._put(part) for part in (rows.x, rows.labels, rows.fresh, rows.truth)],
            "rng": self._put(facts.rng), "reference": self._put(facts.reference.value),
            "labels": self._put(facts.truth.labels), "cpu": facts.reference.cpu,
        }  # fmt: skip


def _outcome(outcome: Outcome, put: Callable[[Any], Form]) -> Form:
    """Return the form in a record of the outcome of a call to trusted code."""
    if isinstance(outcome, Returned):
        return {"value": put(outcome.value)} | ({"changed": list(outcome.changed)} if outcome.changed else {})
    assert isinstance(outcome, Raised), f"{outcome} is no outcome of code that we trust"
    return {"raised": outcome.kind, "message": outcome.message}
