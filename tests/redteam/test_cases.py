"""Every case of the table, in a grader that is sealed and in one that is guarded because namespaces are forbidden.

After each: the verdict and the points are the table's, the grader is as it was, the next submission is graded, and the
record is inert wherever it is shown.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import psutil
import pytest

from autograder.render.html.feedback import report_html
from autograder.render.services import to_junit, to_markdown
from autograder.render.terminal import feedback_text
from autograder.report.json import from_dict, to_json
from autograder.report.report import Report
from autograder.sandbox.tiers import probe
from tests.redteam import handin
from tests.redteam.campaign import run
from tests.redteam.grader import Grader
from tests.redteam.table import BACKWARD, CASES, FORWARD, PAGE, SQUARE, VERDICTS, Case, documented
from tests.redteam.traces import left_behind, traces
from tests.texts import class_text, grades_csv

TIERS = ("sealed", "guarded")
Start = Callable[[str], Grader]


def _missing(name: str) -> str:
    """Return why tests in this tier are skipped, "" if they run. With CI set they run, and fail without the tier."""
    found = next(report for report in probe() if report.name == name)
    return "" if found.available or os.environ.get("CI") else f"no {found.name} tier here: {found.why}"


@pytest.fixture(scope="module", params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    if why := _missing(request.param):
        pytest.skip(why)
    return str(request.param)


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Return a function from the name of a tier to its grader, which the first call starts."""
    with ExitStack() as stack:

        @cache
        def started(tier: str) -> Grader:
            grader = stack.enter_context(Grader(hardened=tier == "guarded"))
            right, large = (handin.hand_in(name, tmp_path_factory.mktemp(name)) for name in ("honest", "huge_number"))
            assert grader.grade(right, skip=())["tier"] == tier  # its own choice; starts the worker that times the wire
            grader.grade(large)  # starts what reads large texts
            return grader

        yield started


@pytest.fixture(scope="module")
def grader(tier: str, start: Start) -> Grader:
    return start(tier)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return handin.hand_in("honest", tmp_path_factory.mktemp("next"))


@pytest.mark.parametrize("case", [case for case in CASES if not case.waits], ids=lambda case: case.name)
def test_a_case_ends_as_the_table_says(case: Case, tier: str, grader: Grader, right: Path, tmp_path: Path) -> None:
    """The hostile half is called what it is and earns what it is worth, the honest half keeps all of its points.

    The honest exercise of the same submission is graded after the hostile one, and the next submission after both.
    """
    _assert_ends(case, tier, grader, right, tmp_path)


@pytest.mark.parametrize("case", [case for case in CASES if case.waits], ids=lambda case: case.name)
def test_a_case_that_waits_ends_as_the_table_says(case: Case, start: Start, right: Path, tmp_path: Path) -> None:
    """A case that waits for limits gets the verdicts of the table in both tiers, which run at the same time."""
    tiers = [name for name in TIERS if not _missing(name)]
    with ThreadPoolExecutor(len(tiers)) as pool:
        for name in tiers:
            start(name)
            (tmp_path / name).mkdir()
        for ended in [pool.submit(_assert_ends, case, name, start(name), right, tmp_path / name) for name in tiers]:
            ended.result()


def _assert_ends(case: Case, tier: str, grader: Grader, right: Path, tmp_path: Path) -> None:
    """Assert that a case gets the verdicts of the table, harms neither honest answer, and leaves nothing behind."""
    folder = handin.hand_in(case.name, tmp_path)
    before, files = traces(grader.process), sorted(tmp_path.rglob("*"))
    report = from_dict(grader.grade(folder, () if case.timed else ("speed",), hasty=case.waits))
    words = _words(report)
    assert any(_holds(word, report) for word in case.verdicts(tier)), words
    assert case.says in words
    assert report.score == case.honest, words
    assert "LEAKMARK" not in to_json(report)
    assert not left_behind(before, traces(grader.process))
    assert sorted(tmp_path.rglob("*")) == files
    assert grader.grade(right)["score"] == FORWARD + BACKWARD + SQUARE
    _assert_inert(report)


def _holds(verdict: str, report: Report) -> bool:
    """Whether the worst finding on the hostile half is this one."""
    status, pattern = VERDICTS[verdict]
    scale = report.exercises[0]
    return scale.status == status and bool(re.search(pattern, _words(report)))


def _words(report: Report) -> str:
    """What the student reads of scale_forward, or of the file."""
    return " ".join(found.message for found in report.exercises[0].findings if found.function in ("scale_forward", ""))


def _assert_inert(report: Report) -> None:
    """Nothing in any output acts on a terminal, a spreadsheet, a browser or a CI."""
    table, sheet = grades_csv([report]), report_html(report)
    lines = [feedback_text(report, verbose=True), class_text([report]), to_json(report), to_markdown(report)]
    for text in (*lines, to_junit(report), table, sheet):
        assert not [char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")]
        assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)
    assert not re.search(r'(^|,)"?[=+\-@]', table, re.MULTILINE)
    assert "default-src 'none'" in unescape(sheet)
    tags = _Tags()
    tags.feed(sheet + to_markdown(report))
    assert not tags.found & {"script", "img", "iframe", "object", "embed", "form"} and not tags.handlers


class _Tags(HTMLParser):
    """The tags of a page, and the attributes that would run something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One that opens."""
        self.found.add(tag)
        self.handlers += [name for name, value in attrs if name.startswith("on") or "javascript:" in (value or "")]


@pytest.mark.parametrize(
    "name", ["leak_inputs_in_exception", "answer_hash", "line_of_hidden_bits", "failing_case_of_hidden_bits"]
)
def test_hidden_inputs_stay_hidden(name: str, tier: str, grader: Grader, tmp_path: Path) -> None:
    """Under two keys the hidden inputs are others, and the student reads the same."""
    folder = handin.hand_in(name, tmp_path)
    first, second = (from_dict(grader.grade(folder, key=key)) for key in ("secret", "another"))
    assert [e.findings for e in first.exercises] == [e.findings for e in second.exercises]
    assert [e.variant for e in first.exercises] != [e.variant for e in second.exercises]


@pytest.mark.nightly
def test_a_grader_is_as_it_was_after_a_thousand_submissions(tier: str, tmp_path: Path) -> None:
    """It holds what it held, every score is as listed, and no submission cost more than is stated."""
    assert run(1_000, tier, tmp_path) == 0


def test_the_table_is_the_documentation() -> None:
    """docs/security.md holds the table of today; `python -m tests.redteam.table` writes it."""
    page = PAGE.read_text(encoding="utf-8")
    assert documented(page) == page


def test_every_case_is_in_the_table_once() -> None:
    """The numbers are those of the list, and every file and every maker is a case."""
    names = [case.name for case in CASES]
    files = {path.stem for path in handin.SUBMISSIONS.glob("*.py")}
    assert [case.number for case in CASES] == sorted({case.number for case in CASES})
    assert set(names) == files | set(handin.MAKERS) and len(names) == len(files) + len(handin.MAKERS)


def test_verdicts_are_told_apart(tier: str, grader: Grader, right: Path, tmp_path: Path) -> None:
    """The tester's tester: no verdict but its own fits a right answer or a wrong one."""
    for folder, only in ((right, "passed"), (handin.hand_in("zeros", tmp_path), "wrong value")):
        report = from_dict(grader.grade(folder))
        assert [word for word in VERDICTS if _holds(word, report)] == [only]


def test_what_is_left_behind_is_seen() -> None:
    """A child, a descriptor, a file, a System V object and an abstract socket each show."""
    me, libc, name, key = psutil.Process(), ctypes.CDLL(None), f"handgrad-left-{os.getpid()}", os.getpid()
    before = traces(me, (name,), key)
    with socket.socket(socket.AF_UNIX) as bound, tempfile.NamedTemporaryFile(dir="/dev/shm", prefix=name):
        bound.bind(f"\0{name}")
        shared = libc.shmget(key, 4096, 0o1600)
        child = subprocess.Popen(["sleep", "60"])
        try:
            after = traces(me, (name,), key)
        finally:
            child.kill()
            child.wait()
            libc.shmctl(shared, 0, None)
    seen = {name for name in after if after[name] != before[name]}
    assert seen == {"processes", "descriptors", "files", "System V", "sockets"}
    assert traces(me, (name,), key) == before
