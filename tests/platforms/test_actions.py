"""GitHub's commands as its runner reads them: at most ten of a kind, on the right line, and none of a student's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.platforms.actions import annotate, append, command, line_of, mute, outputs
from autograder.render.view import Problem
from autograder.report.report import Report
from tests.platforms.cases import CASES, HOSTILE, exercise, report, reports

COMMAND = re.compile(r"^\s*::(\w[\w-]*)(?: (.*?))?::(.*)$")


def unescape(text: str, prop: bool) -> str:
    """As the runner does: the percent sign last."""
    for code, char in (("%0D", "\r"), ("%0A", "\n"), *((("%3A", ":"), ("%2C", ",")) if prop else ()), ("%25", "%")):
        text = text.replace(code, char)
    return text


def run(log: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands that a runner obeys in a log: (name, properties, message)."""
    obeyed, stopped = [], ""
    for line in log.split("\n"):
        if stopped:
            stopped = "" if line.strip() == f"::{stopped}::" else stopped
        elif match := COMMAND.match(line):
            name, words, message = match[1], match[2] or "", unescape(match[3], False)
            if name == "stop-commands":
                stopped = message
                continue
            pairs = [pair.partition("=") for pair in words.split(",") if pair]
            obeyed.append((name, {key: unescape(value, True) for key, _, value in pairs}, message))
    assert not stopped
    return obeyed


def nowhere(problem: Problem) -> None:
    """No place."""


@given(st.text(max_size=60), st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_a_command_says_what_it_was_told(message: str, title: str, file: str) -> None:
    """Any text in message, title and file comes out as it went in, and is one command."""
    line = command("error", message, title, (file, 3))
    assert "\n" not in line and "\r" not in line
    assert [("error", {"file": file, "line": "3", "title": title}, message or title)] == run(line)


@given(reports())
def test_at_most_ten_of_a_kind(report: Report) -> None:
    """And each on one line, whatever it holds; nothing else is obeyed."""
    lines = annotate(report, nowhere)
    kinds = [name for name, _, _ in run("\n".join(lines))]
    assert len(lines) == len(kinds) and set(kinds) <= {"error", "warning"}
    assert all(kinds.count(kind) <= 10 for kind in set(kinds))


def test_the_costliest_come_first() -> None:
    """Of thirty errors nine by what they cost, and one that counts the rest."""
    many = report("max", *(exercise(f"e{i}", "failed", 0.0, float(i + 1), message=f"m{i}") for i in range(30)))
    found = run("\n".join(annotate(many, nowhere)))
    assert [f"m{i}" for i in range(29, 20, -1)] == [message for _, _, message in found[:9]]
    assert ("error", "and 21 more: see the summary") == (found[9][0], found[9][2])


def test_kinds_of_annotations() -> None:
    """Wrong is an error; slow, and the grader's own fault, are warnings; what passed or waits is silent."""
    words = ("passed", "failed", "error", "slow", "skipped", "broken")
    mixed = report("max", *(exercise(word, word, 0.0, 1.0) for word in words))
    found = run("\n".join(annotate(mixed, nowhere)))
    kinds = {properties["title"].partition("_")[0]: kind for kind, properties, _ in found}
    assert {"failed": "error", "error": "error", "slow": "warning", "broken": "warning"} == kinds


def test_what_an_annotation_says() -> None:
    """The place, which check failed, the message, the hint, the mistake's name."""
    ((kind, properties, message),) = run("\n".join(annotate(CASES["partly right"], lambda _: ("a/conv2d.py", 12))))
    assert ("error", "a/conv2d.py", "12") == (kind, properties["file"], properties["line"])
    assert "conv2d_forward out: values failed" == properties["title"]
    assert "dx is empty.\nCase “b”.\n→ Say it.\nknown mistake: crop with pad zero" == message


@given(st.text(st.sampled_from(":\n\r stop-commands%0Aabc"), max_size=80))
def test_nothing_is_obeyed_between_stop_commands(text: str) -> None:
    """A student who prints commands, or guesses at the word that starts them again."""
    text = text.replace("\r", "")
    assert [("notice", {}, "after")] == run(mute(f"{text}\n::error::mine\n{HOSTILE}") + "\n::notice::after")


def test_the_word_is_new_each_time() -> None:
    """128 bits that nobody can know."""
    words = {re.match(r"::stop-commands::([0-9a-f]{32})\n", mute("")) for _ in range(20)}
    assert 20 == len({word[1] for word in words if word})


SOURCE = '''"""def conv2d(x): in a docstring is no definition."""
def conv2d(x):
    return x


def conv2d_backward(dout):
    def inner(): ...


def conv2d(x, w):
    return x
'''


@pytest.mark.parametrize(
    ("function", "line"),
    [("conv2d", 10), ("conv2d_backward", 6), ("inner", None), ("conv", None), ("", None), (".*", None)],
)
def test_a_function_s_line_is_that_of_its_last_definition(function: str, line: int | None) -> None:
    """Which is the one that counts; a name that begins alike is another."""
    assert line == line_of(function, SOURCE)


@given(st.text(max_size=40), st.text(max_size=200))
def test_no_text_upsets_the_search_for_a_line(function: str, text: str) -> None:
    """It is a search in text, which no syntax can crash."""
    found = line_of(function, text)
    assert found is None or 1 <= found <= text.count("\n") + 1


def test_outputs_are_lines_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One each, whatever the value holds; without a file nothing happens."""
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
    outputs({"score": 1})
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "out"))
    outputs({"score": 1.5, "verdict": "failed\nscore=99"})
    append("GITHUB_OUTPUT", "more=1\n")
    assert "score=1.5\nverdict=failed score=99\nmore=1\n" == (tmp_path / "out").read_text(encoding="utf-8")
