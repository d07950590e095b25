"""`handgrad explain`: the run behind a grade comes out again, or it is said what has changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.forked import run as command

TINY = Path(__file__).parents[1] / "tiny"
WRONG = """
import numpy as np

def scale_forward(x, w):
    return x + w

def scale_backward(dout, x, w):
    return dout * w, np.mean(dout * x, axis=0)
"""
ESCAPE = """
import pathlib
pathlib.Path({mark!r}).write_text("unconfined")
"""

pytestmark = pytest.mark.slow


def run(*words, key="secret", code):
    """A command with the course's key; its output."""
    done = command(*words, "--course", TINY, COLUMNS="120", NO_COLOR="1", HANDGRAD_KEY=key)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def grade(folder, text=WRONG, *words):
    """The results of a class of one who hands in `text`."""
    (folder / "in" / "ann").mkdir(parents=True)
    (folder / "in" / "ann" / "scale.py").write_text(text, encoding="utf-8")
    run("grade", folder / "in", "-o", folder / "out", "--only", "scale", *words, code=1)
    return folder / "out"


def change(results, words, *values):
    """Write into a journal by other means than the engine's."""
    with closing(sqlite3.connect(results / "journal.sqlite")) as journal, journal:
        assert journal.execute(words, values).rowcount


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of one, graded with a key; its results."""
    return grade(tmp_path_factory.mktemp("class"))


@pytest.fixture
def changed(graded, tmp_path):
    """A copy of the results, to write into."""
    return shutil.copytree(graded, tmp_path / "out")


def test_a_run_comes_out_again_with_its_numbers(graded):
    """The same text, seed, suite and versions; and what a hidden case hid is shown."""
    said = run("explain", graded, "ann", code=0)
    assert "It comes out as it did" in said
    assert said.count("the same") >= 8
    assert "set HANDGRAD_KEY" not in said


def test_without_the_key_it_still_comes_out(graded):
    """The seed stands in the journal; what only the key can prove is said to be unproven."""
    said = run("explain", graded, "ann", "scale", key="", code=0)
    assert said.count("set HANDGRAD_KEY to compare it") == 2


def test_left_out_checks_are_left_out_again(tmp_path):
    """The journal says which checks were skipped."""
    results = grade(tmp_path, WRONG, "--skip", "speed", "--skip", "purity")
    assert "It comes out as it did" in run("explain", results, "ann", code=0)


def test_another_text_is_seen(changed):
    """Other bytes, another seed, other findings: exit code 1, and each difference in a sentence."""
    change(changed, "UPDATE source SET text = ?", WRONG.replace("x + w", "x * w"))
    said = run("explain", changed, "ann", code=1)
    assert "It does not come out as it did." in said
    assert said.count("now ") >= 2
    assert "values scale_forward out: failed 0/" in said
    assert " → passed " in said


def test_a_changed_verdict_is_seen(changed):
    """A verdict in the journal that gives more points than the text earns does not come out again."""
    with closing(sqlite3.connect(changed / "journal.sqlite")) as journal:
        record = json.loads(journal.execute("SELECT report FROM record").fetchone()[0])
    finding = next(f for f in record["findings"] if f["status"] == "failed")
    finding["score"], finding["status"] = finding["max_score"], "passed"
    change(changed, "UPDATE record SET report = ?", json.dumps(record))
    assert ": passed " in run("explain", changed, "ann", "scale", code=1)


def test_another_version_is_named(changed):
    """It may be why something works on one machine only."""
    change(changed, "UPDATE suite SET environment = json_set(environment, '$.numpy', '1.26.4')")
    said = run("explain", changed, "ann", key="", code=0)
    assert "1.26.4" in said
    assert "now 2." in said


def test_a_text_graded_unconfined_is_replayed_confined(tmp_path):
    """The journal's tier does not choose where a text runs: it writes its file when graded, and not when replayed."""
    mark = tmp_path / "mark"
    results = grade(tmp_path, ESCAPE.format(mark=str(mark)) + WRONG, "--tier", "local")
    mark.unlink()
    run("explain", results, "ann", code=0)
    assert not mark.exists()
    run("explain", results, "ann", "--tier", "local", code=0)
    assert mark.exists()


def test_regrade_runs_nothing_unconfined_that_nobody_typed(tmp_path):
    """A class that was graded in the local tier is graded again only in a tier that is typed."""
    mark = tmp_path / "mark"
    results = grade(tmp_path, ESCAPE.format(mark=str(mark)) + WRONG, "--tier", "local")
    mark.unlink()
    assert "graded in the tier local, which confines nothing" in run("regrade", results, code=2)
    run("regrade", results, "--tier", "guarded", code=0)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("{results}/reports/ann.json", "ann"), "a report alone holds no text, so it replays nothing"),
        (("nowhere", "ann"), "nowhere holds no journal.sqlite"),
        (("{results}", "bob"), "knows no student bob. The first is ann."),
        (("{results}", "ann", "softplus"), "was not graded in softplus"),
    ],
)
def test_what_cannot_be_replayed_is_said(graded, words, said):
    """With the repair, and exit code 2."""
    assert said in run("explain", *(word.format(results=graded) for word in words), code=2)
