"""No entry point runs a student's files with the rights of whoever starts it, wherever it is started.

Eve's checkout is a release with a right answer, a course of hers beside it, a file for every module that Python could
import, and settings of every tool that reads the working folder. Each of them leaves its name in `mark` when it is run.
Where a command is added, or another way to start the engine, `TABLE` or `ENTRIES` has to say how it is tried.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.cli import COMMANDS
from autograder.course.catalog import Course
from autograder.release.making import make, write
from tests import grammars
from tests.cli import forked
from tests.platforms.test_classroom50 import ENVIRONMENT

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "tiny"
TEXT = "import os\nwith open({mark!r}, 'a') as file:\n    file.write(__file__ + '\\n')\n"
BESIDE = ("sitecustomize", "usercustomize", "conftest", "setup", "tiny_oracle", "reference", "ipython_config",
          "jupyter_config", "jupyter_server_config", "nbgrader_config", "nbgrader_local", "noxfile")  # fmt: skip
SETTINGS = {
    "evil.pth": "import conftest\n",
    "pytest.ini": "[pytest]\nhandgrad = true\naddopts = -p conftest\n",
    "setup.cfg": "[tool:pytest]\naddopts = -p conftest\n",
    "tox.ini": "[pytest]\naddopts = -p conftest\n",
    "pyproject.toml": "[build-system]\nbuild-backend = 'conftest'\n[tool.pytest.ini_options]\naddopts = '-p evil'\n",
    ".env": "HANDGRAD_KEY=eve\nPYTHONSTARTUP=conftest.py\nPYTHONPATH=.\n",
    "course.toml": '[key]\nenv = "EVE"\nfile = "eve.key"\n',
    "eve.key": "eve's own key, as long as it has to be\n",
}
DRIVER = """
import builtins, os, sys
os.chdir({eve!r})
sys.path.append({root!r})  # of the server's tests.zygotes
_import = builtins.__import__

def _looking(*words, **more):  # also at an import of what is imported already, which would run nothing here
    if any(os.path.abspath(place).startswith({eve!r}) for place in sys.path):
        with open({mark!r}, "a") as file:
            print("sys.path holds her folder when", words[0], "is imported", file=file)
    return _import(*words, **more)

builtins.__import__ = _looking
"""
PRESSED = """
import autograder.frontends.watch.inputs
autograder.frontends.watch.inputs.Keys.press = lambda *_: "q"  # which ends the command
"""

# Command → its words. Those with {eve} are about her folder; {out} is new.
TABLE = {
    "check": "mean_square --path {eve}", "gradcheck": "mean_square --path {eve}", "hint": "mean_square --path {eve}",
    "watch": "mean_square --path {eve}",
    "list": "mean_square --path {eve}", "validate": "{eve} mean_square", "ci": "mean_square --path {eve}",
    "grade": "{class} -o {out} --only mean_square --jobs 1", "regrade": "{results} --jobs 1",
    "explain": "{results} eve mean_square", "export": "junit {results} -o {out}", "verify": "{results}",
    "gradescope": "--root {empty}", "nbgrader": "init {out}", "doctor": "", "release": "{out}", "reveal": "mean_square",
    "build": "--check", "audit": "mean_square --seeds 1 --jobs 1", "new": "01_tiny/{new}",
}  # fmt: skip
STUDENTS = ("check", "gradcheck", "hint", "watch", "list", "validate", "ci")
ANYWHERE = ("doctor", "gradescope", "export", "verify")
"""Commands that need no course; the last two take the key from one."""


@dataclass(frozen=True)
class Places:
    """Folders of one class, and the mark that her files leave."""

    root: Path

    def __getattr__(self, name: str) -> Path:
        return self.root / {"eve": "class/eve"}.get(name, name)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    found = Places(tmp_path_factory.mktemp("places"))
    shutil.copytree(TINY, found.course, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TINY, found.spare, ignore=shutil.ignore_patterns("__pycache__"))
    course = Course(found.course)
    write(found.eve, make(course, course.exercises(["mean_square"]), "Tiny", seed=5))
    hostile(found.eve, found.mark)
    right = Course(TINY).solution("mean_square")
    (found.eve / "assignments" / "01_tiny" / "mean_square.py").write_text(right, encoding="utf-8")
    found.empty.mkdir()
    return found


@cache
def packages() -> frozenset[str]:
    """Return the packages that are installed."""
    return frozenset(packages_distributions())


def hostile(folder: Path, mark: Path) -> None:
    """Fill a folder with files that leave a mark when they are run."""
    text = TEXT.format(mark=str(mark))
    names = {*sys.stdlib_module_names, *packages(), *BESIDE} - {"autograder", "tests", "benchmarks"}
    solutions = [path.relative_to(TINY) for path in TINY.glob("solutions/*/*/*.py")]
    beside = ["autograder/__init__.py", "autograder/cli/__init__.py", "profile_default/startup/00.py", ".pythonrc.py"]
    for path in (*(f"{name}.py" for name in names if name.isidentifier()), *solutions, *beside):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for name, words in SETTINGS.items():
        (folder / name).write_text(words, encoding="utf-8")
    _signed_repository(folder, mark)


def _signed_repository(folder: Path, mark: Path) -> None:
    """A clone whose configuration names programs; git runs one of them when it shows the signed commit of HEAD."""
    program = folder / "evil.sh"
    program.write_text(f"#!/bin/sh\necho git >> {mark}\n", encoding="utf-8")
    program.chmod(0o755)
    git = ["git", "-c", "init.defaultBranch=main", "-C", str(folder)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    tree = subprocess.run([*git, "mktree"], input=b"", capture_output=True, check=True).stdout.decode().strip()
    who = "eve <eve@uni.example> 1790000000 +0000"
    commit = f"tree {tree}\nauthor {who}\ncommitter {who}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n" \
        " -----END PGP SIGNATURE-----\n\nx\n"  # fmt: skip
    made = subprocess.run([*git, "hash-object", "-t", "commit", "-w", "--stdin"], input=commit.encode(),
                          capture_output=True, check=True).stdout.decode().strip()  # fmt: skip
    subprocess.run([*git, "update-ref", "refs/heads/main", made], check=True)
    for key, value in {"log.showSignature": "true", "gpg.program": program, "core.pager": program,
                       "core.fsmonitor": program, "core.hooksPath": folder}.items():  # fmt: skip
        subprocess.run([*git, "config", key, str(value)], check=True)


def environment(places: Places, **more: str) -> dict[str, str]:
    """A clean environment with the course's key."""
    foreign = ("GITHUB_", "HANDGRAD", "PYTHON", "EVE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    key = {"HANDGRAD_KEY": "a key of sixteen characters and more", "XDG_STATE_HOME": str(places.empty)}
    return {**clean, **key, "NO_COLOR": "1", **more}


def nothing_of_hers(places: Places) -> None:
    ran = places.mark.read_text(encoding="utf-8") if places.mark.exists() else ""
    places.mark.unlink(missing_ok=True)
    assert not ran, f"run: {ran}"


def run(places: Places, *words: str | Path, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """A process started in Eve's folder, or in another, which runs nothing of hers."""
    done = subprocess.run(
        list(map(str, words)), cwd=cwd or places.eve, env=environment(places, **more),
        capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    nothing_of_hers(places)
    return done


def drive(places: Places, lines: list[tuple[Path, list[str]]]) -> Iterator[tuple[list[str], int, str]]:
    """Run commands one after the other, as the installed script does; yield the words, exit code and output of each.

    All modules are imported in her folder, once, and each command is a fork. Sandboxes hand on their zygotes, of which
    the first ones start in her folder.
    """
    (places.root / "script").mkdir(exist_ok=True)
    driver = places.root / "script" / "handgrad"
    looking = DRIVER.format(eve=str(places.eve), root=str(ROOT), mark=str(places.mark))
    begin, main = forked.SERVER.split("\nif __name__", 1)
    driver.write_text(f"{looking}{begin}{PRESSED}\nif __name__{main}", encoding="utf-8")
    variables = environment(places)
    with subprocess.Popen([sys.executable, driver], stdin=-1, stdout=-1, text=True, env=variables) as server:
        for where, words in lines:
            done = forked.ask(server, words, where, variables, processes=True)
            nothing_of_hers(places)
            yield words, done.returncode, done.stdout + done.stderr
        server.communicate()
    nothing_of_hers(places)


def words_of(places: Places, name: str, eve: Path | str, number: int) -> list[str]:
    """The words of a command; {eve} may be `.`."""
    fields = {"out": places.root / f"out{number}", "new": f"new{number}", "eve": eve, "class": places.eve.parent,
              "results": places.results, "empty": places.empty}  # fmt: skip
    return [name, *(word.format(**fields) for word in TABLE[name].split())]


def test_every_command_is_tried() -> None:
    """A new command has to say how it is started; `start` reads an installed package alone."""
    assert {*TABLE, "start"} == set(COMMANDS)


def test_the_mark_works(places: Places) -> None:
    """A Python that takes the working folder for its own runs her files, and git her programs."""
    for command in ([sys.executable, "-c", "import autograder"], ["git", "show", "-s"]):
        with pytest.raises(AssertionError, match=r"autograder|git"):
            run(places, *command)


def test_commands(places: Places) -> None:
    """Each command typed in her folder with the course named, there without, in the course, and elsewhere.

    With --course, and in the course, each does its work with the course's exercises. In her folder there is a release:
    her record is data, her solutions are not run, her key is not taken. Elsewhere a course has to be named. A hand-in
    that is no release and looks like a course is refused where it is what is graded.
    """
    plain = places.root / "plain" / "eve"
    shutil.copytree(places.eve, plain, ignore=shutil.ignore_patterns("record", ".git"))
    lines, judges = list[tuple[Path, list[str]]](), list[Callable[[list[str], int, str], None]]()

    def add(where: Path, names: Iterable[str], eve: Path | str, judge: Callable[[list[str], int, str], None]) -> None:
        for name in names:
            lines.append((where, words_of(places, name, eve, len(lines))))
            judges.append(judge)

    add(places.eve, ["grade"], ".", works)  # the others read its results
    lines[0][1][lines[0][1].index("-o") + 1] = str(places.results)
    add(places.eve, [name for name in TABLE if name != "grade"], ".", works)
    for _, words in lines:
        course = places.spare if words[0] == "new" else places.course  # which is as it was afterwards
        words += ["--course", str(course)] if words[0] not in ("doctor", "gradescope") else []
    add(places.eve, (*STUDENTS, "export", "verify"), ".", works)
    add(places.eve, sorted({*TABLE} - {*STUDENTS, *ANYWHERE}), ".", refuses("is a student's release, and this needs"))
    add(places.course, (*STUDENTS, "grade"), places.eve, works)
    add(places.empty, ("check", "grade", "explain"), places.eve, refuses("--course"))  # all: tests/cli/test_paths.py
    add(plain, (*STUDENTS, "grade"), ".", refuses("which is graded: its spec.py files would be run. Name your course"))
    lines[-1][1][1] = str(plain.parent)
    for (words, code, said), judge in zip(drive(places, lines), judges, strict=True):
        judge(words, code, said)


def works(words: list[str], code: int, said: str) -> None:
    """A machine of Gradescope's is not here, and the tiny course has no pages to make notebooks of."""
    assert code == 2 if words[0] in ("gradescope", "nbgrader") else code in (0, 1), (words, said)
    assert "eve.key" not in said, said


def refuses(sentence: str) -> Callable[[list[str], int, str], None]:
    """Return a judge that wants exit code 2 and this sentence."""

    def judge(words: list[str], code: int, said: str) -> None:
        assert code == 2 and sentence in said, (words, said)

    return judge


def _classroom50(places: Places) -> None:
    bundle = shutil.copytree(places.course, places.root / "bundle")
    shutil.copy(ROOT / "examples" / "classroom50" / "autograder.py", bundle)
    done = run(places, sys.executable, bundle / "autograder.py", **ENVIRONMENT)
    result = json.loads((places.eve / "result.json").read_text(encoding="utf-8"))
    assert done.returncode == 0 and result["datetime"] == "2026-09-21T14:13:20Z", done.stderr
    assert {test["test-name"]: test["score"] for test in result["tests"]}["mean_square"] >= 5


def _server(places: Places) -> None:
    question = {"path": str(places.eve), "names": ["mean_square"], "tier": None, "course": str(places.course)}
    command = [sys.executable, "-P", "-m", "autograder.frontends.notebook.server"]
    done = subprocess.run(command, input=json.dumps(question) + "\n", capture_output=True, text=True, timeout=300,
                          cwd=places.eve, env=environment(places))  # fmt: skip
    nothing_of_hers(places)
    assert json.loads(done.stdout)["report"]["exercises"][0]["status"] == "passed"


def _notebook(places: Places) -> None:
    """The kernel runs the student's own cells; what it starts imports nothing of the folder."""
    text = f"{Course(TINY).solution('mean_square')}\nimport autograder\nprint(autograder.check('mean_square'))\n"
    (places.root / "cell.py").write_text(text, encoding="utf-8")
    done = run(places, sys.executable, "-P", places.root / "cell.py", HANDGRAD_COURSE=str(places.course))
    assert done.returncode == 0 and "mean_square" in done.stdout, done.stderr


def _pytest(places: Places) -> None:
    """pytest itself runs a conftest.py; the plugin imports no spec of hers, and not the answer."""
    file = places.eve / "assignments" / "01_tiny" / "mean_square.py"
    words = ["-P", "-m", "pytest", "--noconftest", "-p", "no:cacheprovider", "-v", "-c", places.course / "pytest.ini"]
    (places.course / "pytest.ini").write_text("[pytest]\nhandgrad = true\n", encoding="utf-8")
    done = run(places, sys.executable, *words, file, cwd=places.course)
    assert done.returncode in (0, 1) and "mean_square" in done.stdout, done.stdout + done.stderr


def _nbgrader(places: Places) -> None:
    """What nbgrader's hook asks of the checking process."""
    if find_spec("nbgrader") is None:  # importing it takes seconds
        pytest.skip("nbgrader is not installed")
    text = f"{grammars.WITHOUT}from pathlib import Path\n" \
        f"from autograder.frontends.nbgrader.plugin import grade_folder\n" \
        f"report = grade_folder(Path({str(places.eve)!r}), ['mean_square'])\n" \
        f"print(report.score / report.max_score)\n"  # fmt: skip
    done = run(places, sys.executable, "-P", "-c", text, HANDGRAD_COURSE=str(places.course))
    assert float(done.stdout) >= 0.9, done.stderr


ENTRIES: dict[str, Callable[[Places], None] | None] = {
    "handgrad": None, "autograder": None,  # the commands above
    "pytest11 handgrad": _pytest,
    "autograder/__main__.py": None,  # `python -P -m autograder`, by the scripts that are looked at below
    "autograder/frontends/notebook/server.py": _server,
    "autograder/frontends/notebook/checking.py": _notebook,
    "autograder/sandbox/worker.py": None,  # the student's own text, confined: tests/sandbox
    "autograder/frontends/nbgrader/plugin.py": _nbgrader,
    "autograder/frontends/nbgrader/course.py": None,  # of the instructor's nbgrader_config.py
    "autograder/batch/pool.py": None,  # `grade` above; tests/batch/test_cluster.py
    "autograder/platforms/gradescope/run_autograder": None,  # tests/platforms/test_gradescope.py
    "autograder/platforms/gradescope/setup.sh": None,  # runs when the image is built, before there is a student
    "action.yml": None, "examples/instructor/grade.yml": None,  # the commands above
    "autograder/platforms/student.yml": None,  # the same: tests/platforms
    "examples/classroom50/autograder.py": _classroom50,
}  # fmt: skip
STARTS = re.compile(
    r"__name__ == .__main__.|sys\.executable, .-P.|get_context\(.spawn.\)|from distributed import|SERVICE\.ask"
    r"|\((?:NbGrader|Export)\w+\):"
    r"|def configure\(c|^ +handgrad (?:ci|grade)|python\S* -P? ?-m autograder|/feedback\.yml@", re.MULTILINE
)  # fmt: skip


def test_every_entry_point_is_known() -> None:
    """A new script, hook, or module that starts a process or is started by another program has to be in the table."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = {*project["scripts"], *(f"pytest11 {name}" for name in project["entry-points"]["pytest11"])}
    paths = [ROOT / "action.yml", *(ROOT / "examples").rglob("*.yml"), *(ROOT / "examples" / "classroom50").glob("*")]
    paths += [path for path in (ROOT / "autograder").rglob("*") if path.suffix in ("", ".py", ".sh", ".yml")]
    for path in (path for path in paths if path.is_file() and "cli" not in path.parts):
        if STARTS.search(path.read_text(encoding="utf-8")):
            found.add(path.relative_to(ROOT).as_posix())
    assert found == set(ENTRIES), found ^ set(ENTRIES)


@pytest.mark.parametrize("name", [name for name, start in ENTRIES.items() if start])
def test_entry_points(places: Places, name: str) -> None:
    """Each is started in her folder, grades her answer, and runs nothing else of hers."""
    start = ENTRIES[name]
    assert start is not None
    start(places)


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
