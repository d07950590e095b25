"""`handgrad start`: the course as students get it, out of a wheel that `release --wheel` made."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from autograder.release.making import Files
from autograder.release.wheel import COURSE, course_wheel
from autograder.report.files import packed


def start(folder: Path, *places: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in an empty folder, with packages from these places."""
    paths = os.pathsep.join([*map(str, places), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "autograder", "start", "mine"], capture_output=True, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip


def test_a_course_is_unpacked_and_the_next_commands_work(tmp_path: Path, tiny_files: Files) -> None:
    """Every file arrives; the commands that are printed are there, and the first checks what it says."""
    name, data = course_wheel(tiny_files, "A tiny course")
    (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / name) as archive:
        archive.extractall(tmp_path / "installed")
    done = start(tmp_path, tmp_path / "installed")
    assert done.returncode == 0, done.stderr
    mine = tmp_path / "mine"
    found = {path.relative_to(mine).as_posix() for path in mine.rglob("*") if path.is_file()}
    assert found == tiny_files.keys()
    assert done.stdout.startswith("mine: 6 exercises. The first one:\n  mine/assignments/01_tiny/")
    *_, first, second, third = done.stdout.splitlines()
    assert ["cd mine", "handgrad watch"] == [line.strip().partition("   ")[0] for line in (first, second)]
    assert max(map(len, done.stdout.splitlines())) < 60
    checked = third.split()[:3]
    command = [sys.executable, "-m", "autograder", *checked[1:]]
    again = subprocess.run(command, capture_output=True, text=True, cwd=mine)
    taken = tmp_path / "taken"
    (taken / "mine").mkdir(parents=True)
    (taken / "mine" / "thesis.tex").write_text("…", encoding="utf-8")
    refused = start(taken, tmp_path / "installed")
    assert refused.returncode == 2 and "mine holds something that is no release" in refused.stderr
    assert checked[1] == "check" and "not started: " + checked[2] in again.stdout and again.returncode == 1


def test_without_a_course_the_repair_is_said(tmp_path: Path) -> None:
    """Nothing is made up, and nothing downloaded."""
    done = start(tmp_path)
    assert done.returncode == 2 and "no course is installed: pip install handgrad_course" in done.stderr
    assert "release DIR --wheel" in done.stderr and not (tmp_path / "mine").exists()


def test_equal_releases_give_equal_wheels(tiny_files: Files) -> None:
    """Bytes do not depend on the time."""
    assert course_wheel(tiny_files, "x") == course_wheel(dict(tiny_files), "x")
    assert COURSE in course_wheel(tiny_files, "x")[0] and packed(tiny_files.items()) == packed(tiny_files.items())
