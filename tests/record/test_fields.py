"""All fields of an exercise, of its functions and cases are in its record."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from autograder.checks.gradient import directionals
from autograder.checks.variant import Variant
from autograder.frontends.gradcheck import check_exercise
from autograder.sandbox.inprocess import load
from autograder.spec.exercise import Exercise, Training
from autograder.spec.function import Case, Function, Speed, Terms
from tests.record.conftest import COURSE


def plain(thing, *others):
    """Return the fields of a dataclass except these, in comparable form."""
    return {field.name: getattr(thing, field.name) for field in fields(thing) if field.name not in others}


def cases(function):
    """Return the fields of cases without draws and judges, which are recorded as calls and rules."""
    return [(plain(case, "draws", "accept"), set(case.accept) & set(function.outputs))
            for case in (*function.cases, *function.stable_cases)]  # fmt: skip


def _law(law):
    return law.output if isinstance(law, Terms) else law


@pytest.mark.parametrize(
    "name", ["conv2d", "batchnorm", "mlp_backprop", "minibatches", "train_mlp", "regularized", "repair_fit_line"]
)
def test_nothing_a_spec_says_is_lost(recorded, name):
    """Points, names, limits, requirements, formulas, axes, hints and bars are recorded."""
    live = COURSE.exercise(name)
    kept = recorded(live)
    made = ("functions", "mistakes", "alternatives", "small", "training", "oracle", "formulas")
    assert plain(live, *made) == plain(kept, *made)
    assert {name: dict(holes) for name, holes in live.formulas.items()} == kept.formulas
    assert [plain(m, "code") for m in live.mistakes] == [plain(m, "code") for m in kept.mistakes]
    assert {name for name, found in live.small.items() if found} == kept.small.keys()
    for here, there in zip(live.functions, kept.functions, strict=True):
        code = ("oracle", "cases", "stable_cases", "timing", "forward", "steps", "invariants")
        assert plain(here, *code) == plain(there, *code)
        assert (here.name, here.positional, here.keywords) == (there.name, there.positional, there.keywords)
        assert cases(here) == cases(there)
        assert [_law(law) for law in here.invariants] == [_law(law) for law in there.invariants]
        assert bool(here.steps) == bool(there.steps) and bool(here.forward) == bool(there.forward)
        if here.timing:
            assert [case.name for case in here.timing.ladder] == [case.name for case in there.timing.ladder]
            assert here.timing.bars == there.timing.bars
    if live.training:
        assert plain(live.training, "rows") == plain(kept.training, "rows")


def test_the_fields_are_those_that_are_known_here():
    """A new field of a spec must be recorded and then added to this list."""
    assert {kind.__name__: [field.name for field in fields(kind)] for kind in (Case, Speed, Training)} == {
        "Case": ["name", "draws", "public", "accept", "steps", "check"],
        "Speed": ["ladder", "bars", "above"],  # above: the audit of a live course alone asks for it
        "Training": ["rows", "bars", "times", "numbers", "shrink"],
    }
    assert len(fields(Exercise)) == 13 and len(fields(Function)) == 12


@pytest.mark.parametrize("name", ["dense", "mlp_backprop"])
def test_derivatives_of_the_reference_are_recorded(recorded, name):
    """A record has the derivatives that the spec's reference gives; with them `gradcheck` sees a wrong gradient."""
    live = COURSE.exercise(name)
    kept = recorded(live)
    variant, replayed = Variant(live, kept.oracle.seed), Variant(kept, 0)
    for function, other in zip(live.functions, kept.functions, strict=True):
        for case in function.cases if function.forward else ():
            here, there = directionals(variant, function, case), directionals(replayed, other, case)
            assert here.keys() == there.keys() <= function.outputs.keys()
            for output, found in here.items():
                assert np.array_equal(found.v, there[output].v) and found.slope == there[output].slope
    right = load(COURSE.solution(name), name).functions
    assert check_exercise(kept, right, entries=2).ok
    wrong = next(mistake for mistake in live.mistakes if live.function(mistake.function).forward)
    assert not check_exercise(kept, {**right, wrong.function: wrong.code}, entries=2).ok
