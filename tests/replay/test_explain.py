"""`autograder explain`: the run behind a report comes out again, or it is said what has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "tiny"
WRONG = """
import numpy as np

def scale_forward(x, w):
    return x + w

def scale_backward(dout, x, w):
    return dout * w, np.mean(dout * x, axis=0)
"""

pytestmark = pytest.mark.slow


def run(*words, key="secret", code):
    """A command with the course's key; its output."""
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", "HANDGRAD_KEY": key}
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", *map(str, words), "--course", str(TINY)],
        capture_output=True, text=True, env=environment,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of one, graded with a key; the report's path and the submission's."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "in" / "ann").mkdir(parents=True)
    (folder / "in" / "ann" / "scale.py").write_text(WRONG, encoding="utf-8")
    run("grade", folder / "in", "-o", folder / "out", "--only", "scale", code=1)
    return folder / "out" / "reports" / "ann.json", folder / "in" / "ann"


def test_a_run_comes_out_again_with_its_numbers(graded):
    """The same text, seed, suite and versions; and what a hidden case hid is shown."""
    report, submission = graded
    said = run("explain", report, "--submission", submission, code=0)
    assert "It comes out as it did" in said
    assert said.count("the same") >= 8
    assert "set HANDGRAD_KEY" not in said


def test_without_the_key_it_still_comes_out(graded):
    """The seed stands in the report; what only the key can prove is said to be unproven."""
    report, submission = graded
    said = run("explain", report, "scale", "--submission", submission, key="", code=0)
    assert said.count("set HANDGRAD_KEY to compare it") == 2


def test_another_text_is_seen(graded, tmp_path):
    """Other bytes, another seed, other findings: exit code 1, and each difference in a sentence."""
    report, _ = graded
    (tmp_path / "scale.py").write_text(WRONG.replace("x + w", "x * w"), encoding="utf-8")
    said = run("explain", report, "--submission", tmp_path, code=1)
    assert "It does not come out as it did." in said
    assert "values scale_forward out: was failed with 0 of" in said
    assert "is passed with" in said


def test_a_changed_report_is_seen(graded, tmp_path):
    """Somebody gave himself a point."""
    report, submission = graded
    record = json.loads(report.read_text(encoding="utf-8"))
    finding = next(f for f in record["exercises"][0]["findings"] if f["status"] == "failed")
    finding["score"], finding["status"] = finding["max_score"], "passed"
    (tmp_path / "ann.json").write_text(json.dumps(record), encoding="utf-8")
    said = run("explain", tmp_path / "ann.json", "scale", "--submission", submission, code=1)
    assert "was passed with" in said


def test_another_version_is_named(graded, tmp_path):
    """It may be why something works on one machine only."""
    report, submission = graded
    record = json.loads(report.read_text(encoding="utf-8"))
    record["environment"]["numpy"] = "1.26.4"
    (tmp_path / "ann.json").write_text(json.dumps(record), encoding="utf-8")
    said = run("explain", tmp_path / "ann.json", "scale", "--submission", submission, code=0)
    assert "1.26.4" in said
    assert "now 2." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing.json",), "nothing.json is no report"),
        (("{report}", "softplus", "--submission", "{submission}"), "was not graded in softplus"),
        (("{report}", "--submission", "elsewhere"), "elsewhere does not exist. Name what ann handed in."),
    ],
)
def test_what_cannot_be_replayed_is_said(graded, words, said):
    """With the repair, and exit code 2."""
    names = dict(zip(("report", "submission"), graded, strict=True))
    assert said in run("explain", *(word.format(**names) for word in words), code=2)
