"""Fixtures of the batch's tests: a class of the tiny course, and its grading."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.batch.journal import Journal
from autograder.batch.plan import BatchTally, begin, grade_all, plan, read_entries, tally
from autograder.batch.standings import GradeChange, changes, made_of, post, report_of
from autograder.batch.worker import Batch, BatchTerms, forget_batch, terms
from autograder.cli import batch_run
from autograder.course.catalog import Course
from autograder.course.policy.policy import Policy
from autograder.grading.pipeline import Options
from autograder.render.attention import ClassFacts
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox.tiers import best
from autograder.submission.listing import list_entries

TINY = Path(__file__).parents[1] / "tiny"
NAMES = ("scale", "mean_square")
RIGHT = """def scale_forward(x, w):
    return x * w

def scale_backward(dout, x, w):
    return dout * w, (dout * x).sum(0)
"""
WRONG = RIGHT.replace("return x * w", "return x + w")
UNTIMED = Options("k", frozenset({"speed"}))
NOTHING = BatchTally(0, 0, 0)
RAISES = RIGHT.replace("return x * w", "return x * v")


def reports(journal: Journal, under: BatchTerms) -> dict[str, Report]:
    """Return the reports on the standing grades, by student."""
    found = made_of(journal, under, Policy(), ClassFacts())
    return {student: report_of(journal, under, student) for student, _ in found}


@dataclass
class TinyClass:
    """Class of the tiny course on disk, graded repeatedly into one folder."""

    folder: Path
    course: Course
    options: Options = UNTIMED
    names: tuple[str, ...] = NAMES
    graded: list[ExerciseReport] = field(default_factory=list)
    tally: BatchTally = NOTHING
    changed: int = 0
    changes: list[GradeChange] = field(default_factory=list)
    edits: int = 0
    flaws: list[str] = field(default_factory=list)

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def hand_in(self, student: str, **texts: str) -> None:
        """Write a student's files, given as exercise=text."""
        for name, text in texts.items():
            path = self.folder / "class" / student / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def terms(self) -> BatchTerms:
        return terms(Batch(self.course, self.names, best(), self.options))

    def grade(
        self,
        only: Iterable[str] = (),
        stop_after: int | None = None,
        executor: Executor | None = None,
        posted: bool = True,
    ) -> dict[str, Report]:
        """Grade and return the standing grades by student; set `graded` to the new verdicts and `changes` to the grade
        changes.

        stop_after: number of verdicts after which the run stops. posted: let the verdicts stand. executor: by default
        one thread of this process, which starts at once.
        """
        entries = list_entries(self.folder / "class").entries
        chosen = [each for each in entries if not only or each.student in only]
        under, self.graded = self.terms(), []
        opened = Journal(self.results, self.options.key, self.flaws.append)
        with opened as journal, executor or ThreadPoolExecutor(1) as executor:
            journal.set_entries(entries)
            begin(journal, under, "grade", [each.student for each in chosen])
            assert len(list(read_entries(journal, under, chosen, executor, 2))) == len(chosen)
            self._grade(journal, under, executor, stop_after)
            self.tally, self.changes = tally(journal), list(changes(journal))
            self.changed = post(journal) if posted else 0
            return reports(journal, under)

    def standing(self) -> dict[str, Report]:
        """Return the standing grades, by student."""
        under = self.terms()
        with Journal(self.results, self.options.key) as journal:
            begin(journal, under, "look", ())
            return reports(journal, under)

    def write(self) -> None:
        """Write the files of results, as the command does."""
        under = self.terms()
        with Journal(self.results, self.options.key) as journal:
            begin(journal, under, "look", journal.students())
            batch_run.write(journal, under, self.results)

    def _grade(self, journal: Journal, under: BatchTerms, executor: Executor, stop_after: int | None) -> None:
        while plan(journal, under):
            for report in grade_all(journal, under, executor, 1):
                self.graded.append(report)
                if len(self.graded) == stop_after:
                    executor.shutdown(cancel_futures=True)
                    return

    def change(self, path: str, old: str, new: str) -> None:
        """Edit a file of the course, which is a copy."""
        file = self.course.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        self.edits += 1
        later = file.stat().st_mtime + 10 * self.edits  # Python looks at whole seconds before it compiles anew
        os.utime(file, (later, later))


@pytest.fixture
def tiny_class(tmp_path: Path) -> Iterator[TinyClass]:
    """Create an empty class and a copy of the tiny course, and remove the course's imported modules afterwards."""
    (tmp_path / "class").mkdir()
    before, oracle = list(sys.path), sys.modules.pop("tiny_oracle", None)
    yield TinyClass(tmp_path, Course(Path(shutil.copytree(TINY, tmp_path / "course"))))
    forget_batch()
    sys.path[:] = before
    sys.modules.pop("tiny_oracle", None)
    if oracle is not None:
        sys.modules["tiny_oracle"] = oracle


@pytest.fixture
def full(tiny_class: TinyClass) -> TinyClass:
    """Add four students: two right with the same program, one wrong, one with a single file."""
    square = tiny_class.course.solution("mean_square")
    tiny_class.hand_in("ada", scale=RIGHT, mean_square=square)
    tiny_class.hand_in("bob", scale=f"# mine\n\n{RIGHT}", mean_square=square)
    tiny_class.hand_in("cy", scale=WRONG)
    tiny_class.hand_in("dee", scale=RIGHT.replace("x * w", "w * x"))
    return tiny_class


