"""No entry point imports a file of the folder that it is started in, whatever the file is called.

The checkout holds a file for every top-level module that grading imports, and for every module of the standard library:
each writes its name into a marker file when it is imported.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platforms.test_ci_command import RIGHT, ROOT, TINY
from tests.platforms.test_classroom50 import ENVIRONMENT
from tests.platforms.test_gradescope import grade as gradescope
from tests.platforms.test_gradescope import harness

SCRIPT = Path(sys.executable).with_name("autograder")
LISTED = """
import sys
from autograder.cli.main import main
main({words!r})
print("\\n" + " ".join(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""
BESIDE = ("sitecustomize", "usercustomize", "conftest", "pip", "setuptools", "wheel", "IPython")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The top-level modules that grading imports, those of the standard library, and what Python itself looks for."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "in" / "ada").mkdir(parents=True)
    (folder / "in" / "ada" / "scale.py").write_text(RIGHT, encoding="utf-8")
    found: set[str] = set()
    for words in (
        ["grade", str(folder / "in"), "-o", str(folder / "out"), "--only", "scale", "--course", str(TINY)],
        ["ci", "scale", "--path", str(folder / "in"), "--course", str(TINY)],
    ):
        command = [sys.executable, "-c", LISTED.format(words=words)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        found |= set(done.stdout.splitlines()[-1].split())
    assert {"numpy", "rich", "autograder", "multiprocessing", "sqlite3", "subprocess"} <= found
    return {name for name in found | sys.stdlib_module_names | set(BESIDE) if name.isidentifier()}


@pytest.fixture
def checkout(names: set[str], tmp_path: Path) -> Path:
    """A right answer among hostile files, with settings of tools that read the working folder."""
    return hostile(tmp_path / "checkout", names, tmp_path / "imported")


def hostile(folder: Path, names: set[str], mark: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        text = f"with open({str(mark)!r}, 'a') as file:\n    file.write({name!r} + ' ')\n"
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    (folder / "evil.pth").write_text("import conftest\n", encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p conftest\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text("[build-system]\nbuild-backend = 'conftest'\n", encoding="utf-8")
    (folder / "scale.py").write_text(RIGHT, encoding="utf-8")
    return folder


def run(checkout: Path, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in the checkout; afterwards nothing of it has been imported."""
    foreign = ("GITHUB_", "HANDGRAD", "PYTHON")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    done = subprocess.run(
        list(map(str, words)), cwd=checkout, env={**clean, **environment}, capture_output=True, text=True, timeout=300
    )
    mark = checkout.parent / "imported"
    assert not mark.exists(), mark.read_text(encoding="utf-8")
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done


def test_the_marker_works(checkout: Path) -> None:
    """A Python that takes the working folder for its own imports the checkout's files."""
    with pytest.raises(AssertionError, match="autograder"):
        run(checkout, sys.executable, "-c", "import autograder")


def test_the_console_script(checkout: Path) -> None:
    """`check` and `ci`, the latter as the Action runs it, tell a right answer from a wrong one."""
    checked = json.loads(run(checkout, SCRIPT, "check", "scale", "--path", ".", "--json", "--course", TINY).stdout)
    assert checked["score"] >= 8.0
    run(checkout, SCRIPT, "ci", "--course", TINY, "--scale", "1", "--output", "out", "--", "scale")
    assert json.loads((checkout / "out" / "report.json").read_text(encoding="utf-8"))["score"] >= 8.0


@pytest.mark.parametrize(
    "words",
    [("grade", "..", "-o", "../../out"), ("validate", "."), ("list", "--path", "."), ("hint", "scale", "--path", ".")],
    ids=lambda words: words[0],
)
def test_other_commands_typed_inside(checkout: Path, words: tuple[str, ...]) -> None:
    """`grade` starts grader processes, which import nothing of the folder either."""
    names = ["--only", "scale"] if words[0] == "grade" else []
    run(checkout, SCRIPT, *words, *names, "--course", TINY)


def test_classroom_50(checkout: Path, tmp_path: Path) -> None:
    """The entry point in the assignment's bundle."""
    request_batch = shutil.copytree(TINY, tmp_path / "bundle")
    shutil.copy(ROOT / "examples" / "classroom50" / "autograder.py", request_batch)
    run(checkout, sys.executable, request_batch / "autograder.py", **ENVIRONMENT)
    result = json.loads((checkout / "result.json").read_text(encoding="utf-8"))
    scores = {test["test-name"]: test["score"] for test in result["tests"]}
    assert scores["scale"] >= 8


def test_gradescope(names: set[str], tmp_path: Path) -> None:
    """Both scripts, started inside the submission."""
    package = tmp_path / "layers.zip"
    run(tmp_path, SCRIPT, "export", "gradescope", package, "--only", "scale", "--course", TINY)
    root = harness(tmp_path / "autograder", package)
    hostile(root / "submission", names, tmp_path / "imported")
    done = gradescope(root, root / "submission")
    assert not (tmp_path / "imported").exists(), (tmp_path / "imported").read_text(encoding="utf-8")
    assert done.returncode == 0, done.stderr
    tests = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))["tests"]
    assert sum(test.get("score", 0) for test in tests) >= 8.0


def test_no_script_or_workflow_starts_python_without_the_switch() -> None:
    """`python -m` and `python -c` put the working folder first on the path; with -P or -I they do not."""
    places = [ROOT / "action.yml", *(ROOT / ".github").rglob("*.yml"), *(ROOT / "examples").rglob("*.yml"),
              *(ROOT / "examples").rglob("autograder.py"), *(ROOT / "autograder").rglob("*.yml"),
              *(ROOT / "autograder" / "platforms" / "gradescope").glob("*[!y]")]  # fmt: skip
    started = re.compile(r"""(?:python[\d.]*"?|\)"|\$name"|sys\.executable,)\s+["']?(-\w+)""")
    found = [(path, switch) for path in places if path.is_file()
             for switch in started.findall(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert len(found) >= 9
    assert {switch for _, switch in found} <= {"-P", "-I"}, found
