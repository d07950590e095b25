"""docs/first-assignment.md as an instructor follows it: every file, and every command after the installation."""

from __future__ import annotations

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.forked import run

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "first-assignment.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> Iterator[tuple[str, str, str]]:
    """Yield language, name and text of each block."""
    for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        yield found[1], found[2], found[3]


@pytest.mark.slow
def test_the_page_works_as_printed(tmp_path: Path) -> None:
    """From release to export; points by hand and an excuse arrive, and a command fails only where the page says so."""
    course = tmp_path / "course"
    for name in ("solutions", "reference", "examples/class"):
        shutil.copytree(ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__", "pictures"))
    for page in course.glob("solutions/*/README.md"):
        page.unlink()  # its pictures would make the notebooks, which other tests look at
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {name: text for name, text in os.environ.items() if name != "HANDGRAD_KEY"} | {"PATH": path}
    said = ""
    for language, name, text in blocks():
        if language != "sh":
            (course / name).write_text(text, encoding="utf-8")
        elif name != "install":
            for line in text.splitlines():
                told = line.replace("handgrad grade", "handgrad grade --skip speed")
                if told.startswith("handgrad "):
                    done = run(*shlex.split(told, comments=True)[1:], cwd=course, HANDGRAD_KEY=None)
                else:
                    done = subprocess.run(
                        ["bash", "-c", told], cwd=course, env=environment, capture_output=True, text=True, timeout=300
                    )
                said += done.stdout + done.stderr
                assert done.returncode in ((0, 1) if re.search(" grade | export | explain ", line) else (0,)), said
    with (course / "import.csv").open(encoding="utf-8-sig", newline="") as file:
        points = {row["SIS User ID"]: row["Problem set 1 (77)"] for row in csv.DictReader(file)}
    assert set(points) == {"", "all_right", "half_done", "wrong_sign"} and float(points["all_right"]) > 0
    feedback = (course / "results" / "feedback" / "wrong_sign.txt").read_text(encoding="utf-8")
    assert "set to 9.5 by hand: read again: the sign was asked for wrongly in class" in " ".join(feedback.split())
    assert "excused: ill until January" in (course / "results" / "feedback" / "zoe.txt").read_text(encoding="utf-8")
    assert "due" in (tmp_path / "ps1" / "README.md").read_text(encoding="utf-8")


def test_it_installs_as_the_installation_page_says() -> None:
    """The block that is not run holds the commands of install.md."""
    (install,) = (text for _, name, text in blocks() if name == "install")
    assert "pip install -e '.[jupyter]'" in install
    assert "`pip install -e '.[jupyter]'`" in (ROOT / "docs" / "install.md").read_text(encoding="utf-8")


def test_no_page_prescribes_an_index() -> None:
    """The package is on none, so `pip install handgrad` fails wherever it stands."""
    pages = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("autograder/**/*.py"))
    dead = re.compile(r"pip install '?handgrad[\[' `]")
    found = [path.name for path in pages if dead.search(path.read_text(encoding="utf-8"))]
    assert found == []
