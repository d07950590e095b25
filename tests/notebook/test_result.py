"""Tests of the result as an object and as HTML, without a kernel."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pytest

from autograder.frontends.notebook.checking import Result
from autograder.render.html import panel
from autograder.report.report import Array, Example, ExerciseReport, Finding, Report
from tests.marked import marked

WRONG = Finding(
    "gradient", "relu_backward", "failed", "dx", 0.0, 4.5, "dx is wrong: `a < b` & more.", hint="Look at `x > 0`.",
    mistake="slope_doubled", ladder=("What differs", "Which rows?", "Which term?", "dx = dout * …"),
)  # fmt: skip
RIGHT = Finding("values", "relu_forward", "passed", "out", 3.5, 3.5, series={"loss": (2.0, 1.0)})
WAITING = Finding("speed", "relu_backward", "skipped")


def report(*findings: Finding, status="failed", score=3.5) -> Report:
    """Return a report on one exercise."""
    exercise = ExerciseReport("relu", "02_layers", status, score, 10.0, findings)
    return Report("this notebook", "local", score, 10.0, (exercise,))


def html(*findings: Finding, **facts) -> ElementTree.Element:
    """Parse the panel strictly, so that it must be well-formed."""
    return ElementTree.fromstring(f"<body>{panel(report(*findings, **facts))}</body>")


def words(element: ElementTree.Element) -> str:
    """Return all text of an element, with whitespace folded."""
    return " ".join("".join(element.itertext()).split())


def test_a_result_is_true_when_everything_passed() -> None:
    """The result is true when everything passed, and converts to its points."""
    assert not Result(report(WRONG)) and float(Result(report(WRONG))) == 3.5
    assert Result(report(RIGHT, status="passed", score=10.0))
    assert {"loss": (2.0, 1.0)} == Result(report(RIGHT)).series


def test_a_notebook_gets_both_forms() -> None:
    """The result has text for terminals and nbconvert, and HTML."""
    request_batch = Result(report(WRONG))._repr_mimebundle_()
    assert {"text/plain", "text/html"} == set(request_batch)
    assert repr(Result(report(WRONG))) == request_batch["text/plain"]


def test_the_panel_says_what_is_wrong_and_what_is_right() -> None:
    """The panel has words beside the marks, so that no information depends on colour."""
    shown = words(html(WRONG, RIGHT, WAITING))
    assert "✘ relu failed 3.5/10 points" in shown
    assert "relu_backward dx gradient failed 0/4.5" in shown
    assert "✔ relu_forward: out" in shown
    assert "… relu_backward: speed skipped until the above is right" in shown
    assert "feedback, not a grade" in shown


def test_hints_unfold_one_inside_the_other() -> None:
    """Opening the first hint does not show the second."""
    body = html(WRONG)
    (first,) = body.findall(".//div[@class='hg-problem hg-failed']/details")
    (second,) = first.findall("details")
    (third,) = second.findall("details")
    titles = [words(step.find("summary")) for step in (first, second, third)]
    assert ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"] == titles
    assert "open" not in first.attrib
    assert "dx = dout * …" == words(third.find("p"))


def test_one_hint_is_just_a_hint() -> None:
    """A single hint has no number."""
    body = html(Finding("values", "f", "failed", "out", message="m", hint="h"))
    assert ["Hint"] == [words(summary) for summary in body.iter("summary")]


def test_the_smallest_failing_case_is_a_heat_map() -> None:
    """The panel shows inputs to paste, expected values, actual values and differences, marked by colour and bold."""
    numbers = Array((2, 2), (1.0, 2.0, 3.0, 4.0)), Array((2, 2), (1.0, 2.0, 3.0, -4.0))
    example = marked(Example("two rows", "dx", {"x": numbers[0], "stride": "2"}, *numbers))
    body = html(Finding("gradient", "f", "failed", "dx", message="m", example=example))
    tables = [[words(cell) for cell in table.iter("td")] for table in body.iter("table")]
    assert [["1", "2", "3", "4"], ["1", "2", "3", "-4"], ["·", "·", "·", "-8"]] == tables
    assert ["-4", "-8"] == [words(cell) for cell in body.iter("td") if cell.get("data-wrong")]
    assert {"hg-l-4", "hg-l0"} == {cell.get("class") for cell in body.iter("td")}
    assert "x = np.array([[1.0, 2.0], [3.0, 4.0]]) stride = 2" == words(body.find(".//pre"))


def test_a_call_that_gave_nothing_is_shown_by_what_was_expected() -> None:
    """A call without a result is shown with the expected value and what happened instead."""
    example = Example("c", "out", {}, Array((1,), (1.0,)), outcome="f raises `E`.")
    body = html(Finding("values", "f", "error", "out", message="m", example=example))
    assert ["1"] == [words(cell) for cell in body.iter("td")]
    assert "f raises E." in words(body)


def test_code_in_backticks_is_set_as_code_and_all_else_is_escaped() -> None:
    """Text in backticks is code, and all other text of a message is escaped."""
    hostile = '<img src=x onerror="alert(1)"> `<b>` </div>'
    body = html(Finding("values", "f", "error", "out", message=hostile, hint=hostile))
    assert not list(body.iter("img")) and hostile.replace("`", "") in words(body)
    assert "<b>" in [words(code) for code in body.iter("code")]


def test_a_fault_of_the_grader_is_no_score() -> None:
    """A broken report shows that nothing was graded."""
    broken = Finding("grader", "", "broken", message="The grader failed, not the answer.")
    shown = words(html(broken, status="broken", score=0.0))
    assert "! relu broken not graded" in shown and "0/10" not in shown


@pytest.mark.parametrize("code", ["import autograder", "from autograder import check"])
def test_the_import_is_cheap(code: str) -> None:
    """The import of `check` loads neither NumPy nor jinja2 nor IPython."""
    heavy = ["numpy", "jinja2", "rich", "IPython", "matplotlib", "nbformat", "asyncio"]
    program = f"{code}\nimport sys\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ("[]\n", "") == (done.stdout, done.stderr)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """An unknown name of the module raises AttributeError."""
    import autograder

    with pytest.raises(AttributeError, match="module 'autograder' has no attribute 'chek'"):
        autograder.chek


def test_check_in_a_plain_script(tmp_path) -> None:
    """Outside IPython the script's own text is tested, and the printed result is text."""
    from tests.notebook.conftest import ROOT, SCALE

    script = tmp_path / "answers.py"
    main = "if __name__ == '__main__':\n    import autograder\n    print(autograder.check('scale'))\n"
    script.write_text(f"{SCALE}\n\n{main}")
    env = {"HANDGRAD_COURSE": str(ROOT / "tests" / "tiny"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, str(script)], env=env, cwd=tmp_path, capture_output=True, text=True)
    assert ("", 0) == (done.stderr, done.returncode)
    assert "✔ scale  passed" in done.stdout
