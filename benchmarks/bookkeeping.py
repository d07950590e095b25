"""Everything that a batch does besides grading, in its own process: `python -m benchmarks.bookkeeping SIZE FOLDER`.

Every student has a different program for each of two exercises, all with the verdict of one known mistake. Prints JSON:
seconds of CPU time of each step, and the process's peak memory in MiB.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from hashlib import sha256
from pathlib import Path
from time import process_time

from autograder.batch.journal import NAME, Journal
from autograder.batch.plan import begin, plan, tally, tasks
from autograder.batch.results import ClassTerms, write_changed
from autograder.batch.standings import facts, made_of, post, report_of, source_text
from autograder.batch.worker import Batch, BatchTerms, JobResult, ReadResult, terms
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.report.report import ExerciseReport
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.source import Entry, Source, Submission
from benchmarks.answers import COURSE
from benchmarks.usage import peak

NAMES = ("relu", "dense")
SOLUTIONS = {name: COURSE.solution(name) for name in NAMES}


def main(size: int, folder: Path) -> None:
    """Store, plan, add, post and write; then once more, when nothing is left."""
    under = terms(Batch(COURSE, NAMES, "local", Options(skip=frozenset({"speed"}))))
    verdicts = _verdicts(under)
    seconds: dict[str, float] = {}
    with Journal(folder) as journal:
        for step, work in {
            "enter": lambda: _enter(journal, under, size),
            "plan": lambda: plan(journal, under),
            "add": lambda: _add(journal, under, verdicts),
            "post": lambda: post(journal),
            "write": lambda: _write(journal, under, folder),
            "again": lambda: (tally(journal), post(journal), _write(journal, under, folder)),
        }.items():
            start = process_time()
            work()
            seconds[step] = process_time() - start
    print(json.dumps({"seconds": seconds, "peak": peak(), "bytes": (folder / NAME).stat().st_size}))


def _write(journal: Journal, under: BatchTerms, folder: Path) -> None:
    terms, known = ClassTerms(NAMES), facts(journal, ())
    made = made_of(journal, under, terms.policy, known)
    make, sources = partial(report_of, journal, under), partial(source_text, journal)
    for _ in write_changed(journal, folder, terms, made, make, sources, dict):
        pass


def _verdicts(under: BatchTerms) -> dict[str, JobResult]:
    """Grade one wrong answer to each exercise."""
    found: dict[str, ExerciseReport] = {}
    with Sandbox("local") as sandbox:
        for name in NAMES:
            text = COURSE.solution(name).replace("* (x > 0)", "").replace("+ b", "- b")
            submission = Submission("s", {name: Source(text, "0" * 64, f"{name}.py")})
            (found[name],) = Grader(sandbox, under.batch.options).grade(submission, [COURSE.exercise(name)]).exercises
    return {name: JobResult(report, 0.0) for name, report in found.items()}


def _enter(journal: Journal, under: BatchTerms, size: int) -> None:
    students = [f"s{number:06}" for number in range(size)]
    journal.set_entries(Entry(student, Path(student)) for student in students)
    begin(journal, under, "grade", students)
    for student in students:
        journal.store(student, _read(student), NAMES)


def _read(student: str) -> ReadResult:
    texts = {name: f"{SOLUTIONS[name]}\n{student} = True\n" for name in NAMES}
    digests = {name: sha256(text.encode()).hexdigest() for name, text in texts.items()}
    sources = {name: Source(texts[name], digests[name], f"{name}.py") for name in NAMES}
    return ReadResult(Submission(student, sources), {texts[name]: digests[name] for name in NAMES})


def _add(journal: Journal, under: BatchTerms, verdicts: dict[str, JobResult]) -> None:
    for job in tasks(journal, under):
        graded = verdicts[job.exercise]
        assert graded.report is not None
        journal.add(*job.rows, graded.report, graded.seconds, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
