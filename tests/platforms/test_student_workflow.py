"""The workflow of a student's repository, run for real in one: what a push checks again, and that nothing is missed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.platforms.runner import Job, Machine

ROOT = Path(__file__).parents[2]
FILE = "assignments/{}.py"
RIGHT = "def {0}(x):\n    return x\n"
# Stands in for the checker: it writes down what it was asked, and finds wrong what holds the word WRONG.
CHECKER = """\
#!/bin/bash
if test "$1" = --version; then exit 0; fi
printf '%s\\n' "${@:5}" > "$ASKED"
test ! -e "$BROKEN" || exit 3
mkdir -p handgrad-results
exec python -P - "${@:5}" <<'END'
import json, pathlib, sys
files = {path.stem: path.read_text() for path in pathlib.Path("assignments").glob("*/*.py")}
units = {path.stem: path.parent.name for path in pathlib.Path("record").glob("*/*.npz")}
names = [name for name in units if len(sys.argv) == 1 or name in sys.argv or units[name] in sys.argv]
wrong = [name for name in names if "WRONG" in files.get(name, "WRONG")]
found = [{"name": name, "status": "failed" if name in wrong else "passed"} for name in names]
pathlib.Path("handgrad-results/report.json").write_text(json.dumps({"exercises": found}))
sys.exit(bool(wrong))
END
"""


class Repository:
    """A student's repository with three exercises in two units, and the machine that runs its workflow."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder / "server" / "repository", folder / "asked"
        self.broken = folder / "broken"
        programs = folder / "bin"
        self.machine = Machine(
            server=str(folder / "server"), work=str(folder / "work"), path=f"{programs}:{os.environ['PATH']}",
            skipped=["Install the checker"], environment={"ASKED": str(self.asked), "BROKEN": str(self.broken)},
        )  # fmt: skip

    def begin(self) -> None:
        """Write the stand-in of the checker, and the repository as it is released."""
        programs = self.folder.parents[1] / "bin"
        programs.mkdir()
        (programs / "handgrad").write_text(CHECKER, encoding="utf-8")
        (programs / "handgrad").chmod(0o755)
        (programs / "python").symlink_to(sys.executable)
        for name in ("01_one/first", "01_one/second", "02_two/third"):
            self.write(FILE.format(name), RIGHT.format(name[7:]))
            self.write(f"record/{name}.npz", name)
        self.write("requirements.txt", "handgrad==0.1.0\n")
        shutil.copytree(ROOT / "autograder" / "platforms", self.folder / ".github" / "workflows",
                        ignore=lambda _, names: [name for name in names if name != "student.yml"])  # fmt: skip
        self.git("init", "--quiet", "--initial-branch", "main")

    def write(self, path: str, text: str) -> None:
        """Write a file of the student's."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, encoding="utf-8")

    def git(self, *words: str) -> str:
        """Run git in the repository."""
        who = ["-c", "user.name=student", "-c", "user.email=student@uni.example"]
        command = ["git", "-C", str(self.folder), *who, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def push(self, **github: str) -> tuple[int, list[str] | None]:
        """Commit everything and run the workflow; its exit code, and what was checked: [] for everything, None where
        nothing was."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "A push")
        self.asked.unlink(missing_ok=True)
        self.machine.github = github
        commit = self.git("rev-parse", "HEAD")
        workflow = yaml.safe_load(self.machine.show("repository", commit, ".github/workflows/student.yml"))
        (steps,) = (job["steps"] for job in workflow["jobs"].values())
        code = Job(self.machine, "repository", commit, {}, "feedback").steps(steps, {})
        return code, sorted(self.asked.read_text().split()) if self.asked.exists() else None


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a repository after its first push, in which everything is checked and right."""
    found = Repository(tmp_path_factory.mktemp("begun"))
    found.begin()
    assert found.push() == (0, [])
    return found.folder.parents[1]


@pytest.fixture
def repository(begun: Path, tmp_path: Path) -> Repository:
    """A copy of the student's repository after its first push, with what the machine keeps of it."""
    shutil.copytree(begun, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Repository(tmp_path)


def test_only_what_has_changed_is_checked(repository: Repository) -> None:
    """A changed and a deleted exercise; after that nothing, as everything is right or has changed back."""
    repository.write(FILE.format("01_one/second"), "# better\n" + RIGHT.format("second"))
    assert repository.push() == (0, ["second"])
    repository.write("README.md", "Hello.")
    assert repository.push() == (0, None)
    (repository.folder / FILE.format("02_two/third")).unlink()
    assert repository.push() == (1, ["third"])


def test_what_was_wrong_stays_wrong(repository: Repository) -> None:
    """An exercise that failed and is untouched is checked with each push, until it is right, then no more."""
    wrong = FILE.format("01_one/first")
    repository.write(wrong, "WRONG")
    assert repository.push() == (1, ["first"])
    assert repository.push() == (1, ["first"])
    repository.write(FILE.format("02_two/third"), "# better\n" + RIGHT.format("third"))
    assert repository.push() == (1, ["first", "third"])
    repository.write(wrong, "# better\n" + RIGHT.format("first"))
    assert repository.push() == (0, ["first"])
    assert repository.push() == (0, None)


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt", "record/01_one/first.npz", ".github/workflows/student.yml", "wheels/handgrad.whl",
        "pyproject.toml", "assignments/01_one/helpers.py", "assignments/01_one/first (1).py",
        "assignments/01_one/old/first.py", "assignments/work.ipynb", "assignments/02_two/first.py",
        'assignments/01_one/"quoted".py', "assignments/01_one/two\nlines.py",
    ],
)  # fmt: skip
def test_what_may_concern_all_checks_everything(repository: Repository, path: str) -> None:
    """The engine, the workflow, the records, modules, and files that are nobody's exercise."""
    old = (repository.folder / path).read_text(encoding="utf-8") if (repository.folder / path).exists() else ""
    repository.write(path, f"{old}\n# changed\n")
    assert repository.push() == (0, [])


def test_an_exercise_that_another_imports(repository: Repository) -> None:
    """What imports a changed exercise has changed with it."""
    repository.write(FILE.format("01_one/second"), "from first import first\n" + RIGHT.format("second"))
    assert repository.push() == (0, ["second"])
    repository.write(FILE.format("01_one/first"), "# better\n" + RIGHT.format("first"))
    assert repository.push() == (0, [])


def test_a_notebook_is_its_unit(repository: Repository) -> None:
    """All exercises of the unit are checked, for any cell may have changed."""
    repository.write("assignments/01_one/01_one.ipynb", "{}")
    assert repository.push() == (0, ["01_one"])


def test_history_that_is_gone(repository: Repository) -> None:
    """After a rewritten history the last run's commit is unknown, and everything is checked."""
    repository.git("checkout", "--quiet", "--orphan", "new")
    repository.git("commit", "--quiet", "--message", "All anew")
    repository.git("branch", "--quiet", "--delete", "--force", "main")
    repository.git("branch", "--move", "main")
    repository.git("reflog", "expire", "--expire=now", "--all")
    repository.git("gc", "--quiet", "--prune=now")
    assert repository.push() == (0, [])


def test_another_branch(repository: Repository) -> None:
    """A new branch begins with what the default branch knows; the default branch takes nothing from others."""
    repository.write(FILE.format("02_two/third"), "WRONG")
    assert repository.push(ref="refs/heads/try") == (1, ["third"])
    assert repository.push(ref="refs/heads/try") == (1, ["third"])
    repository.write(FILE.format("02_two/third"), RIGHT.format("third"))
    assert repository.push() == (0, None)


def test_a_fault_of_the_grader_is_no_last_run(repository: Repository) -> None:
    """What could not be checked is checked with the next push."""
    repository.write(FILE.format("01_one/first"), "# better\n" + RIGHT.format("first"))
    repository.broken.touch()
    assert repository.push() == (3, ["first"])
    repository.broken.unlink()
    assert repository.push() == (0, ["first"])


def test_by_hand_everything_is_checked(repository: Repository) -> None:
    """The button of the workflow asks for all."""
    assert repository.push(event_name="workflow_dispatch") == (0, [])


def test_each_script_says_how_long_it_took(repository: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    """In seconds, so that a slow step is seen."""
    repository.push()
    assert capfd.readouterr().out.count("This step took ") == 2
