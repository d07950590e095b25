"""Tests of `check` in a real kernel: what its cells define is tested in another process and shown in the notebook."""

from __future__ import annotations

import pytest

from tests.notebook.conftest import ROOT, SCALE, WRONG, Run

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def beginning(run: Run) -> None:
    """Delete all definitions."""
    run("%reset -f")
    run("from autograder import check")


def test_right_functions_pass(run: Run) -> None:
    """The result is true, has its points as a float, and is shown as text and HTML."""
    run(SCALE)
    shown = run('result = check("scale"); result')
    assert "✔ scale  passed   8.5/8.5" in shown.text
    assert 'class="hg hg-passed"' in shown.data["text/html"]
    assert "True 8.5 8.5" == run("print(bool(result), float(result), result.max_score)").streams["stdout"].strip()


def test_a_wrong_function_is_told_by_its_mistake(run: Run) -> None:
    """The mistake is named, the other function keeps its points, and the hint is folded."""
    run(WRONG)
    shown = run('check("scale")')
    assert "w is added. To scale is another operation." in shown.text
    assert "✔ scale_backward: dx, dw, purity" in shown.text
    assert "<details><summary>Hint" in shown.data["text/html"]
    assert not shown.error


def test_gradcheck_calls_the_functions_of_the_kernel(run: Run) -> None:
    """By name and with inputs of one's own it takes what the cells define, and shows one line for each gradient."""
    run("from autograder import gradcheck")
    run(SCALE)
    shown = run('gradcheck("scale")').text
    assert "every gradient agrees" in shown and "✔ dx  error" in shown and "✔ dw  error" in shown
    run(WRONG)
    assert not run('assert not gradcheck("scale"), "passed"').error
    assert "there is no exercise" in run('gradcheck("nothing of this name")').error


def test_the_last_definition_counts(run: Run) -> None:
    """A cell that was run again replaces its earlier definition."""
    run(WRONG)
    run(SCALE)
    assert "passed" in run('check("scale")').text
    run("def scale_forward(x, w):\n    return x - w")
    assert "failed" in run('check("scale")').text


def test_the_kernel_s_word_is_not_taken(run: Run) -> None:
    """Replaced objects, a patched NumPy and a patched checker have no effect, because the cells' source is tested."""
    run(WRONG)
    run("import numpy as np\nnp.allclose = lambda *a, **k: True\nnp.asarray = None")
    run("class Right:\n    def __eq__(self, other):\n        return True\nglobals()['scale_forward'] = Right()")
    assert "failed" in run('check("scale")').text
    run("import importlib, numpy; importlib.reload(numpy)")


def test_a_file_beside_the_notebook_shadows_nothing(run: Run) -> None:
    """The checking process imports its own NumPy, not a file in the notebook's folder."""
    run("import numpy\nopen('numpy.py', 'w').write('raise SystemExit')")
    run("from autograder.frontends.notebook.checking import SERVICE\nSERVICE.close()")
    run(SCALE)
    assert "passed" in run('check("scale")').text


def test_functions_from_a_file_of_one_s_own(run: Run) -> None:
    """Functions imported from a file beside the notebook are tested as the file defines them."""
    run(f"open('answers.py', 'w').write({SCALE!r})")
    run("from answers import scale_forward, scale_backward")
    assert "✔ scale  passed" in run('check("scale")').text


def test_an_error_is_placed_in_the_cell(run: Run) -> None:
    """An error has the line in its cell, and the cell's number."""
    run("x = 1")
    run(SCALE.replace("return x * w", "return y * w"))
    number = int(run("len(In) - 2").text)
    line = SCALE.split("\n").index("    return x * w") + 1
    assert f"raises NameError in cell {number}, line {line}: name 'y' is not defined." in run('check("scale")').text


def test_what_was_deleted_is_gone(run: Run) -> None:
    """A function that was deleted in the kernel is not checked."""
    run(SCALE)
    run("del scale_backward")
    assert "scale_backward is not defined" in run('check("scale")').text


def test_magics_and_plots_are_no_part_of_an_answer(run: Run) -> None:
    """A cell with a magic, a shell command and a training still defines its functions, and nothing runs twice."""
    run("%%time\n" + SCALE)
    run("!true\nopen('ran', 'a').write('once')\nopen('ran').read()")
    assert "passed" in run('check("scale")').text
    assert "once" == run("print(open('ran').read(), end='')").streams["stdout"]


def test_a_function_names_its_exercise(run: Run) -> None:
    """A function or its name selects its exercise; without a name, all that is begun is checked."""
    run(SCALE)
    assert "scale  passed" in run("check(scale_backward)").text
    assert "scale  passed" in run('check("scale_backward")').text
    shown = run("check()")
    assert "scale  passed" in shown.text and "softplus" not in shown.text


def test_a_magic_says_the_same(run: Run) -> None:
    """`%load_ext autograder` and `%check` give the result of `check`."""
    run(SCALE)
    assert not run("%load_ext autograder").error
    assert "✔ scale  passed" in run("%check scale").text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('check("scael")', "there is no exercise or unit named scael. Did you mean scale?"),
        ("check()", 'no function of an exercise is defined yet. Run its cell, or name one: check("conv2d").'),
    ],
)
def test_what_cannot_be_checked_is_a_sentence(run: Run, code: str, words: str) -> None:
    """An error is a sentence with its repair, without a traceback."""
    assert run(code).error.startswith(f"handgrad: {words}")
    assert "\n" not in run(code).error


def test_nothing_written_yet(run: Run) -> None:
    """Without any answer `check` reports it as a sentence."""
    assert "… not started: scale" in run('check("scale")').text


def test_the_checker_starts_again_when_it_is_gone(run: Run) -> None:
    """A checking process that was killed between two requests is restarted."""
    run(SCALE)
    run('check("scale")')
    run("SERVICE._process.kill(); SERVICE._process.wait()")
    run("from autograder.frontends.notebook.checking import SERVICE")
    assert "passed" in run('check("scale")').text


def test_an_endless_loop_ends(run: Run) -> None:
    """The checking process ends an endless loop by its time limit."""
    run(SCALE.replace("return x * w", "while True:\n        pass"))
    shown = run('check("scale")')
    assert "scale_forward" in shown.text and "error" in shown.text
    assert "✔ scale_backward: dx, dw, purity" in shown.text


def test_grade_is_a_plain_float_with_its_reasons(run: Run) -> None:
    """`grade` returns a float for nbgrader, prints the explanation on stdout, and nothing on stderr."""
    run(WRONG)
    shown = run('from autograder.frontends.notebook import grade as check\ncheck("scale")')
    assert shown.text == "5.5"
    assert "w is added" in shown.streams["stdout"]
    assert "stderr" not in shown.streams
    assert "float" == run('type(check("scale")).__name__').text.strip("'")


def test_the_course_is_found_from_the_notebook_s_folder(run: Run) -> None:
    """The course is found without the environment variable; where there is none, the error says so."""
    run("import os; known = os.environ.pop('HANDGRAD_COURSE')")
    assert "lies in no course" in run('check("scale")').error
    run(f"os.chdir({str(ROOT / 'tests' / 'tiny' / 'solutions')!r})")
    assert "not started: scale" in run('check("scale")').text
    run("os.environ['HANDGRAD_COURSE'] = known")
