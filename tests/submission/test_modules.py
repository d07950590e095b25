"""Modules beside a program are part of it: of its identity, of its confinement, and of what live checks see."""

from __future__ import annotations

import ast
from pathlib import Path
from time import process_time

import pytest

from autograder.cli.validate import preview
from autograder.course.catalog import Course
from autograder.frontends.notebook.server import examine
from autograder.grading.grader import Grader
from autograder.grading.identity import identity
from autograder.grading.pipeline import Options
from autograder.sandbox.inside.loader import BESIDE, parse
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.choice import Candidate
from autograder.submission.definitions import read
from autograder.submission.folder import read_submission
from autograder.submission.listing import read_name
from autograder.submission.modules import kind_of
from autograder.submission.source import Source
from tests.submission.papers import notebook

NAMES = {"scale": ("scale_forward", "scale_backward")}
MAIN = "import tools\n\ndef scale_forward(x, w):\n    return tools.times(x, w)\n\n"
BACKWARD = "def scale_backward(dout, x, w):\n    return dout * w, (dout * x).sum(0)\n"
TOOLS = "def times(a, b):\n    return a * b\n"


def taken(folder: Path, files: dict[str, str]) -> Source:
    """Return the text that counts for `scale`."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found = read_submission(folder, NAMES)
    source = found.sources.get("scale") or found.module
    assert source is not None
    return source


def test_the_identity_covers_every_module(tmp_path: Path) -> None:
    """Two programs with one main file and other modules are two programs; a file that is not imported is no part."""
    one = taken(tmp_path / "a", {"scale.py": MAIN + BACKWARD, "tools.py": TOOLS})
    other = taken(tmp_path / "b", {"scale.py": MAIN + BACKWARD, "tools.py": TOOLS.replace("*", "+")})
    more = taken(tmp_path / "c", {"scale.py": MAIN + BACKWARD, "tools.py": TOOLS, "unused.py": "x = 1"})

    assert identity(one.text) == identity(more.text) != identity(other.text)
    assert (one.sha256 == more.sha256) and one.sha256 != other.sha256
    assert set(one.modules) == {"tools"}


def test_no_line_of_the_program_moves(tmp_path: Path) -> None:
    """The modules stand behind the text and are run before it."""
    text = MAIN + BACKWARD
    source = taken(tmp_path, {"scale.py": text, "tools.py": TOOLS})

    assert source.text.startswith(text.rstrip("\n"))
    first, *rest = parse(source.text, "scale.py")
    assert isinstance(first, ast.ClassDef) and first.name == BESIDE
    assert [type(each).__name__ for each in rest] == ["Import", "FunctionDef", "FunctionDef"]


def test_a_broken_program_keeps_its_modules(tmp_path: Path) -> None:
    """A quote that is not closed takes no module with it."""
    source = taken(tmp_path, {"scale.py": MAIN + BACKWARD + 'def more():\n    return """\n', "tools.py": TOOLS})

    assert any(isinstance(each, ast.ClassDef) and each.name == BESIDE for each in parse(source.text, "scale.py"))


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"scale.py": "from tools import scale_forward", "tools.py": "def scale_forward(x, w): return x"}, "written"),
        ({"scale.py": "from tools import scale_forward", "tools.py": "def scale_forward(x, w): pass"}, "stub"),
        ({"scale.py": "from tools import f as scale_forward", "tools.py": "def f(x, w): return x"}, "written"),
        ({"scale.py": "from tools import *", "tools.py": "def scale_forward(x, w): return x"}, "written"),
        ({"scale.py": "from a import scale_forward", "a.py": "from b import scale_forward",
          "b.py": "def scale_forward(x, w): return x"}, "written"),
        ({"scale.py": "from a import scale_forward", "a.py": "from b import scale_forward",
          "b.py": "from a import scale_forward"}, "imported"),
        ({"scale.py": "from gone import scale_forward"}, "imported"),
        ({"scale.py": "from tqdm import scale_forward"}, "imported"),
        ({"scale.py": "from tools import scale_forward", "tools.py": ""}, None),
    ],
)  # fmt: skip
def test_a_preview_follows_imports(tmp_path: Path, files: dict[str, str], kind: str | None) -> None:
    """What is imported counts as it is defined in the module."""
    source = taken(tmp_path, files)
    assert kind == kind_of(read(source.text), "scale_forward", source.modules)
    (seen,), _ = preview(read_submission(tmp_path, NAMES), NAMES)
    assert kind == (seen.functions[0].counts.kind if seen.functions[0].counts else None)


def test_a_live_check_and_a_grade_agree(tiny: Course, tmp_path: Path) -> None:
    """A notebook with a module beside it earns the same live, graded, and previewed; so does one with a bar."""
    bar = "from tqdm.auto import tqdm\n" + MAIN.replace("    return", "    for _ in tqdm(x): pass\n    return")
    exercise = tiny.exercise("scale")
    for main in (MAIN, bar):
        (tmp_path / "tools.py").write_text(TOOLS)
        (tmp_path / "n.ipynb").write_bytes(notebook(main, BACKWARD))
        with Sandbox("local") as sandbox:
            live = examine(tiny, sandbox, ["scale"], [main, BACKWARD], folder=str(tmp_path))
            graded = Grader(sandbox, Options(skip=frozenset({"speed"})))
            submission = read_submission(tmp_path, tiny.functions)
            (report,) = graded.grade(submission, [exercise]).exercises
        assert (report.status, live.exercises[0].status) == ("passed", "passed")
        (seen, *_), remarks = preview(submission, {"scale": NAMES["scale"]})
        assert seen.ready and remarks == []


@pytest.mark.parametrize("tier", ["sealed", "guarded"])
def test_a_module_is_confined_as_the_program_is(tier: str, tiny: Course, tmp_path: Path) -> None:
    """A module may do no more than the text: it opens no file, and finds nothing of the course."""
    if not _has(tier):
        pytest.skip(f"no tier {tier} on this machine")
    spy = "found = []\nfor path in ({!r}, '/etc/passwd'):\n    try:\n        found.append(open(path).read())\n"
    spy += "    except OSError:\n        pass\nif found:\n    raise SystemExit\n" + TOOLS
    submission = tmp_path / "alice"
    taken(submission, {"scale.py": MAIN + BACKWARD, "tools.py": spy.format(str(Path(__file__)))})
    with Sandbox(tier) as sandbox:
        read_it = read_submission(submission, tiny.functions)
        grader = Grader(sandbox, Options(skip=frozenset({"speed"})))
        (report,) = grader.grade(read_it, [tiny.exercise("scale")]).exercises
    assert report.status == "passed", report


def _has(tier: str) -> bool:
    from autograder.sandbox.tiers import best

    order = ("local", "guarded", "sealed")
    return order.index(best()) >= order.index(tier)


def test_names_and_texts_made_to_be_slow_are_not() -> None:
    """A name as long as an archive allows, and a text of many broken lines, cost no more than their length."""
    started = process_time()
    for name in ("a" + " 1" * 30_000, "12-34 - " + "- " * 30_000, "x" + "_" * 60_000 + "_attempt_"):
        assert read_name(name, folder=False) is None and Candidate((f"{name}.py",), NAMES, True).claim == ""
    assert read("def f(:\n" * 1_000 + "f'{" * 1_000).last("f")
    assert process_time() - started < 5.0
