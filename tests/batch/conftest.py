"""A class of the tiny course, and a batch of it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.batch.changes import GradeChange, changes
from autograder.batch.journal import Journal
from autograder.batch.plan import BatchTally, BatchTerms, begin, plan, tally, terms
from autograder.batch.run import grade_all, read_entries
from autograder.batch.standings import post, reports
from autograder.batch.worker import Batch, forget_batch
from autograder.course.catalog import Course
from autograder.grading.pipeline import Options
from autograder.report.report import ExerciseReport, Report
from autograder.sandbox import best
from autograder.submission.folder import find_submissions

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


@dataclass
class Room:
    """A class of the tiny course on disk, graded again and again into one folder."""

    folder: Path
    course: Course
    options: Options = UNTIMED
    names: tuple[str, ...] = NAMES
    graded: list[ExerciseReport] = field(default_factory=list)
    tally: BatchTally = NOTHING
    changed: int = 0
    changes: list[GradeChange] = field(default_factory=list)
    edits: int = 0

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def hand_in(self, student: str, **texts: str) -> None:
        """exercise=text."""
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
        """What stands afterwards, by student; `graded` is what was graded now, `moves` who moved by it.

        stop_after: so many answers, no more. posted: let it stand.
        executor: a thread of this process, which starts at once, if there is no other.
        """
        entries = find_submissions(self.folder / "class")
        chosen = [each for each in entries if not only or each.student in only]
        under, self.graded = self.terms(), []
        with Journal(self.results) as journal, executor or ThreadPoolExecutor(1) as graders:
            journal.set_entries(entries)
            begin(journal, under, "grade", [each.student for each in chosen])
            assert len(list(read_entries(journal, under, chosen, graders, 2))) == len(chosen)
            self._grade(journal, under, graders, stop_after)
            self.tally, self.changes = tally(journal), list(changes(journal))
            self.changed = post(journal) if posted else 0
            return {report.submission: report for report in reports(journal, under)}

    def standing(self) -> dict[str, Report]:
        """What stands, by student."""
        under = self.terms()
        with Journal(self.results) as journal:
            begin(journal, under, "look", ())
            return {report.submission: report for report in reports(journal, under)}

    def _grade(self, journal: Journal, under: BatchTerms, graders: Executor, stop_after: int | None) -> None:
        while plan(journal, under):
            for report in grade_all(journal, under, graders, 1):
                self.graded.append(report)
                if len(self.graded) == stop_after:
                    graders.shutdown(cancel_futures=True)
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
def room(tmp_path: Path) -> Iterator[Room]:
    """An empty class and a copy of the tiny course, of which nothing stays imported."""
    (tmp_path / "class").mkdir()
    before, oracle = list(sys.path), sys.modules.pop("tiny_oracle", None)
    yield Room(tmp_path, Course(Path(shutil.copytree(TINY, tmp_path / "course"))))
    forget_batch()
    sys.path[:] = before
    sys.modules.pop("tiny_oracle", None)
    if oracle is not None:
        sys.modules["tiny_oracle"] = oracle


@pytest.fixture
def full(room: Room) -> Room:
    """Four students: two right with the same program, one wrong, one with a single file."""
    square = room.course.solution("mean_square")
    room.hand_in("ada", scale=RIGHT, mean_square=square)
    room.hand_in("bob", scale=f"# mine\n\n{RIGHT}", mean_square=square)
    room.hand_in("cy", scale=WRONG)
    room.hand_in("dee", scale=RIGHT.replace("x * w", "w * x"))
    return room


