"""Tests of the hint audit: it diagnoses wrong code of known origin and detects false sentences."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import pytest

from autograder.diagnosis.diagnosis import needs_hint
from autograder.diagnosis.hypothesis import Hypothesis
from tests.engine.coursework import TINY
from tests.hint_audit import __main__ as command
from tests.hint_audit import hint_audit
from tests.hint_audit.hint_audit import (
    KINDS,
    HintTally,
    HintVerdict,
    audit_hints,
    count,
    summary,
)
from tests.hint_audit.wrong_code import _then, wrong_code
from tests.proof import parser_of, run


@pytest.fixture(autouse=True)
def clean_path(monkeypatch):
    """Make the tiny reference importable."""
    monkeypatch.setattr(sys, "path", [*sys.path, str(TINY)])


@pytest.fixture(scope="module")
def scale(tiny):
    """Return all verdicts on one exercise."""
    return audit_hints(tiny, "scale")


def test_every_kind_of_wrong_code_is_made(tiny):
    """Three mistakes in the forward and five in the backward give wrong code of every kind."""
    found = list(wrong_code(tiny, tiny.exercise("scale"), share=3))
    numbers = {kind: sum(code.kind == kind for code in found) for kind in KINDS}
    assert numbers == {
        "known": 8, "left out": 8, "two functions": 5, "two outputs": 4, "wrapped": 8, "mutated": 3, "mutant": 3
    }  # fmt: skip
    assert len({(code.kind, code.name) for code in found}) == len(found)


def test_what_is_told_of_the_tiny_course_is_true(tiny):
    """Every known mistake is named, and no sentence is false."""
    found = [verdict for name in tiny.names for verdict in audit_hints(tiny, name, share=2)]
    assert {verdict.outcome for verdict in found if verdict.kind in ("known", "two functions")} == {"named"}
    assert [verdict for verdict in found if verdict.outcome == "false"] == []
    assert sum(verdict.outcome == "true" for verdict in found) > len(found) / 4


def test_a_mistake_that_is_left_out_is_not_named(scale):
    """A mistake that is left out is diagnosed by a pattern, or not at all."""
    found = {v.code: (v.outcome, v.words) for v in scale if v.kind == "left out" and v.output == "dw"}
    assert found["dw_per_row"] == ("true", "dw still has to be summed along its first axis.")
    assert found["dw_averaged"] == ("true", "dw is 1/len(x) times what it should be.")


def lie(words, holds):
    """Return a diagnosis that gives one hypothesis for every finding."""
    hypothesis = Hypothesis("pattern", "lie", words, holds)
    return lambda trial, findings, known_mistakes: {
        i: hypothesis for i, f in enumerate(findings) if f.output and needs_hint(f)
    }


def test_a_false_sentence_is_found_out(tiny, monkeypatch):
    """A sentence that holds only on the diagnosed variant is false."""
    monkeypatch.setattr(hint_audit, "explain_findings", lie("Luck.", lambda evidence: evidence.trial.variant.seed == 0))
    assert {verdict.outcome for verdict in audit_hints(tiny, "softplus", share=1) if verdict.name} == {"false"}
    monkeypatch.setattr(hint_audit, "explain_findings", lie("Sure.", lambda evidence: True))
    assert {verdict.outcome for verdict in audit_hints(tiny, "softplus", share=1) if verdict.name} == {"true"}


def test_a_wrong_name_is_found_out(tiny, monkeypatch):
    """The name of another mistake is false where an unseen variant refutes it."""
    exercise = tiny.exercise("scale")
    other = next(mistake for mistake in exercise.mistakes if mistake.name == "adds")

    def always(trial, findings, known_mistakes):
        return {i: other for i, f in enumerate(findings) if f.status == "failed" and f.function == other.function}

    monkeypatch.setattr(hint_audit, "explain_findings", always)
    found = {(v.kind, v.code): v.outcome for v in audit_hints(tiny, "scale", share=0) if v.function == other.function}
    assert found["known", "adds"] == "named" and found["known", "scales_rows"] in ("false", "differs")
    assert found["wrapped", "adds, negated"] == "false"


def test_an_exercise_that_trains_has_no_verdicts(tiny):
    """An exercise with a training is skipped, because it has many right results."""
    course = replace(tiny)
    exercise = replace(tiny.exercise("scale"), training=object())
    object.__setattr__(course, "exercise", lambda name: exercise)
    assert audit_hints(course, "scale") == []


VERDICTS = [
    HintVerdict("a", "known", "m", "f", "out", "named", "m", "Hint."),
    HintVerdict("a", "left out", "m", "f", "out", "true", "sign", "out has the opposite sign everywhere."),
    HintVerdict("a", "left out", "n", "f", "out", "differs"),
    HintVerdict("b", "mutant", "f: + → -", "f", "dx", "false", "sign", "dx has the opposite sign everywhere."),
]


def test_verdicts_are_counted():
    """Verdicts are counted by kind, exercise and name; precision is the fraction of true diagnoses."""
    tallies = count(VERDICTS, lambda verdict: verdict.exercise)
    assert (len(tallies["a"].codes), tallies["a"].outputs, tallies["a"].precision) == (2, 3, 1.0)
    assert tallies["b"].precision == 0.0 and HintTally().precision == 1.0
    found = summary(VERDICTS)
    assert found["told"]["sign"]["true"] == found["told"]["sign"]["false"] == 1
    assert [wrong["suspect"] for wrong in found["false"]] == ["f: + → -"]


def test_the_matrix_is_printed(capsys):
    """The output has three tables, every false sentence with its place, and the closing line."""
    from rich.console import Console

    command.print_hint_audit(VERDICTS, Console(width=100, no_color=True))
    out = capsys.readouterr().out
    assert "✘ b f dx, mutant (f: + → -): dx has the opposite sign everywhere." in out
    assert out.splitlines()[-1] == (
        "4 wrong outputs: 1 named, 1 with a true sentence, 1 without a word, 1 with a false one"
    )
    assert all(word in out for word in ("suspect", "exercise", "told", "precision", "left out", "0.0%"))


@pytest.mark.slow
@pytest.mark.parametrize("machine", [True, False])
def test_the_command(capsys, machine):
    """The command exits with 0 where nothing is false, as text and as JSON."""
    words = ["softplus", "-j", "1", "--course", str(TINY), *(["--json"] if machine else [])]
    assert run(parser_of("tests.hint_audit", command.__doc__, 1), command.prove, words) == 0
    out = capsys.readouterr().out
    if machine:
        assert json.loads(out)["kinds"]["known"]["false"] == 0
    else:
        assert out.rstrip().endswith("0 with a false one")


def test_numbers_stay_numbers():
    """A wrapped mistake returns floats where it did, and leaves other values unchanged."""
    doubled = _then(lambda x: (x, "text", 3), lambda made: 2 * made)
    mine, text, count_ = doubled(np.ones(2))
    assert (mine.tolist(), text, count_) == ([2.0, 2.0], "text", 3)
