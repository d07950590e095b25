"""Tests of the field set: its index is complete, and its machinery judges verdicts and sentences."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course.catalog import Course
from tests.field.run import COLUMNS, HERE, PARTS, Program, grade_programs, main, print_tally, read_programs, tally

COURSE = Course(HERE.parents[1])
PROGRAMS = read_programs()
EXERCISES = {name: COURSE.exercise(name) for name in {program.exercise for program in PROGRAMS}}
SIZES = {("first", False): 75, ("first", True): 45, ("last", False): 45, ("last", True): 15}
FIELDS = "name exercise right part source cause mistakes tells outputs".split()


def test_the_set_has_its_size():
    """The set has 120 wrong and 60 right programs, a third of them in the last part, on at least 40 exercises."""
    assert Counter((program.part, program.right) for program in PROGRAMS) == SIZES
    assert len({program.exercise for program in PROGRAMS}) >= 40
    assert len({program.name for program in PROGRAMS}) == len(PROGRAMS)


def test_the_index_lists_every_folder():
    """Each folder of programs/ holds one file and is in the index."""
    found = sorted(path.relative_to(HERE / "programs") for path in (HERE / "programs").glob("*/*"))
    assert found == sorted(Path(program.name, f"{program.exercise}.py") for program in PROGRAMS)


def test_every_program_is_described():
    """Each program parses, its exercise and its known mistakes exist, and each field holds what it should."""
    assert [f"{program.name}: {fault}" for program in PROGRAMS for fault in faults(program)] == []


def faults(program: Program) -> Iterator[str]:
    """Yield what is wrong in the entry of a program."""
    exercise = EXERCISES[program.exercise]
    described = (program.tells, program.outputs)
    checks = {
        "part": program.part in PARTS,
        "source": bool(program.source),
        "cause": program.cause.endswith("."),
        "mistakes": set(program.mistakes) <= {mistake.name for mistake in exercise.mistakes},
        "outputs": {output.partition(".")[0] for output in program.outputs} <= {f.name for f in exercise.functions},
        "right": not (any(described) or program.mistakes) if program.right else all(described),
        "text": bool(ast.parse(program.text)),
        "tells": all(re.compile(pattern) for pattern in program.tells),
    }
    yield from (name for name, holds in checks.items() if not holds)


def test_the_index_has_every_field():
    """Each entry of the index has all fields and no other."""
    index = tomllib.loads((HERE / "programs.toml").read_text(encoding="utf-8"))["program"]
    assert [entry["name"] for entry in index if sorted(entry) != sorted(FIELDS)] == []


FORWARD = "def scale_forward(x, w):\n    return {}\n\n\n"
BACKWARD = "def scale_backward(dout, x, w):\n    return dout * w, (dout * x).sum(axis=0)\n"
ADDED = "w is added instead of multiplied."


def program(name: str, expression: str, *, right: bool = False, **other: object) -> Program:
    """Return a program of the tiny course's exercise scale whose forward returns the expression."""
    fields = {"mistakes": (), "tells": (), "outputs": ("scale_forward.out",), **other}
    text = FORWARD.format(expression) + BACKWARD
    return Program(name, "scale", right, "first", "own", ADDED, text=text, **fields)  # type: ignore[arg-type]


def test_programs_are_judged(tiny, monkeypatch, capsys):
    """Verdicts and sentences are compared with the index: accepted, named, true, exception, silent and false."""
    monkeypatch.syspath_prepend(str(HERE.parent / "tiny"))
    outcomes = grade_programs(
        [
            program("right", "x * w", right=True),
            program("accepted", "w * x"),
            program("named", "x + w", mistakes=("adds",)),
            program("false", "x + w", tells=("transposed",)),
            program("true", "x + w", tells=("w is added",)),
            program("exception", "x * y", tells=("not defined",)),
            program("silent", "x * y", tells=("another word",)),
        ],
        tiny,
    )
    told = {outcome.program.name: (outcome.accepted, outcome.told, len(outcome.false)) for outcome in outcomes}
    assert {name: told[name] for name in ("right", "accepted", "named", "true")} == {
        "right": (True, "", 0), "accepted": (True, "", 0), "named": (False, "named", 0), "true": (False, "true", 0)
    }  # fmt: skip
    assert told["false"][0] is False and told["false"][2] == 1
    assert (told["exception"][1], told["silent"][1]) == ("exception", "silent")
    row = tally(outcomes)["first", False]
    assert (row["programs"], row["accepted"], row["rejected"], row["named"]) == (6, 1, 5, 1)
    print_tally(outcomes)
    out = capsys.readouterr().out
    assert all(word in out for word in COLUMNS)
    assert "accepted: accepted (scale, first)" in out and "false: false (scale, first)" in out


def test_an_unknown_name_is_refused(capsys):
    """A name that no program has gives exit code 2."""
    with pytest.raises(SystemExit) as stop:
        main(["no_such_program"])
    assert stop.value.code == 2 and "no_such_program" in capsys.readouterr().err
