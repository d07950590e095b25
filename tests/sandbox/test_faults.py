"""Faults of the machine, made for real around the command line.

What cannot be graded is broken and listed, with exit code 3; it is never a zero and never a pass, and running the same
command again makes it whole.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import psutil
import pytest

from autograder.sandbox.tiers import probe
from tests.redteam import handin
from tests.sandbox.conftest import have_ended
from tests.sandbox.hardened import ROOT

LOOP = "def scale_forward(x, w):\n    while True:\n        pass\n"
# Right, and long enough under way to be met there, but well within the second of CPU time that a call has.
SLOW = """from time import process_time
def scale_forward(x, w):
    begun = process_time()
    while len(x) == 5 and process_time() < begun + 0.7:
        pass
    return x * w
"""
# Half of a reply is under way while it loops.
HALF = handin.hostile("truncated").rpartition("    os._exit(0)")[0] + "    while True:\n        pass\n"
RIGHT, HONEST = 8.0, 5.5
_BUSY = 0.15


@pytest.fixture(autouse=True)
def confined() -> None:
    found = next(report for report in probe() if report.name == "guarded")
    if not found.available and not os.environ.get("CI"):
        pytest.skip(f"no guarded tier here: {found.why}")


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """Write two submissions: ada's is right, eve's loops."""
    (tmp_path / "class").mkdir()
    for name, text in {"ada": handin.FORWARD, "eve": LOOP}.items():
        (tmp_path / "class" / name).mkdir()
        (tmp_path / "class" / name / "scale.py").write_text(text + handin.BACKWARD, encoding="utf-8")
    return tmp_path / "class"


def heed() -> None:
    """Handle Ctrl-C also where these tests run in a shell's background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(
    students: Path, *words: str, limit: Callable[[], None] = heed, seconds: float = 0.0
) -> subprocess.Popen[str]:
    """Start the batch with one grader. seconds: of CPU time for each call, where that is less than usual."""
    out, command = students.parent / "out", ["tests.sandbox.impatient", str(seconds)] if seconds else ["autograder"]
    options = ["--course", ROOT / "tests" / "tiny", "--only", "scale", "--skip", "speed", "--tier", "guarded"]
    return subprocess.Popen(
        [sys.executable, "-m", *command, "grade", students, "-o", out, "--jobs", "1", *options, *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit,
    )  # fmt: skip


def finish(batch: subprocess.Popen[str]) -> tuple[int, str]:
    """Return the exit code and the output."""
    out, err = batch.communicate(timeout=120)
    return batch.returncode, out + err


def scores(students: Path) -> dict[str, str]:
    text = (students.parent / "out" / "grades.csv").read_text(encoding="utf-8-sig")
    return {row["student"]: row["score"] for row in csv.DictReader(text.splitlines())}


def said(students: Path, student: str) -> str:
    record = json.loads((students.parent / "out" / "reports" / f"{student}.json").read_text(encoding="utf-8"))
    return " ".join(finding["message"] for finding in record["exercises"][0]["findings"])


def busy_workers(batch: subprocess.Popen[str]) -> Iterator[psutil.Process]:
    """Yield workers of the batch with so much CPU time that they must be in a loop, until it ends."""
    while batch.poll() is None:
        with suppress(psutil.NoSuchProcess, subprocess.TimeoutExpired):
            batch.wait(0.05)
        with suppress(psutil.NoSuchProcess):
            for process in psutil.Process(batch.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    if process.cpu_times().user > _BUSY and _is_worker(process):
                        yield process


def _is_worker(process: psutil.Process) -> bool:
    above = process.parent()
    return above is not None and all("inside import zygote" in str(each.cmdline()) for each in (process, above))


def test_who_is_killed_on_the_way_costs_nobody_anything(students: Path) -> None:
    """When a zygote, or a worker during its reply, is killed, calls are repeated and each verdict is that of the
    code."""
    (students / "bob").mkdir()
    (students / "bob" / "scale.py").write_text(HALF + handin.BACKWARD, encoding="utf-8")
    batch = start(students, seconds=0.4)
    busy = busy_workers(batch)
    next(busy).parent().kill()  # type: ignore[union-attr]
    next(busy).kill()
    code, words = finish(batch)
    assert code == 1, words + "".join(said(students, student) for student in ("bob", "eve"))
    assert scores(students) == {"ada": f"{RIGHT:g}", "bob": str(HONEST), "eve": str(HONEST)}
    assert all("did not finish in the time allowed" in said(students, student) for student in ("bob", "eve"))


def test_what_can_never_be_graded_is_broken_and_made_whole_later(students: Path) -> None:
    """A submission whose workers are always killed is broken, with exit code 3; the same command later grades it."""
    batch = start(students)
    for worker in busy_workers(batch):
        with suppress(psutil.NoSuchProcess):
            worker.kill()
    code, words = finish(batch)
    assert code == 3, words
    assert scores(students)["ada"] == f"{RIGHT:g}" and scores(students)["eve"] == "broken"
    assert "The grader failed, not the answer" in said(students, "eve")
    assert "a worker was killed from outside" in said(students, "eve")
    assert finish(start(students, seconds=0.1))[0] == 1
    assert scores(students)["eve"] == str(HONEST)


def test_a_batch_that_is_stopped_goes_on_where_it_was(students: Path) -> None:
    """A stopped batch leaves no process and no partial file, and the same command completes it."""
    (students / "eve" / "scale.py").write_text(SLOW + handin.BACKWARD, encoding="utf-8")
    for sent, expected in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
        batch = start(students)
        worker = next(busy_workers(batch))
        family = psutil.Process(batch.pid).children(recursive=True)
        batch.send_signal(sent)
        code, words = finish(batch)
        assert code == expected and "Traceback" not in words
        assert have_ended([worker, *family], 20)
        for path in (students.parent / "out").rglob("*.json"):
            json.loads(path.read_text(encoding="utf-8"))
    assert finish(start(students))[0] == 0
    assert scores(students) == {"ada": f"{RIGHT:g}", "eve": f"{RIGHT:g}"}


@contextmanager
def small_disk(out: Path) -> Iterator[None]:
    """Mount a file system of a few pages."""
    out.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", out], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", out], check=True)


def test_a_full_disk_is_said_and_nothing_is_lost(students: Path) -> None:
    """A full disk ends the batch with code 2 and the place; with room the same command completes it.

    Root mounts a small disk; other users get a limit on the size of files.
    """
    (students / "eve" / "scale.py").write_text(handin.RIGHT.replace("x * w", "w * x"), encoding="utf-8")
    out, is_root = students.parent / "out", os.getuid() == 0
    with small_disk(out) if is_root else nullcontext():
        code, words = finish(start(students, limit=None if is_root else lambda: _bound(resource.RLIMIT_FSIZE, 60_000)))
        assert code == 2, words
        assert "cannot be written" in words and "Traceback" not in words
        if is_root:
            subprocess.run(["mount", "-o", "remount,size=50m", out], check=True)
        code, words = finish(start(students))
        assert code == 0, words
        assert scores(students) == {"ada": f"{RIGHT:g}", "eve": f"{RIGHT:g}"}


def _bound(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


@pytest.mark.parametrize("files", [12, 20])
def test_too_many_open_files_are_nobody_s_fault(files: int, students: Path) -> None:
    """With few open files a right answer passes, is broken, or nothing is written; it never loses a point."""
    (students / "eve" / "scale.py").unlink()
    (students / "eve").rmdir()
    code, words = finish(start(students, limit=lambda: _bound(resource.RLIMIT_NOFILE, files)))
    assert code in (0, 3), words
    if code == 0:
        assert scores(students) == {"ada": f"{RIGHT:g}"}
    elif (students.parent / "out" / "grades.csv").exists():
        assert scores(students) == {"ada": "broken"}
