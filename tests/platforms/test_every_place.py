"""All renderers and exporters show the points that count, and the points on a page add up to its total."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from autograder.course.policy.policy import Late, Policy, mark
from autograder.frontends.watch.progress import Progress, save
from autograder.platforms.gradescope import Settings, to_results
from autograder.platforms.single import SINGLE, points_of, to_autolab, to_prairielearn
from autograder.render.csv import grade_line, grade_row, head_row
from autograder.render.html import Classroom, class_page_html, panel, report_html, summarize
from autograder.render.services import to_junit, to_markdown
from autograder.render.terminal import feedback_text
from autograder.report.json import from_dict, to_json
from autograder.report.report import ExerciseReport, Finding, Report, counted, total, worst
from tests.platforms.conftest import Run, Write
from tests.texts import class_text

TINY = Path(__file__).parents[1] / "tiny"

DUE = datetime(2026, 12, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)

Sum = tuple[list[float], float]
"""The points of the exercises on a page, and its total."""


def exercise(name: str, *findings: Finding, source: str | None = "5e" * 32) -> ExerciseReport:
    """Points and status follow from the findings."""
    score, most = sum(f.score for f in findings), sum(f.max_score for f in findings)
    return ExerciseReport(name, "02_layers", worst(f.status for f in findings), score, most, findings, source)


def part(check: str, status: Any, most: float, score: float | None = None) -> Finding:
    """One finding; a passed one has all its points."""
    got = most * (status == "passed") if score is None else score
    return Finding(check, check, status, score=got, max_score=most, message=f"{check} is {status}.")


STATES = {
    "passed": exercise("dense", part("contract", "passed", 0), part("values", "passed", 10)),
    "failed": exercise("conv2d", part("values", "passed", 2.5), part("gradient", "failed", 7.5)),
    "slow": exercise("max_pool2d", part("values", "passed", 9), part("speed", "slow", 1, 0.5)),
    "half done": exercise("relu", part("values", "passed", 4.5), part("contract", "skipped", 0),
                          part("gradient", "skipped", 5.5)),
    "partly checked": exercise("adam", part("contract", "passed", 0), part("values", "passed", 8),
                               part("speed", "skipped", 2)),
    "not started": exercise("dropout", part("contract", "skipped", 10)),
    "not handed in": exercise("flatten", part("contract", "skipped", 10), source=None),
    "error": exercise("batchnorm", part("values", "passed", 3), part("gradient", "error", 7)),
    "broken": exercise("softmax", part("grader", "broken", 10)),
}  # fmt: skip


def report(*exercises: ExerciseReport, late: timedelta = timedelta()) -> Report:
    """A submission of ann, handed in so long after DUE."""
    at = (DUE + late).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Report("ann", "sealed", *total(exercises), exercises, submitted_at=at, clock="git")


def class_page(record: Report) -> str:
    """index.html of a class of one."""
    room = Classroom()
    room.add(summarize(record))
    return class_page_html(room)


def table(record: Report) -> str:
    """grades.csv of a class of one."""
    names = [each.name for each in record.exercises]
    return head_row(names, record.mark is not None) + grade_row(record, names, record.mark is not None)


def gradescope(record: Report) -> str:
    """results.json, shown to students at once."""
    return to_results(record, Settings(visibility="visible"), 1.0)


PAGES: dict[str, Callable[[Report], str]] = {
    "terminal": lambda record: class_text([record]), "feedback.txt": feedback_text, "feedback.html": report_html,
    "markdown": to_markdown, "notebook": panel, "index.html": class_page, "junit": to_junit, "gradescope": gradescope,
    "grades.csv": table, "grades.jsonl": grade_line, "report.json": to_json,
    **{name: lambda record, convert=convert: convert(counted(record)) for name, convert in (
        ("prairielearn", to_prairielearn), ("autolab", to_autolab))},
}  # fmt: skip
"""What a person may read, of a marked report. Exporters get it with the points that count, by `take_results`."""


def fractions(pattern: str, text: str) -> list[float]:
    """The first number of each match."""
    return [float(found) for found in re.findall(pattern, text)]


def of_text(text: str) -> Sum:
    """The headlines of feedback.txt, and the line of its total."""
    return fractions(r"(?m)^\S \w+ .*? ([\d.]+)/[\d.]+ ", text), *fractions(r"(?m)^Total +([\d.]+)/", text)


def of_sheet(text: str) -> Sum:
    """The table of contents of the feedback page, and the total in its head."""
    found = fractions(r'<span class="points">([\d.]+)/', text)
    assert found == fractions(r'<p class="points"><b>([\d.]+)</b>', text), "the contents say what the parts say"
    return found, *fractions(r'<p class="total"><b>([\d.]+)</b>', text)


def of_markdown(text: str) -> Sum:
    """The table of the summary, and its heading."""
    return fractions(r'<td align="right">([\d.]+)/', text), *fractions(r"(?m)^## handgrad: ([\d.]+) of", text)


def of_panel(text: str) -> Sum:
    """The heads of a notebook's panel, and its last line."""
    total = fractions(r"([\d.]+)/[\d.]+ points(?: so far)? in all", text)
    return fractions(r"</span> ([\d.]+)/[\d.]+ points", text), *total


def of_overview(text: str) -> Sum:
    """The cells of the class page, which hold percents, and the total in percent of all points."""
    data = json.loads(re.findall(r'id="data">(.*?)</script>', text, re.DOTALL)[0])
    (row,), (share,) = data["rows"], data["shares"]
    most = [exercise[2] for exercise in data["exercises"]]
    shown = [(row[3 * i], int(row[3 * i + 1 : 3 * i + 3], 16)) for i in range(len(most))]
    cells = [points * percent / 100 for points, (letter, percent) in zip(most, shown, strict=True) if letter in "pfesh"]
    return cells, sum(cells) if share is None else round(share * sum(most) / 100, 1)


def of_table(text: str) -> Sum:
    """The row of grades.csv: what was earned."""
    (row,) = csv.DictReader(io.StringIO(text))
    cells = [float(row[each.name]) for each in STATES.values() if row.get(each.name, "broken") != "broken"]
    return cells, sum(cells) if row["score"] == "broken" else float(row["score"])


def of_junit(text: str) -> Sum:
    """The suites' points; JUnit has no total of them."""
    found = [float(each.attrib["value"]) for each in ElementTree.fromstring(text).iterfind(
        "testsuite/properties/property[@name='points']")]  # fmt: skip
    return found, sum(found)


def of_autolab(text: str) -> Sum:
    """The last line that a job prints."""
    result = json.loads(text.splitlines()[-1])
    return list(result["scores"].values()), *result.get("scoreboard", [sum(result["scores"].values())])


def of_tests(text: str) -> Sum:
    """The tests of a result of Gradescope or PrairieLearn."""
    result = json.loads(text)
    found = [test.get("score", test.get("points")) for test in result["tests"]]
    most = sum(test.get("max_points", 0) for test in result["tests"])
    scores = [score for score in found if score is not None]
    return scores, result["score"] * most if "score" in result else sum(scores)


SUMS: dict[str, Callable[[str], Sum]] = {
    "feedback.txt": of_text, "feedback.html": of_sheet, "markdown": of_markdown, "notebook": of_panel,
    "index.html": of_overview, "grades.csv": of_table, "junit": of_junit, "gradescope": of_tests,
    "prairielearn": of_tests, "autolab": of_autolab,
}  # fmt: skip

RULES = {
    "none": None,
    "late": Policy(due={"default": DUE}, late=Late(per_day=10)),
    "weights and drop": Policy(weights={"relu": 2.0, "dropout": 0.0}, drop=1),
}
REPORTS = {state: (each, STATES["passed"]) for state, each in STATES.items() if state != "passed"}
REPORTS |= {"all": tuple(each for state, each in STATES.items() if state != "broken")}


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("state", REPORTS)
@pytest.mark.parametrize("place", SUMS)
def test_the_points_shown_add_up_to_the_total_shown(place: str, state: str, rules: str) -> None:
    """In every place, for an exercise in every state, under every kind of rule."""
    record, policy = report(*REPORTS[state], late=timedelta(days=2)), RULES[rules]
    marked = mark(record, policy) if policy else record
    if state == "broken" and place in ("gradescope", "prairielearn"):
        pytest.skip("there a report that is not graded in full has no points at all")
    shown, whole = SUMS[place](PAGES[place](marked))
    assert sum(shown) == pytest.approx(whole, abs=0.06)
    assert whole == pytest.approx(record.score if place == "grades.csv" else counted(marked).score, abs=0.06)


@pytest.mark.parametrize("place", ["terminal", "feedback.txt", "feedback.html", "markdown", "notebook", "index.html"])
def test_a_person_reads_half_done_where_a_program_reads_skipped(place: str) -> None:
    """The word stands beside the points, and no person reads the word skipped for it."""
    words = PAGES[place](report(STATES["half done"]))
    assert "half done" in words
    assert not re.search(r"\bskipped  |>. skipped<|1 skipped", words)


@pytest.mark.parametrize("state", STATES)
def test_the_state_of_an_exercise_is_its_status_or_says_what_skipped_means(state: str) -> None:
    """Half done, partly checked, not started and not handed in are four kinds of skipped."""
    assert STATES[state].state == state


LATE = mark(report(STATES["passed"], STATES["slow"], late=4 * WEEK),
            Policy(due={"default": DUE}, late=Late(per_day=10, closes=WEEK)))  # fmt: skip
DAYS = mark(report(STATES["passed"], STATES["slow"], late=2 * WEEK), Policy(due={"default": DUE}, late=Late(per_day=5)))


@pytest.mark.parametrize("place", PAGES)
def test_every_place_says_what_was_earned_and_why_another_number_counts(place: str) -> None:
    """Nineteen and a half points of twenty were earned, two weeks late, and three tenths of them count."""
    words = re.sub(r"\s+", " ", PAGES[place](DAYS))
    assert "earned 19.5" in words or "earned 10" in words
    assert "handed in 14 days late: 70 % off" in words


def test_what_counts_is_computed_once_and_is_in_the_report() -> None:
    """The report as JSON holds the mark of the whole and of each exercise beside the points, and is read back."""
    assert (DAYS.score, DAYS.mark and DAYS.mark.score) == (19.5, 5.85)
    assert from_dict(json.loads(to_json(DAYS))) == DAYS


TOTALS = {
    "terminal": r"ann +{} ", "feedback.txt": r"Total +{} ", "feedback.html": r"<b>{0[0]}</b><span> of 20 points",
    "markdown": r"handgrad: {0[0]} of 20", "notebook": r"{} points in all", "index.html": r'"shares":\[0.0\]',
    "grades.csv": r'"ann",19.5,20,97.5,"slow","sealed",0,20,28', "grades.jsonl": r'"mark": 0.0, "max_mark": 20.0',
    "prairielearn": r'"score": 0.0,\s+"message"', "autolab": r'"scoreboard": \[0.0\]',
    "report.json": r'"mark": \{{\s+"score": 0.0,\s+"max_score": 20.0',
}  # fmt: skip


@pytest.mark.parametrize("place", TOTALS)
def test_every_place_shows_the_mark_that_counts(place: str) -> None:
    """Four weeks late, where nothing counts after one: 0 of 20."""
    assert re.search(TOTALS[place].replace("{0[0]}", "0").replace("{}", "0/20").replace("{{", "{"), PAGES[place](LATE))


def test_no_exporter_gives_points_that_do_not_count() -> None:
    """Whole numbers and shares too: nothing is earned four weeks late."""
    assert points_of(counted(LATE))["score"] == 0
    assert of_tests(gradescope(LATE))[0] == of_junit(to_junit(LATE))[0] == [0, 0]


def test_the_page_of_the_class_counts_what_counts() -> None:
    """Nobody has passed, the mean is 0 %, and one submission is marked as late."""
    words = class_page(LATE)
    assert "<b>1</b> late" in words and "mean <b>0 %</b>" in words
    assert re.findall(r'<span class="n">(\d+) %</span>', words) == ["0", "0", "0", "0"]


@pytest.mark.parametrize("platform", sorted(set(SINGLE) - {"classroom50"}))
def test_every_exporter_exports_the_mark(run: Run, results: Write, platform: str) -> None:
    """All exporters read results with the marks: no platform shows the 10 points of the answer to dense."""
    folder = results([LATE])
    done = run("export", platform, folder / "reports" / f"{next((folder / 'reports').iterdir()).name}")
    text = done.out
    assert done.code == 0
    assert not re.search(r'"(score|points)": ?(10|9\.5|19\.5)\b|>10/10<', text)
    assert sum(of_junit(text)[0]) == 0 if platform == "junit" else re.search(r"(: ?|\b)0(\.0)?\b", text)


def test_every_rule_that_changes_a_number_is_named() -> None:
    """Extension, weight, follow-through and what is dropped, each with the exercises that it changes."""
    followed = exercise("pair", Finding("values", "f", "failed", "out", 0, 2, mistake="known"),
                        Finding("gradient", "b", "failed", "dx", 0, 4),
                        Finding("consistency", "b", "passed"))  # fmt: skip
    rules = Policy(weights={"dense": 2.0}, due={"default": DUE}, late=Late(per_day=10), drop=1, follow_through=0.5,
                   extensions={"ann": {"dense": WEEK}})  # fmt: skip
    marked = mark(report(STATES["passed"], followed, STATES["error"], late=timedelta(days=2)), rules)
    why = {each.name: each.why for each in marked.exercises}
    assert why["dense"] == "earned 10/10, weight 2, due 7 days later by an extension"
    assert why["pair"] == "earned 0, 2 points for following a wrong forward through, handed in 2 days late: 20 % off"
    assert why["batchnorm"] == "earned 3/10, dropped as the weakest of its unit"
    assert marked.why == (
        "earned 13, weight 2 (dense), due 7 days later by an extension (dense), 2 points for following a wrong "
        "forward through (pair), handed in 2 days late: 20 % off (pair), dropped as the weakest of its unit (batchnorm)"
    )
    assert "dropped as the weakest" in feedback_text(marked) and "0/0" in feedback_text(marked)


def test_rules_that_change_nothing_are_not_named() -> None:
    """In time, without weights, the page is as without rules."""
    marked = mark(report(STATES["passed"], STATES["failed"]), Policy(due={"default": DUE}, late=Late(per_day=10)))
    assert marked.why == "" and feedback_text(marked) == feedback_text(report(STATES["passed"], STATES["failed"]))


def test_the_list_of_exercises_shows_the_points_that_were_earned(tmp_path: Path, run: Run) -> None:
    """Of a half done exercise too, which is called so; what was never checked has its maximum alone."""
    progress = Progress()
    progress.note(replace(STATES["half done"], name="scale"))
    save(tmp_path, progress)
    words = " ".join(run("list", "--path", tmp_path, "--course", TINY, "scale").out.split())
    assert "half done" in words and " 4.5/8.5 " in words
