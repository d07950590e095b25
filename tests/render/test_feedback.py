"""The feedback of one submission as text and in the terminal."""

from __future__ import annotations

import html
import io
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.render.html import panel, report_html
from autograder.render.page import columns
from autograder.render.services import to_markdown
from autograder.render.table import print_class
from autograder.render.terminal import feedback_text, print_report
from autograder.report.report import PENDING, ExerciseReport, Finding, Report
from tests.render.conftest import exercise, finding, report
from tests.texts import class_text, grades_csv

Golden = Callable[[str, str], None]
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def in_terminal(report: Report, *, verbose: bool = False, encoding: str = "utf-8", **options: object) -> str:
    """What a real rich console of 80 columns writes."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="")
    settings = {"width": 80, "_environ": {}} | options
    print_report(report, Console(file=file, **settings), verbose=verbose)  # type: ignore[arg-type]
    file.flush()
    return raw.getvalue().decode(encoding)


def with_message(message: str) -> Report:
    """A report whose only finding says this."""
    found = Finding("values", "f", "failed", "out", 0.0, 1.0, message)
    return Report("s", "local", 0.0, 1.0, (ExerciseReport("e", "u", "failed", 0.0, 1.0, (found,), "00"),))


def test_a_convention_is_not_called_a_mistake() -> None:
    """Right elsewhere is another thing than wrong."""
    for word in ("mistake", "convention"):
        found = Finding("values", "f", "failed", "out", mistake="halved_loss", hint="Halve it.", diagnosis=word)
        text = feedback_text(Report("s", "local", 0.0, 1.0, (ExerciseReport("e", "u", "failed", 0.0, 1.0, (found,)),)))
        assert f"known {word}: halved loss" in text


def test_a_file_of_feedback(situation: str, situations: dict[str, Report], golden: Golden) -> None:
    """Each situation reads as it was once read and found good."""
    golden(f"feedback_{situation}.txt", feedback_text(situations[situation]))


def test_everything_on_request(situations: dict[str, Report], golden: Golden) -> None:
    """Verbose feedback lists every finding with its case, figures and hashes."""
    golden("feedback_verbose.txt", feedback_text(situations["partly_right"], verbose=True))


def test_colours(situations: dict[str, Report], golden: Golden) -> None:
    """A terminal with colours shows the same text, dressed."""
    text = in_terminal(situations["partly_right"], force_terminal=True, color_system="standard")

    golden("feedback_in_colour.ansi", text)
    assert _COLOUR.search(text)


def test_into_a_pipe_go_plain_lines(
    situations: dict[str, Report], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 80 columns, or of $COLUMNS, with the text of a terminal; colours where FORCE_COLOR asks for them."""
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    report = situations["partly_right"]
    print_report(report)
    assert capsys.readouterr().out == in_terminal(report)
    monkeypatch.setenv("COLUMNS", "60")
    print_report(report)
    assert capsys.readouterr().out == in_terminal(report, width=60)
    monkeypatch.setenv("FORCE_COLOR", "1")
    print_report(report)
    assert _COLOUR.search(capsys.readouterr().out)


def test_a_plain_terminal(situations: dict[str, Report], golden: Golden) -> None:
    """A terminal that knows ASCII alone gets words and plain marks."""
    golden("feedback_in_ascii.txt", in_terminal(situations["partly_right"], encoding="ascii"))


@pytest.mark.parametrize("width", [60, 61, 79, 80, 100, 133, 200])
@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_nothing_is_wider_than_the_page(
    situation: str, situations: dict[str, Report], width: int, verbose: bool, encoding: str
) -> None:
    """Every line fits the terminal in every encoding, and none ends in blanks."""
    for line in in_terminal(situations[situation], verbose=verbose, encoding=encoding, width=width).split("\n"):
        assert columns(line) <= width
        assert line == line.rstrip()


@pytest.mark.parametrize("width", [60, 80])
def test_long_names_give_way_to_long_scores(width: int) -> None:
    """Whatever is long, a headline keeps its status, its score and its bar."""
    long = ExerciseReport("an_exercise_with_a_very_long_name", "u", "passed", 1234.25, 1234.25)

    headline = feedback_text(Report("s", "local", 0.0, 0.0, (long,)), width=width).split("\n")[2]

    assert columns(headline) <= width
    assert headline.endswith("  passed   1234.25/1234.25  ██████████")


def test_a_narrow_terminal_gets_forty_columns(situations: dict[str, Report]) -> None:
    """Below forty columns the terminal folds what the layout no longer can; no line is broken twice."""
    assert in_terminal(situations["partly_right"], width=20) == feedback_text(situations["partly_right"], width=40)


def test_terminal_and_file_say_the_same(situation: str, situations: dict[str, Report]) -> None:
    """Colours apart, a terminal of a hundred columns shows what the file holds."""
    shown = in_terminal(situations[situation], width=100, force_terminal=True, color_system="truecolor")

    assert _COLOUR.sub("", shown) == feedback_text(situations[situation])


def test_no_color_is_honoured(situations: dict[str, Report]) -> None:
    """With NO_COLOR no colour is written; the words and marks say all of it."""
    shown = in_terminal(situations["partly_right"], force_terminal=True, _environ={"NO_COLOR": "1", "TERM": "xterm"})

    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", shown)
    assert "✘ conv2d  failed" in _COLOUR.sub("", shown)


def test_a_hostile_report_is_inert(situations: dict[str, Report]) -> None:
    """No control, bidi or hidden character reaches the screen, and no line is a command to a build service."""
    for text in (
        feedback_text(situations["hostile"], verbose=True),
        class_text([situations["hostile"]]),
        in_terminal(situations["hostile"], verbose=True),
    ):
        lines = text.split("\n")
        assert not {unicodedata.category(char) for line in lines for char in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert not [line for line in lines if line.lstrip().startswith("::")]
        assert "##[" not in text


@pytest.mark.parametrize("message", ["[red]text[/red]", "[/]", "[link=http://x]y[/link]", ":smile:", "[bold", "\\[x]"])
def test_markup_is_text(message: str) -> None:
    """What rich would read as a style, a link or an emoji name is shown as it was written."""
    shown = in_terminal(with_message(message), force_terminal=True, color_system="truecolor")

    assert message in _COLOUR.sub("", shown)
    assert "\x1b]" not in shown


def test_a_status_is_a_word_and_a_mark() -> None:
    """No status is told by its colour or its mark alone."""
    for status, mark in {"failed": "✘", "error": "✘", "slow": "~", "broken": "!", "passed": "✔"}.items():
        found = Finding("values", "f", status, "out", 0.0, 1.0, "m")  # type: ignore[arg-type]
        whole = ExerciseReport("e", "u", status, 0.0, 1.0, (found,), "00")  # type: ignore[arg-type]
        assert f"{mark} e      {status}" in feedback_text(Report("s", "local", 0.0, 1.0, (whole,)))


def test_contract_failures_come_first(situations: dict[str, Report]) -> None:
    """A wrong signature explains the errors after it, so it stands before them."""
    text = feedback_text(situations["partly_right"])

    assert text.index("dense_backward  contract failed") < text.index("dense_backward dx, dw, db  gradient error  0/6")


def test_the_same_words_are_said_once(situations: dict[str, Report]) -> None:
    """Three outputs of one exception are one entry."""
    assert feedback_text(situations["partly_right"]).count("raises IndexError") == 1


def test_a_fault_of_the_grader_is_no_zero(situations: dict[str, Report]) -> None:
    """A broken exercise shows no score, and the total says that it is not the last word."""
    text = feedback_text(situations["broken"])

    assert "! max_pool2d  broken   not graded\n" in text
    assert "Total  7/13 points so far" in text
    assert "One exercise could not be graded. That is the grader's fault: it costs no points" in text


@pytest.mark.parametrize(
    ("tier", "words"),
    [
        ("local", "feedback, not a grade"),
        ("guarded", "graded in the guarded sandbox"),
        ("sealed", "graded in the sealed sandbox"),
        ("new", "tier: new"),
    ],
)
def test_the_tier_is_the_last_line(situations: dict[str, Report], tier: str, words: str) -> None:
    """Nobody takes local feedback for a grade."""
    assert feedback_text(replace(situations["all_right"], tier=tier)).endswith(f"\n{words}\n")


def test_a_flood_of_lines_is_cut_and_counted() -> None:
    """A message of a thousand lines shows twelve and says how many are left."""
    text = feedback_text(with_message("\n".join(f"line {n}" for n in range(1000))))

    assert "      line 11\n      (988 more lines)\n" in text
    assert "line 12" not in text


def test_the_class(class_reports: list[Report], golden: Golden) -> None:
    """The class table with all that can be in it, at the usual width."""
    golden("class_80.txt", class_text(class_reports, width=80))


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("exercises", [1, 12, 25, 30, 120])
def test_a_class_fits_the_terminal(width: int, exercises: int) -> None:
    """Columns that do not fit are left out whole; student, score and status are always there."""
    graded = tuple(ExerciseReport(f"exercise{n}", "u", "passed", 1.0, 1.0) for n in range(exercises))
    report = Report("An Honest Student of Long Name", "sealed", float(exercises), float(exercises), graded)
    file = io.StringIO()

    print_class([report], Console(file=file, width=width, _environ={}))

    lines = file.getvalue().split("\n")
    assert all(columns(line) <= width for line in lines)
    assert {"An", "Honest", f"{exercises}/{exercises}", "passed"} <= set(lines[1].replace("…", " ").split())
    assert ("✔" * exercises in lines[1]) == (exercises <= 12)
    assert "█" * 10 in lines[1]


def test_more_than_a_dozen_exercises_are_counted_by_unit() -> None:
    """How many passed of each unit stands below the unit's name; the legend has the whole names."""
    graded = tuple(
        ExerciseReport(f"e{n}", "01_first" if n < 10 else "02_second", "passed" if n % 2 else "failed", 1.0, 1.0)
        for n in range(14)
    )
    file = io.StringIO()
    print_class([Report("ann", "sealed", 14.0, 14.0, graded)], Console(file=file, width=80, _environ={}))
    head, row, *rest = file.getvalue().split("\n")
    assert head.endswith("01_fi 02_") and row.endswith(" 5/10 2/4")
    assert "passed, by unit: 01_first, 02_second" in rest


def test_what_was_not_reached_is_no_defect() -> None:
    """Neither the table nor the feedback speaks of the grader's fault, and no sum is given as whole."""
    pending = Finding(PENDING, "", "broken", message="Not reached: the run ended before it.")
    graded = ExerciseReport("a", "u", "failed", 1.0, 2.0), ExerciseReport("b", "u", "broken", 0.0, 2.0, (pending,))
    report, file = Report("ann", "sealed", 1.0, 4.0, graded), io.StringIO()
    print_class([report], Console(file=file, width=80, _environ={}))
    said = file.getvalue() + feedback_text(report) + report_html(report).partition("</style>")[2]
    assert "not reached" in said and "graded in part" in said and "so far" in said
    assert "fault" not in said and "broken" not in "".join(grades_csv([report]).splitlines()[1:])


def test_a_class_of_nobody_is_a_table() -> None:
    """No submission is no crash."""
    assert class_text([]).startswith("student  score  ")


def test_colours_cost_nothing_until_they_are_used() -> None:
    """Importing the renderers does not import rich: a student waits for every import."""
    code = "import sys, autograder.render.table, autograder.render.terminal; print('rich.console' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_a_speed_below_the_reference_s_is_said_to_be_that_and_no_more():
    """Its digits would be noise."""
    findings = (Finding("speed", "relu", "passed", None, 1.0, 1.0, figures={"ratio": 0.03}),)
    exercise = ExerciseReport("relu", "02_layers", "passed", 1.0, 1.0, findings)
    assert "relu: speed <1×" in feedback_text(Report("ada", "local", 1.0, 1.0, (exercise,)))


def test_the_relative_error_of_gradients_is_shown_everywhere():
    """Terminal, page, Markdown and notebook say the error against the numerical derivative, of each gradient."""

    def gradient(output, status, error):
        return finding("gradient", "f_backward", status, output, message="wrong" * (status == "failed"),
                       figures={"relative_error": error})  # fmt: skip

    right = gradient("db", "passed", 1e-8)
    graded = report("alice", exercise("f", gradient("dx", "failed", 1e-3), gradient("dw", "failed", 1.0), right))
    words = "relative error against the numerical derivative: dx ≤0.001, dw >0.1"
    for shown in (feedback_text(graded), report_html(graded), to_markdown(graded), panel(graded)):
        assert words in html.unescape(shown)
    assert "✔ f_backward: db, numerical derivative ≤1e-8" in feedback_text(graded)
