"""Tests of course.toml in a real run: marks beside the points, the key from its file, and errors that stop the run."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from autograder.cli.main import main

TINY = Path(__file__).parents[1] / "tiny"
SCALE = "import numpy as np\ndef scale_forward(x, w):\n    return x * w\n" + (
    "def scale_backward(dout, x, w):\n    return dout * w, np.sum(dout * x, axis=0)\n"
)
RULES = """
title = "Tiny"
[weights]
scale = 2
[due]
default = 2026-01-01T00:00:00Z
[late]
per_day = 10
[extensions]
bob = "1 week"
[key]
env = "TINY_KEY"
file = "tiny.key"
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Create the tiny course in its own folder, and two students who are two days late."""
    monkeypatch.delenv("TINY_KEY", raising=False)
    shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    for student in ("ann", "bob"):
        path = tmp_path / "in" / student / "scale.py"
        path.parent.mkdir(parents=True)
        path.write_text(SCALE, encoding="utf-8")
        os.utime(path, (1767400000, 1767400000))  # 2026-01-03, 00:26 UTC
    (tmp_path / "course" / "tiny.key").write_text("secret", encoding="utf-8")
    return tmp_path


def grade(folder):
    """Grade the folder, and return the exit code."""
    words = ["grade", str(folder / "in"), "-o", str(folder / "out"), "--only", "scale", "--skip", "speed"]
    return main([*words, "--jobs", "1", "--course", str(folder / "course")])


@pytest.mark.slow
def test_marks_stand_beside_the_points(course, capsys):
    """The weight doubles the marks, one student loses three days and the other none; the report has points and mark."""
    (course / "course" / "course.toml").write_text(RULES, encoding="utf-8")
    assert grade(course) == 0, capsys.readouterr().err
    with (course / "out" / "grades.csv").open(encoding="utf-8", newline="") as file:
        ann, bob = csv.DictReader(file)
    assert ann["score"] == bob["score"] == ann["max_score"]
    assert float(bob["mark"]) == float(bob["max_mark"]) == 2 * float(bob["score"])
    assert float(ann["mark"]) == pytest.approx(0.7 * float(bob["mark"]))
    assert (ann["days_late"], bob["days_late"]) == ("3", "0")
    assert ann["mark_notes"] == "the time is that of its files, which copying may change"
    lines = [json.loads(line) for line in (course / "out" / "grades.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["mark"] for line in lines] == [float(ann["mark"]), float(bob["mark"])]
    record = json.loads((course / "out" / "reports" / "ann.json").read_text(encoding="utf-8"))
    assert (record["score"], record["mark"]["score"]) == (float(ann["score"]), float(ann["mark"]))
    feedback = (course / "out" / "feedback" / "ann.txt").read_text(encoding="utf-8")
    assert "(earned" in feedback and "handed in 3 days late: 30 % off" in feedback
    assert "handed in 3 days late: 30 % off" in " ".join(capsys.readouterr().out.split())


@pytest.mark.slow
def test_the_class_has_its_page(course, capsys):
    """index.html has the course's title, and links each student's feedback."""
    (course / "course" / "course.toml").write_text(RULES, encoding="utf-8")
    assert grade(course) == 0
    page = (course / "out" / "index.html").read_text(encoding="utf-8")
    assert "<title>Tiny</title>" in page
    assert (course / "out" / page.partition('"links":["')[2].partition('"')[0]).is_file()
    assert "index.html shows the class." in capsys.readouterr().out


@pytest.mark.slow
def test_the_key_is_read_from_its_file(course, capsys):
    """Another key draws other inputs, so the class is graded again, and the results have the key's code."""
    (course / "course" / "course.toml").write_text(RULES, encoding="utf-8")
    assert grade(course) == 0
    record = json.loads((course / "out" / "reports" / "ann.json").read_text(encoding="utf-8"))
    assert record["mac"]
    (course / "course" / "tiny.key").write_text("another", encoding="utf-8")
    capsys.readouterr()
    assert grade(course) == 0
    assert "1 graded now" in capsys.readouterr().out


def test_rules_that_do_not_fit_stop_before_anything_is_written(course, capsys):
    """An error in the rules gives the line and exit code 2, and nothing is written."""
    (course / "course" / "course.toml").write_text('[late]\ngrace = "soon"\n', encoding="utf-8")
    assert grade(course) == 2
    assert 'course.toml, line 2: grace is "soon"' in capsys.readouterr().err
    assert not (course / "out").exists()
