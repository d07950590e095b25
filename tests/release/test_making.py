"""The files of a release, and that writing it overwrites no other file."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest

import autograder
from autograder.course.catalog import Course
from autograder.course.release_folder import INDEX, STUBS
from autograder.errors import CourseError, UsageError
from autograder.release.commitment import commitment
from autograder.release.making import make, pages, write
from tests.release.conftest import KEY


def readme(exercises, title, files, notebooks, committed):
    """Return the README of a release."""
    facts = {"title": title, "engine": "handgrad", "files": files, "notebooks": notebooks, "committed": committed}
    return pages(exercises, **facts)["README.md"]


def test_everything_is_there(tiny_files, tiny):
    """A release has stubs, records, the index, README, requirements, settings and workflow."""
    names = {path for path in tiny_files if not path.startswith(("assignments/", "record/01"))}
    assert names == {
        ".github/workflows/feedback.yml", ".gitignore", ".vscode/extensions.json", ".vscode/settings.json", INDEX,
        "README.md", "pyproject.toml", "requirements.txt", STUBS, ".devcontainer/devcontainer.json",
    }  # fmt: skip
    for name in tiny.names:
        assert f"assignments/01_tiny/{name}.py" in tiny_files and f"record/01_tiny/{name}.npz" in tiny_files


def test_the_stub_is_the_build_s(tiny_files):
    """The stub is the one that `build` writes, without the answer."""
    stub = tiny_files["assignments/01_tiny/scale.py"].decode()
    assert 'raise NotImplementedError("write scale_forward")' in stub and "handgrad check scale" in stub


def test_the_engine_is_pinned(tiny_files):
    """The requirement and the workflow install the engine's recording version."""
    assert f"handgrad=={autograder.__version__}\n" in tiny_files["requirements.txt"].decode()
    workflow = tiny_files[".github/workflows/feedback.yml"].decode()
    assert "-r requirements.txt" in workflow and "handgrad ci" in workflow and "contents: read" in workflow


def test_the_editor_finds_the_tests(tiny_files):
    """The settings enable pytest in the editor and the plugin in pytest."""
    assert "handgrad = true" in tiny_files["pyproject.toml"].decode()
    settings = json.loads(tiny_files[".vscode/settings.json"])
    assert settings["python.testing.pytestEnabled"] and settings["python.testing.pytestArgs"] == ["assignments"]


def test_the_page_tells_a_student_how_to_begin(tiny_files, tiny):
    """The README says how to install and check, and lists the exercises and the words of the feedback."""
    page = tiny_files["README.md"].decode()
    first = tiny.exercises()[0].name
    assert page.startswith("# A tiny course\n\n6 exercises, ")
    assert "pip install -r requirements.txt" in page and f"handgrad check {first}" in page
    assert "`handgrad check 01_tiny` the unit" in page
    for exercise in tiny.exercises():
        assert f"[{exercise.name}](assignments/01_tiny/{exercise.name}.py)" in page
    assert "handgrad reveal --verify FILE" in page and "{" not in page
    assert all(len(line) <= 120 for line in page.splitlines() if not line.startswith("|"))


COURSE = Course(Path(__file__).parents[2])
UNITS = sorted({folder.parent.name for folder in COURSE.folders.values()})


@pytest.mark.parametrize("unit", UNITS)
def test_the_page_s_commands_check_what_they_say(unit):
    """The README's commands check the exercise and the unit, also if an exercise has the unit's name."""
    names = COURSE.pick([unit])
    page = readme(COURSE.exercises(names), "Course", True, False, False)
    one, all_of_it = re.search(r"`handgrad check (\S+)` checks it, `handgrad check (\S+)` the unit", page).groups()
    assert COURSE.pick([one]) == [one] and one in names and f"`assignments/{unit}/{one}.py`" in page
    assert COURSE.pick([all_of_it]) == names and {COURSE.folders[name].parent.name for name in names} == {unit}
    assert f"`pytest assignments/{unit}`" in page and f"`pytest assignments/{unit}/{one}.py`" in page


def test_an_exercise_goes_before_a_unit_of_its_name():
    """`perceptron` picks the exercise, `01_perceptron` the unit; each exercise is picked alone by its name."""
    assert COURSE.pick(["perceptron"]) == ["perceptron"] != COURSE.pick(["01_perceptron"])
    assert "perceptron" in COURSE.pick(["01_perceptron"])
    assert all(COURSE.pick([name]) == [name] for name in COURSE.names)


def test_the_page_says_nothing_of_what_is_not_there(tiny):
    """Without notebooks and commitments the README does not mention them."""
    page = readme(tiny.exercises(["scale"]), "One", True, False, False)
    assert "One exercise, " in page and "ipynb" not in page and "reveal" not in page
    assert "assignments/01_tiny/01_tiny.ipynb" in readme(tiny.exercises(["scale"]), "One", True, True, True)


def test_the_index_says_what_it_was_made_with(tiny_files):
    """The index has engine, NumPy, seed, and a commitment for each exercise."""
    index = json.loads(tiny_files[INDEX])
    assert (index["title"], index["seed"], index["engine"]) == ("A tiny course", 5, autograder.__version__)
    assert index["commitments"].keys() == {name for name, *_ in index["exercises"]}
    assert KEY not in tiny_files[INDEX].decode()
    assert index["commitments"]["scale"] != commitment("scale", KEY)


def test_without_a_key_nothing_is_committed_to(tiny):
    """Without a key the index has no commitments, and the README mentions none."""
    files = make(tiny, tiny.exercises(["scale"]), "x")
    assert json.loads(files[INDEX])["commitments"] == {}
    assert {path for path in files if "/01_tiny/" in path} == {
        "assignments/01_tiny/scale.py", "record/01_tiny/scale.npz"
    }  # fmt: skip


def test_another_engine_can_be_named(tiny):
    """The requirement can be a commit of a repository."""
    files = make(tiny, tiny.exercises(["scale"]), "x", engine="handgrad @ git+https://example.org/h@1")
    assert "\nhandgrad @ git+https://example.org/h@1\n" in files["requirements.txt"].decode()


def test_a_vendored_engine_is_installed_from_its_wheel(tiny):
    """The requirement is the path of the wheel."""
    files = make(tiny, tiny.exercises(["scale"]), "x", vendor=True)
    (wheel,) = (path for path in files if path.endswith(".whl"))
    assert f"\n./{wheel}\n" in files["requirements.txt"].decode()


def test_a_course_that_does_not_build_is_not_released(course):
    """The error names the file and the line."""
    from autograder.course.catalog import Course

    path = course / "solutions" / "01_tiny" / "scale" / "solution.py"
    path.write_text(path.read_text(encoding="utf-8").replace("# END SOLUTION", "# over", 1), encoding="utf-8")
    held = Course(course)
    with pytest.raises(CourseError, match=r"solutions/01_tiny/scale/solution\.py: line \d+"):
        make(held, held.exercises(["ramp"]), "x")


def there(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_release_is_renewed(release, tiny, tiny_files):
    """Files of an earlier release are removed; the repository's own files are kept."""
    (release / ".git").mkdir()
    (release / ".git" / "HEAD").write_text("ref", encoding="utf-8")
    (release / "LICENSE").write_text("mine", encoding="utf-8")
    fewer = make(tiny, tiny.exercises(["scale"]), "A tiny course")
    write(release, fewer)
    assert there(release) == {**fewer, ".git/HEAD": b"ref", "LICENSE": b"mine"}
    write(release, fewer)
    write(release, tiny_files)
    assert there(release) == {**tiny_files, ".git/HEAD": b"ref", "LICENSE": b"mine"}


def test_a_student_s_work_is_never_overwritten(release, answer, tiny_files):
    """If a file was changed, the error names it, and the folder is unchanged."""
    answer("scale")
    before = there(release)
    with pytest.raises(UsageError, match=r"files that are not as they were released: assignments/01_tiny/scale\.py\. "):
        write(release, tiny_files | {"README.md": b"new"})
    assert there(release) == before


def test_a_folder_of_something_else_is_refused(tmp_path, tiny_files):
    """A folder with other files is refused, and nothing is written."""
    (tmp_path / "thesis.tex").write_text("…", encoding="utf-8")
    with pytest.raises(UsageError, match="holds something that is no release"):
        write(tmp_path, tiny_files)
    with pytest.raises(UsageError, match="holds something that is no release"):
        write(tmp_path / "thesis.tex", tiny_files)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_unchanged_release_is_renewed_without_a_change(course, tmp_path, tiny_files):
    """A recording has other times each time, so it is made anew only for an exercise that was changed."""
    held, make_it = Course(course), partial(make, title="A tiny course", seed=5, key=KEY)
    out = tmp_path / "out"
    write(out, make_it(held, held.exercises(["scale", "ramp"])))
    before = there(out)
    write(out, make_it(held, held.exercises(["scale", "ramp"]), earlier=out))
    assert there(out) == before
    hints = course / "solutions" / "01_tiny" / "ramp" / "hints.toml"
    hints.write_text((hints.read_text(encoding="utf-8") if hints.exists() else "") + "\n# changed\n", encoding="utf-8")
    files = make_it(held, held.exercises(["scale", "ramp"]), earlier=out)
    assert files["record/01_tiny/scale.npz"] == before["record/01_tiny/scale.npz"]
    assert json.loads(files[INDEX])["bases"]["ramp"] != json.loads(before[INDEX])["bases"]["ramp"]


@pytest.mark.parametrize("kinds", [("files",), ("notebooks",), ("files", "notebooks")])
def test_a_release_holds_what_was_asked_for(kinds):
    """Files, notebooks, or both; the README and its links name what is there."""
    files = make(COURSE, COURSE.exercises(["perceptron"]), "x", kinds=kinds)
    found = {path for path in files if path.startswith("assignments/")}
    unit = "assignments/01_perceptron"
    wanted = {"files": f"{unit}/perceptron.py", "notebooks": f"{unit}/01_perceptron.ipynb"}
    assert found == {wanted[kind] for kind in kinds}
    page = files["README.md"].decode()
    linked = set(re.findall(r"\]\((assignments/[^)]+)\)", page))
    assert linked == {wanted[kinds[0]]} and f"Open `{wanted[kinds[0]]}`" in page
    assert json.loads(files[STUBS]).keys() == ({"01_perceptron/perceptron.py"} if "files" in kinds else set())
    assert all(len(line) <= 120 for line in page.splitlines() if not line.startswith("|"))


def test_an_empty_repository_is_filled(tmp_path, tiny_files):
    """A fresh clone that holds only .git is filled."""
    (tmp_path / ".git").mkdir()
    write(tmp_path, tiny_files)
    assert there(tmp_path) == tiny_files
