"""Files of results: a record and feedback for each student, the class's grades and its page.

All of them are made from the journal, one student at a time, and can be made again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import time_ns
from types import MappingProxyType
from urllib.parse import quote

from autograder.batch.journal import Journal
from autograder.course.policy.policy import Policy
from autograder.render.attention import ClassFacts
from autograder.render.csv import grade_line, grade_row, head_row
from autograder.render.html import Classroom, class_page_html, report_html, summarize
from autograder.render.terminal import feedback_text
from autograder.report.engine import source_hash
from autograder.report.files import whole, write_whole
from autograder.report.json import to_json
from autograder.report.report import Report
from autograder.submission.file import SLACK, signature
from autograder.submission.source import slug

_FORMS = (("reports", ".json"), ("feedback", ".html"), ("feedback", ".txt"))
_CLASS = ("grades.csv", "grades.jsonl", "index.html")


@dataclass(frozen=True)
class ClassTerms:
    """The data, besides the pages of its students, that the files of a class are made from."""

    names: Sequence[str]
    """Exercises, in the order of their columns."""
    policy: Policy = field(default_factory=Policy)
    """Rules by which the reports were marked; they add columns and a title."""
    known: ClassFacts = field(default_factory=ClassFacts)
    """Facts about the class besides its reports."""
    others: Sequence[str] = ()
    """Students of the class without a report, whose older files stay."""

    @property
    def marked(self) -> bool:
        """Return whether the course has rules for marks."""
        return self.policy != Policy()


@dataclass(frozen=True)
class StudentPage:
    """The entries for one student in the files of the class."""

    student: str
    status: str
    """Status of the report."""
    row: str
    """Line of grades.csv."""
    line: str
    """Line of grades.jsonl."""
    summary: str
    """`render.html.summarize` of the report, as JSON."""


def write_student(folder: Path, report: Report, terms: ClassTerms) -> StudentPage:
    """Write a student's report and pages, unflushed, because the journal can restore them."""
    texts = (to_json(report, indent=None), report_html(report), feedback_text(report))
    for path, text in zip(map(Path, _paths(folder, report.submission)), texts, strict=True):
        write_whole(path, text, durable=False)
    row = grade_row(report, terms.names, terms.marked, terms.known)
    return StudentPage(report.submission, report.status, row, grade_line(report), json.dumps(summarize(report)))


def write_class(
    folder: Path, pages: Iterable[StudentPage], terms: ClassTerms,
    sources: Callable[[str, str], str] = lambda student, exercise: "",
    codes: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> int:  # fmt: skip
    """Write grades.csv, grades.jsonl and index.html, which replace the old ones after the last page; remove the files
    of students who have left; return the number of pages.

    For the class page, sources: function from student and exercise to the text that was handed in; codes: student →
    exercise → similarity code.
    """
    kept = set(map(slug, terms.others))
    classroom = Classroom(lambda student: f"feedback/{quote(slug(student))}.html", terms.known)
    with whole(folder / "grades.csv") as table, whole(folder / "grades.jsonl") as lines:
        table.write("\ufeff" + head_row(terms.names, terms.marked))  # by this mark Excel knows that it is UTF-8
        for page in pages:
            kept.add(slug(page.student))
            table.write(page.row)
            lines.write(page.line)
            classroom.add(json.loads(page.summary), codes.get(page.student, {}))
    write_whole(folder / "index.html", class_page_html(classroom, terms.policy.title, sources))
    for place, ending in _FORMS:
        for path in (folder / place).glob(f"*{ending}"):
            if path.name.removesuffix(ending) not in kept:
                path.unlink()
    return len(classroom.students)


def write_changed(
    journal: Journal, folder: Path, terms: ClassTerms, students: Iterable[tuple[str, str]],
    make: Callable[[str], Report], sources: Callable[[str, str], str],
    codes: Callable[[], Mapping[str, Mapping[str, str]]],
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Write the files of results that differ from those in `folder`; yield each student with the report's status.

    students: each with a digest of what the report is made of. A file that somebody has removed or changed since it was
    written is written again. sources, codes: as `write_class` takes them; codes are asked for with the class page.
    """
    kept, fresh, whole_class = _Kept(journal, folder), [], sha256()
    for student, made_of in students:
        whole_class.update(f"{student} {made_of} ".encode())
        status = kept.status(student, made_of)
        if status is None:
            page = write_student(folder, make(student), terms)
            kept.add(page, made_of)
            fresh.append((student, made_of))
            status = page.status
        yield student, status
    for student, made_of in fresh:
        kept.status(student, made_of)
    facts = (terms.names, terms.policy.title, terms.marked, terms.known, terms.others, source_hash())
    made_of = sha256(f"{whole_class.hexdigest()} {facts}".encode("utf-8", "surrogatepass")).hexdigest()
    if kept.status("", made_of) is None:
        kept.drop_others()
        words = "SELECT student, status, row, line, summary FROM page WHERE student <> '' ORDER BY student"
        pages = (StudentPage(*row) for row in journal.sql.execute(words))
        write_class(folder, pages, terms, sources, codes())
        kept.add(StudentPage("", "written", "", "", ""), made_of)
    journal.check_place()


class _Kept:
    """The students' pages kept in the journal, with a digest of their inputs and one of the files written from them."""

    def __init__(self, journal: Journal, folder: Path) -> None:
        self._sql, self._folder = journal.sql, folder
        self._pages = {row[0]: row[1:] for row in self._sql.execute(_PAGES)}
        self._left = set(self._pages) - {""}

    def status(self, student: str, made_of: str) -> str | None:
        """Return the status in a student's page if it was made of `made_of` and its files are unchanged; else None."""
        self._left.discard(student)
        before, content, files, status = self._pages.get(student, ("", "", "", ""))
        if before != made_of:
            return None
        paths = _paths(self._folder, student)
        now = signature(paths, time_ns() - SLACK)
        if not now or now != files:
            if _content(paths) != content:
                return None
            if now:  # old enough to tell the next change by its time
                self._sql.execute("UPDATE page SET files = ? WHERE student = ?", (now, student))
        return str(status)

    def add(self, page: StudentPage, made_of: str) -> None:
        """Store in the journal the page of a student whose files have been written."""
        content = _content(_paths(self._folder, page.student))
        values = (page.student, made_of, content, "", page.status, page.row, page.line, page.summary)
        self._sql.execute("DELETE FROM page WHERE student = ?", (page.student,))
        self._sql.execute("INSERT INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')", values)
        self._pages[page.student] = made_of, content, "", page.status

    def drop_others(self) -> None:
        """Remove from the journal the pages of students for whom `status` was not called."""
        self._sql.executemany("DELETE FROM page WHERE student = ?", ((student,) for student in self._left))


def _paths(folder: Path, student: str) -> list[str]:
    """Return the paths of a student's files of results; for "" those of the class."""
    if not student:
        return [f"{folder}/{name}" for name in _CLASS]
    name = slug(student)
    return [f"{folder}/{place}/{name}{ending}" for place, ending in _FORMS]


def _content(paths: Iterable[str]) -> str:
    """Return a digest of the bytes of files; "" if one cannot be read."""
    digest = sha256()
    try:
        for path in paths:
            digest.update(sha256(Path(path).read_bytes()).digest())
    except OSError:
        return ""
    return digest.hexdigest()


_PAGES = "SELECT student, made_of, content, files, status FROM page"
