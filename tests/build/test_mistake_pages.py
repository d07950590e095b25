"""Tests of the pages of common mistakes: every mistake with its hint, no code, and in step with mistakes.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.answers import answer_code, find_leak
from autograder.authoring.build.course import compare, plan, write
from autograder.authoring.build.mistakes import FOLDER, pages
from autograder.course.catalog import Course

COURSE = Course(Path(__file__).parents[2])
MISTAKES = '''"""Scale: wrong answers."""
from autograder.spec.exercise import convention, mistake

@mistake("scale_forward")
def w_added(x, w):
    """w is added,
    with *stars* and `code * w` and <b>."""
    return x + w

@convention("scale_backward")
def dw_averaged(dout, x, w):
    """Elsewhere this is right."""
    return dout * w, (dout * x).mean(0)

def helper(x):
    """No mistake."""
    return x
'''
SOLUTION = '"""Scale a table."""\n\ndef scale(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n'
PAGE, INDEX = FOLDER / "01_first.md", FOLDER / "README.md"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Create a unit of two exercises, one without mistakes, and a page that sets their order."""
    for name, text in (("scale", MISTAKES), ("alone", '"""None yet."""\n'), ("add", MISTAKES.replace("scale", "add"))):
        folder = tmp_path / "solutions" / "01_first" / name
        folder.mkdir(parents=True)
        (folder / "mistakes.py").write_text(text, encoding="utf-8")
        (folder / "solution.py").write_text(SOLUTION.replace("scale", name), encoding="utf-8")
    (tmp_path / "solutions" / "01_first" / "README.md").write_text("[scale](scale/) [add](add/)", encoding="utf-8")
    return tmp_path


def test_a_page_tells_names_and_hints(course: Path) -> None:
    """Mistakes are listed by exercise, in the unit's order, and by function; conventions are marked and markup is
    escaped."""
    page = pages(course)[PAGE]
    assert page.startswith("# Common mistakes: 01 first\n\n<!-- Made from solutions/ by `handgrad build`")
    assert "4 mistakes, as `handgrad check` names them." in page
    assert page.index("## scale") < page.index("## add") and "alone" not in page
    assert (
        "## scale\n\nScale a table.\n\n### `scale_forward`\n\n"
        "- **w added**: w is added, with \\*stars\\* and `code * w` and \\<b\\>.\n\n### `scale_backward`\n\n"
        "- **dw averaged** (right by another convention): Elsewhere this is right.\n"
    ) in page
    assert "return" not in page and "helper" not in page


def test_the_index_counts(course: Path) -> None:
    """The index counts units, exercises with mistakes, and mistakes."""
    assert pages(course)[INDEX].endswith("| [01 first](01_first.md) | 2 | 4 |\n| all | 2 | 4 |\n")


def test_a_course_without_mistakes_has_no_pages(tmp_path: Path) -> None:
    """A course without mistakes has neither pages nor an index."""
    (tmp_path / "solutions" / "01_first").mkdir(parents=True)
    assert pages(tmp_path) == {}


def test_pages_are_kept_in_step(course: Path) -> None:
    """Missing, outdated and stray pages are reported with the repair; files written by hand stay."""
    assert compare(course)[-2:] == [
        "docs/mistakes/01_first.md is missing; run: handgrad build",
        "docs/mistakes/README.md is missing; run: handgrad build",
    ]
    write(course)
    assert compare(course) == []
    path = course / "solutions" / "01_first" / "scale" / "mistakes.py"
    path.write_text(MISTAKES.replace("Elsewhere", "In Fortran"), encoding="utf-8")
    assert compare(course) == ["docs/mistakes/01_first.md differs from its mistakes.py; run: handgrad build"]
    (course / FOLDER / "09_gone.md").write_bytes((course / PAGE).read_bytes())
    (course / FOLDER / "mine.md").write_text("# Common mistakes of mine\n", encoding="utf-8")
    assert "docs/mistakes/09_gone.md has no solution any more; run: handgrad build" in compare(course)
    assert set(write(course)) == {PAGE, FOLDER / "09_gone.md"}
    assert (course / FOLDER / "mine.md").exists()


def test_the_course_s_pages_hold_every_mistake_and_no_answer() -> None:
    """The pages list the mistakes that the catalog loads, with names and hints, and no line of code of a solution."""
    made = plan(COURSE.root)
    for name in COURSE.names:
        exercise = COURSE.exercise(name)
        page = made[FOLDER / f"{exercise.unit}.md"]
        part = page[page.index(f"\n## {name}\n") :].split("\n## ")[1]
        assert part.count("\n- **") == len(exercise.mistakes)
        assert all(f"- **{mistake.name.replace('_', ' ')}**" in part for mistake in exercise.mistakes)
        assert find_leak(part, answer_code(exercise, COURSE.solution(name))) == ""
