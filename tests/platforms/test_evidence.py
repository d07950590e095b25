"""Message authentication codes: every change of a report is detected, and only the key's holder can compute a code."""

from __future__ import annotations

import hashlib
import hmac
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.report.json import read_intact, stamp, to_dict, to_json
from autograder.report.report import Array, Example, ExerciseReport, Finding, Report
from tests.cli import forked

KEY = "a course's key, ümlaut"
INPUTS = {"x": Array((2,), (1.5, "nan")), "pad": "1"}
EXAMPLE = Example("two images", "dx", INPUTS, Array((1,), (0.5,)), None, "raised")
FINDINGS = (
    Finding("values", "f", "passed", "out", 2.0, 2.0, figures={"ratio": 1.25}, series={"loss": (1.0, 0.5)}),
    Finding("gradient", "g", "failed", "dx", 0.0, 2.5, "“wrong” 张伟", "try", "sign", "pad 1", line=7, example=EXAMPLE),
)
HASH = "5e" * 32
EXERCISE = ExerciseReport("conv2d", "02_layers", "failed", 2.0, 4.5, FINDINGS, HASH, HASH, "a/b.py", HASH)
REPORT = Report("alice", "sealed", 2.0, 4.5, (EXERCISE,), ("note",), "0.1.0", {"python": "3.11.7"})
STAMPED = stamp(REPORT, KEY)
TEXT = to_json(STAMPED)
ONE_LINE = to_json(STAMPED, indent=None)
DATA = TEXT.encode()


def flaw(text: str, key: str = KEY) -> str:
    """Why it is not as it was graded; "" when it is."""
    try:
        read_intact(text, key)
    except ValueError as error:
        return str(error)
    return ""


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a JSON document."""
    items = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [(*way, key) for key, _ in items] + [deeper for key, inner in items for deeper in places(inner, (*way, key))]


def changed(way: tuple[Any, ...], new: Any) -> str:
    """The report's text with one value replaced."""
    record = json.loads(TEXT)
    inner = record
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = new
    return json.dumps(record, indent=2) + "\n"


def test_what_was_graded_is_read_back() -> None:
    """An untouched text gives the report, also with the line end that a file adds."""
    assert STAMPED == read_intact(TEXT, KEY) == read_intact(TEXT + "\n", KEY)
    assert STAMPED == read_intact(ONE_LINE, KEY) == read_intact(ONE_LINE + "\n", KEY)


def test_the_code_is_the_one_that_the_page_describes() -> None:
    """HMAC-SHA256 of the canonical JSON under a key of its own, computed here from docs/report-schema.md alone."""
    record = {**json.loads(to_json(REPORT)), "mac": ""}
    text = json.dumps(record, sort_keys=True, separators=(",", ":"))
    own = hmac.new(KEY.encode(), b"handgrad/mac/1", hashlib.sha256).digest()

    assert hmac.new(own, text.encode(), hashlib.sha256).hexdigest() == STAMPED.mac


@given(st.integers(0, 8 * len(DATA) - 1))
def test_any_flipped_bit_is_seen(bit: int) -> None:
    """One bit of the file, wherever it stands, in a value, a name, a number or between them."""
    data = bytearray(DATA)
    data[bit // 8] ^= 1 << bit % 8

    assert flaw(data.decode("utf-8", "replace"))


@pytest.mark.parametrize("new", [None, "", "x", 0, 1e9, [], {}, True], ids=repr)
def test_any_changed_field_is_seen(new: Any) -> None:
    """Every field at every depth, with a value of every type that JSON has."""
    ways = places(json.loads(TEXT))
    assert len(ways) > 60
    assert [way for way in ways if (text := changed(way, new)) != TEXT and not flaw(text)] == []


@given(st.text(min_size=1, max_size=8), st.integers(0, len(TEXT)))
def test_any_inserted_text_is_seen(new: str, place: int) -> None:
    """Also a second field of the same name, of which other readers may take the first."""
    assert flaw(TEXT[:place] + new + TEXT[place:]) or not new.strip("\n")
    other = ONE_LINE.replace('"score": 2.0', '"score": 9.0, "score": 2.0', 1)
    assert "written by something else" in flaw(other) and "written by something else" in flaw(other.replace(", ", ","))
    assert "written by something else" in flaw(TEXT.replace('"score": 2.0', '"score": 9.0, "score": 2.0', 1))


@given(st.text(min_size=1).filter(lambda key: key != KEY))
def test_another_key_does_not_fit(key: str) -> None:
    """Neither to make a code nor to check one."""
    assert "another key" in flaw(TEXT, key)
    assert "another key" in flaw(to_json(stamp(REPORT, key)))


def test_the_key_of_the_seeds_makes_no_code() -> None:
    """The course's key is used under a label: its bare HMAC is no code."""
    bare = hmac.new(KEY.encode(), json.dumps(to_dict(REPORT)).encode(), hashlib.sha256).hexdigest()
    assert flaw(to_json(replace(REPORT, mac=bare)))


def test_feedback_bears_no_code() -> None:
    """A report of the local tier, or without a key, has no code, and the error says so."""
    assert "" == stamp(replace(REPORT, tier="local"), KEY).mac == stamp(REPORT, "").mac
    assert "feedback and no grade" in flaw(to_json(replace(STAMPED, tier="local", mac="")))
    assert "bears no code" == flaw(to_json(REPORT))


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"schema": "handgrad/report/4"}', "[" * 9**5, "NaN"])
def test_what_is_no_report_is_said_to_be_none(text: str) -> None:
    """Any text at all: a sentence, never an accident."""
    assert flaw(text)


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    """No text is a report by chance."""
    assert flaw(text)


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command, with the key or without."""
    return forked.run("verify", *words, **{"HANDGRAD_KEY": None, **environment})


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder as `grade` writes it, with two results."""
    (tmp_path / "results" / "reports").mkdir(parents=True)
    for name in ("alice", "bob"):
        text = to_json(stamp(replace(REPORT, submission=name), KEY)) + "\n"
        (tmp_path / "results" / "reports" / f"{name}.json").write_text(text, encoding="utf-8")
    return tmp_path / "results"


def test_results_that_nobody_touched(results: Path) -> None:
    """Exit code 0 and the count; a single report can be named too."""
    done = run(results, HANDGRAD_KEY=KEY)
    assert (0, "2 of 2 results are as they were graded.\n") == (done.returncode, done.stdout), done.stderr
    assert 0 == run(results / "reports" / "bob.json", HANDGRAD_KEY=KEY).returncode


def test_a_changed_result_is_named(results: Path) -> None:
    """Exit code 1, the file, and what it means."""
    path = results / "reports" / "bob.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"score": 2.0', '"score": 4.5'), encoding="utf-8")
    done = run(results, HANDGRAD_KEY=KEY)
    assert (1, "1 of 2 results are as they were graded.\n") == (done.returncode, done.stdout)
    assert "bob.json: does not fit its code: it was changed after grading, or graded with another key" in done.stderr


def test_a_result_under_another_s_name_is_seen(results: Path) -> None:
    """Both are intact, but one was copied over the other."""
    text = (results / "reports" / "alice.json").read_text(encoding="utf-8")
    (results / "reports" / "bob.json").write_text(text, encoding="utf-8")
    done = run(results, HANDGRAD_KEY=KEY)
    assert 1 == done.returncode
    assert "bob.json: is the result of alice, under another's name" in done.stderr


def test_the_bytes_handed_in_are_compared(results: Path, tmp_path: Path) -> None:
    """Another text than the one that was graded, and a student who is not there."""
    (tmp_path / "class" / "alice").mkdir(parents=True)
    (tmp_path / "class" / "alice" / "conv2d.py").write_text("def conv2d(): ...\n", encoding="utf-8")
    done = run(results, "--submissions", tmp_path / "class", HANDGRAD_KEY=KEY)
    assert 1 == done.returncode
    assert "alice.json: conv2d was graded from other bytes than those in" in done.stderr
    assert "bob.json: no submission of bob in" in done.stderr


def test_without_a_key_nothing_is_verified(results: Path, tmp_path: Path) -> None:
    """Wrong usage, with the repair; and so is a folder without reports."""
    done = run(results)
    assert (2, "") == (done.returncode, done.stdout)
    assert "there is no key: set HANDGRAD_KEY to the one that the results were graded with." in done.stderr
    (tmp_path / "empty").mkdir()
    assert 2 == run(tmp_path / "empty", HANDGRAD_KEY=KEY).returncode


def test_the_key_is_found_where_the_course_says(results: Path, tmp_path: Path) -> None:
    """In the file that course.toml names, as `grade` finds it; a result that was changed is still seen."""
    (tmp_path / "course" / "solutions").mkdir(parents=True)
    (tmp_path / "course" / "course.toml").write_text('[key]\nfile = "key.txt"\n', encoding="utf-8")
    (tmp_path / "course" / "key.txt").write_text(f"{KEY}\n", encoding="utf-8")
    assert 0 == run(results, "--course", tmp_path / "course").returncode
    record = results / "reports" / "alice.json"
    record.write_text(record.read_text(encoding="utf-8").replace('"score": 2.0', '"score": 2.5'), encoding="utf-8")
    assert 1 == run(results, "--course", tmp_path / "course").returncode
    (tmp_path / "course" / "key.txt").unlink()
    done = run(results, "--course", tmp_path / "course")
    assert 2 == done.returncode and "key.txt cannot be read" in done.stderr


def test_a_graded_class_verifies(tmp_path: Path) -> None:
    """What `grade` writes with a key bears its code; in the local tier it bears none."""
    (tmp_path / "class").mkdir()
    text = "def scale_forward(x, w):\n    return x * w\n"
    (tmp_path / "class" / "ada.py").write_text(text, encoding="utf-8")
    tiny = Path(__file__).parents[1] / "tiny"
    words = ("--course", tiny, "--only", "scale", "--skip", "speed", "--jobs", "1")
    for tier, code in (("best", 0), ("local", 1)):
        chosen = () if tier == "best" else ("--tier", tier)
        command = ("grade", tmp_path / "class", "-o", tmp_path / tier, *words, *chosen)
        graded = forked.run(*command, HANDGRAD_KEY=KEY)
        assert 1 == graded.returncode
        assert code == run(tmp_path / tier, "--submissions", tmp_path / "class", HANDGRAD_KEY=KEY).returncode
