"""Grade the field set and print how many verdicts and sentences are right: `python -m tests.field.run [NAME ...]`.

Each program in programs.toml is re-created from public code and has its true cause written beside it. The verdict is
judged by `right`; a sentence of the feedback is judged by `mistakes` and `tells`.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.catalog import Course
from autograder.diagnosis.answers import EXCEPTIONS
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.report.report import ExerciseReport, Finding
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.source import Source, Submission

HERE = Path(__file__).parent
PARTS = ("first", "last")
COLUMNS = ("accepted", "rejected", "named", "true", "exception", "silent", "false")
UNTIMED = Options(skip=frozenset({"speed"}))
_NUMBERS = re.compile(r"\braises? \w+|\bis -?[\d.]|wrong (values|shape)")
"""Messages with an exception or with numbers, which match a pattern only by chance."""


@dataclass(frozen=True)
class Program:
    """A program of the field set."""

    name: str
    """Its folder below programs/."""
    exercise: str
    """The exercise that it answers."""
    right: bool
    """Whether it does what the exercise asks."""
    part: str
    """first, or last: the part that no sentence was written for."""
    source: str
    """The public code or thread that does this."""
    cause: str
    """The true cause, or why the program is right."""
    mistakes: tuple[str, ...]
    """Known mistakes of the exercise that are this bug."""
    tells: tuple[str, ...]
    """Regular expressions; a true sentence about the cause matches one of them."""
    outputs: tuple[str, ...]
    """The outputs that are wrong, as function.output."""
    text: str
    """The student's file."""


@dataclass(frozen=True)
class Outcome:
    """The grader's answer to a program."""

    program: Program
    """The program."""
    accepted: bool
    """Whether no finding failed."""
    told: str
    """named, true, exception or silent: the best that the feedback says of a rejected program; "" when accepted."""
    false: tuple[str, ...]
    """Diagnoses of another cause."""
    words: tuple[str, ...]
    """What failed, and the diagnosis if there is one."""


def read_programs(folder: Path = HERE) -> list[Program]:
    """Return the programs of a folder, in the order of its index."""
    index = tomllib.loads((folder / "programs.toml").read_text(encoding="utf-8"))["program"]
    return [
        Program(
            text=(folder / "programs" / entry["name"] / f"{entry['exercise']}.py").read_text(encoding="utf-8"),
            **{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()},
        )
        for entry in index
    ]


def grade_programs(programs: Iterable[Program], course: Course) -> list[Outcome]:
    """Grade each program without timing, in the tier local."""
    with Sandbox() as sandbox:
        grader = Grader(sandbox, UNTIMED)
        return [judge(program, _grade(program, course, grader)) for program in programs]


def judge(program: Program, report: ExerciseReport) -> Outcome:
    """Compare what a report says of a program with its true cause."""
    failed = [finding for finding in report.findings if finding.status in ("failed", "error") or _is_missing(finding)]
    accepted = report.status == "passed"
    words = tuple(f"{f.function} {f.output or f.check}: {f.message} {f.hint}".strip() for f in failed)
    false = () if accepted else tuple(dict.fromkeys(f.hint for f in failed if _is_false(program, f)))
    return Outcome(program, accepted, "" if accepted else _told(program, failed), false, words)


def tally(outcomes: Iterable[Outcome]) -> dict[tuple[str, bool], Counter[str]]:
    """Count the outcomes by part and by whether the program is right."""
    counts = {(part, right): Counter[str]() for part in PARTS for right in (False, True)}
    for outcome in outcomes:
        row = counts[outcome.program.part, outcome.program.right]
        row["programs"] += 1
        row["accepted" if outcome.accepted else "rejected"] += 1
        row[outcome.told] += bool(outcome.told)
        row["false"] += bool(outcome.false)
    return counts


def print_tally(outcomes: Sequence[Outcome]) -> None:
    """Print the table, then every verdict that is wrong, every false sentence and every silence."""
    print(f"{'part':<8}{'code':<8}{'programs':>9}" + "".join(f"{name:>10}" for name in COLUMNS))
    for (part, right), row in tally(outcomes).items():
        code = "right" if right else "wrong"
        print(f"{part:<8}{code:<8}{row['programs']:>9}" + "".join(f"{row[name]:>10}" for name in COLUMNS))
    for outcome in outcomes:
        program = outcome.program
        where = f"{program.name} ({program.exercise}, {program.part})"
        if outcome.accepted != program.right:
            print(f"\n{'accepted' if outcome.accepted else 'rejected'}: {where}\n  cause: {program.cause}")
            print("".join(f"  said: {words}\n" for words in outcome.words), end="")
        for sentence in outcome.false:
            print(f"\nfalse: {where}\n  cause: {program.cause}\n  said: {sentence}")
        if outcome.told in ("silent", "exception") and not program.right:
            print(f"\n{outcome.told}: {where}\n  cause: {program.cause}")
            print("".join(f"  said: {words}\n" for words in outcome.words), end="")


def main(arguments: Sequence[str] | None = None) -> int:
    """Grade the programs, or those with the given names, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.field.run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="programs to grade; all without one")
    parser.add_argument("--part", choices=PARTS, help="grade only this part")
    chosen = parser.parse_args(arguments)
    programs = [p for p in read_programs() if chosen.part in (None, p.part)]
    if unknown := set(chosen.names) - {p.name for p in programs}:
        parser.error(f"no such program: {', '.join(sorted(unknown))}")
    outcomes = grade_programs(
        [p for p in programs if not chosen.names or p.name in chosen.names], Course(HERE.parents[1])
    )
    print_tally(outcomes)
    return 0


def _grade(program: Program, course: Course, grader: Grader) -> ExerciseReport:
    source = Source(program.text, "0" * 64, f"{program.exercise}.py")
    submission = Submission(program.name, {program.exercise: source})
    return grader.grade(submission, [course.exercise(program.exercise)]).exercises[0]


def _is_missing(finding: Finding) -> bool:
    """Return whether the finding says that a function is not there."""
    return finding.check == "contract" and finding.status == "skipped"


def _told(program: Program, failed: Sequence[Finding]) -> str:
    """Return the best that the findings say of the cause; the text of an exception is no sentence of the grader."""
    if any(finding.mistake in program.mistakes for finding in failed):
        return "named"
    if any(_tells(program, finding.hint) or _tells(program, _sentence(finding.message)) for finding in failed):
        return "true"
    raised = [f for f in failed if f.status == "error"]
    return "exception" if any(f.hint or _tells(program, f.message) for f in raised) else "silent"


def _sentence(message: str) -> str:
    """Return what a message says of the kind of failure: of types, shapes and names; "" where it shows numbers."""
    sentence = message.partition(" Case “")[0]
    return "" if _NUMBERS.search(sentence) else sentence


def _is_false(program: Program, finding: Finding) -> bool:
    """Return whether the finding's diagnosis is of another cause; the check of consistency names no cause, and neither
    does the sentence that explains an exception."""
    if not finding.hint or finding.diagnosis == "consistency" or finding.mistake in program.mistakes:
        return False
    explains_exception = any(entry.words in finding.hint for entry in EXCEPTIONS)
    return not explains_exception and not _tells(program, finding.hint)


def _tells(program: Program, sentence: str) -> bool:
    return any(re.search(pattern, sentence, re.IGNORECASE) for pattern in program.tells)


if __name__ == "__main__":
    raise SystemExit(main())
