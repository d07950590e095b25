"""The whole way once, on one machine: `python -m tests.platforms.rehearsal [FOLDER]` prints every command and output.

A release, a server of bare repositories, students' clones, pushes that run the workflow, the feedback, the instructor's
night over what was pushed, and the grades in a file for Canvas. Nothing leaves the machine, nothing is downloaded.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from tests.house.test_house_rules import tracked
from tests.platforms.runner import Machine, save

ROOT = Path(__file__).parents[2]
ORG = "course-2026"
KEY = "a long random text, kept by the instructors"


@dataclass(frozen=True)
class Play:
    """What is rehearsed: a unit of a course, one of its exercises, and what turns the right answer into a wrong one."""

    course: Path
    unit: str
    exercise: str
    right: str
    wrong: str
    points: float

    @property
    def inside(self) -> str:
        """Where the course lies in this repository."""
        return self.course.relative_to(ROOT).as_posix()

    def answer(self) -> str:
        """The right one."""
        return (self.course / "solutions" / self.unit / self.exercise / "solution.py").read_text(encoding="utf-8")


LECTURE = Play(ROOT, "01_perceptron", "neuron", "return 1 / (1 + np.exp(-sums))", "return np.tanh(sums)", 10.0)
TINY = Play(ROOT / "tests" / "tiny", "01_tiny", "scale", "return x * w", "return x + w", 8.5)

CALLER = """\
name: feedback
on: [push]
permissions:
  contents: read
jobs:
  feedback:
    uses: {org}/handgrad/.github/workflows/feedback.yml@{commit}
    with:
      engine: {org}/handgrad
      commit: {commit}
      names: {exercise}
      course: .handgrad/{inside}
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (102),Final Score
    Points Possible,,,,,{points:.2f},(read only)
"Lovelace, Ada",11,S1,alovelace,Block 1,,
"Builder, Bob",12,S2,bbuilder,Block 1,,
"Cortes, Carla",13,S3,ccortes,Block 1,,
"Doe, Dora",14,S4,ddoe,Block 1,,
"""
WHO = "submission,student\nada,alovelace\nbob,bbuilder\ncarla,ccortes\ndora,ddoe\n"
STUDENTS = ("ada", "bob", "carla", "dora")
"""Right; wrong; right, in a repository that calls the reusable workflow; not begun."""


class Stage:
    """The folder in which it all happens; says each command before it runs, and what it printed."""

    def __init__(self, folder: Path, play: Play) -> None:
        self.folder, self.play = folder.resolve(), play
        self.server = self.folder / "server"
        self.log: list[str] = []
        self.python = self._environment()
        self.environment = {
            "PATH": f"{self.python.parent}:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "C.UTF-8",
            "GIT_AUTHOR_NAME": "student", "GIT_AUTHOR_EMAIL": "student@uni.example", "COLUMNS": "100",
            "GIT_COMMITTER_NAME": "student", "GIT_COMMITTER_EMAIL": "student@uni.example",
        }  # fmt: skip

    def _environment(self) -> Path:
        """A fresh Python for the runner, as setup-python gives it one, beside what would else be downloaded."""
        home, downloaded = self.folder / "python", self.folder / "downloaded"
        venv.create(home, with_pip=False, symlinks=True)
        downloaded.mkdir()
        for path in needed():
            (downloaded / path.name).symlink_to(path)
        site = sysconfig.get_path("purelib", "venv", vars={"base": str(home), "platbase": str(home)})
        (Path(site) / "downloaded.pth").write_text(f"{downloaded}\n", encoding="utf-8")
        return home / "bin" / "python"

    def say(self, text: str) -> None:
        """Print, and remember."""
        print(text, flush=True)
        self.log.append(text)

    def do(self, *words: str | Path, cwd: Path | None = None, **environment: str) -> str:
        """Run a command as the reader could; its output."""
        plain = [str(word).replace(f"{self.folder}/", "").replace(sys.executable, "python") for word in words]
        where = f"{(cwd or self.folder).relative_to(self.folder)}".replace(".", "")
        self.say(f"\n{where}$ {shlex.join(plain)}")
        done = subprocess.run(
            list(map(str, words)), cwd=cwd or self.folder, env={**self.environment, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        text = done.stdout.replace(f"{self.folder}/", "").rstrip()
        self.say(text)
        assert done.returncode == 0, f"{shlex.join(plain)} ended with {done.returncode}"
        return text

    def repository(self, name: str, files: dict[str, bytes]) -> str:
        """A bare repository on the server with one commit; its hash."""
        bare, seed = self.server / ORG / name, self.folder / "seeds" / name
        for path, data in files.items():
            (seed / path).parent.mkdir(parents=True, exist_ok=True)
            (seed / path).write_bytes(data)
        for command in (
            ["git", "init", "--quiet", "--initial-branch", "main", str(seed)],
            ["git", "-C", str(seed), "add", "--all", "--force"],
            ["git", "-C", str(seed), "commit", "--quiet", "--message", "As it was released"],
            ["git", "clone", "--quiet", "--bare", str(seed), str(bare)],
        ):
            subprocess.run(command, cwd=self.folder, env=self.environment, check=True)
        show = ["git", "-C", str(bare), "rev-parse", "main"]
        return subprocess.run(show, env=self.environment, check=True, capture_output=True, text=True).stdout.strip()


def needed() -> set[Path]:
    """Return the installed files and folders of handgrad's requirements, of pytest, hatchling and pip, and of theirs.

    They stand in for what pip would download. Other packages are left out, because each pip reads all metadata.
    """
    home, waiting, found = Path(sysconfig.get_path("purelib")), ["handgrad", "pytest", "hatchling", "pip"], set[str]()
    paths = set[Path]()
    while waiting:
        if (name := waiting.pop()) in found:
            continue
        found.add(name)
        try:
            here = distribution(name)
        except PackageNotFoundError:  # of another system or an older Python
            continue
        waiting += [re.split(r"[^\w.-]", need)[0] for need in here.requires or () if "extra ==" not in need]
        paths |= {home / file.parts[0] for file in here.files or () if name != "handgrad" and file.parts[0] != ".."}
    return paths


def rehearse(folder: Path, play: Play = LECTURE) -> Stage:
    """All of it; what happened is in the stage's log and folder."""
    stage = Stage(folder, play)
    released = release(stage)
    serve(stage, released)
    work(stage, "bob")
    kept(stage, "bob", "ada")
    work(stage, "ada")
    work(stage, "carla")
    again(stage)
    night(stage)
    gradebook(stage)
    return stage


def release(stage: Stage) -> dict[str, bytes]:
    """What students receive."""
    stage.say("═══ a release")
    command = (sys.executable, "-m", "autograder", "release", "release", "--unit", stage.play.unit, "--vendor")
    stage.do(*command, "--course", stage.play.course, HANDGRAD_KEY=KEY)
    return files_in(stage.folder / "release")


def files_in(folder: Path) -> dict[str, bytes]:
    """Path → bytes, of all files."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def serve(stage: Stage, released: dict[str, bytes]) -> None:
    """The engine, a repository for each student, whose pushes run the workflow, and the instructor's own."""
    stage.say("\n═══ the server")
    play = stage.play
    ours = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in tracked()}
    public = {name: data for name, data in ours.items() if not name.startswith("tests/") or "tests/tiny/" in name}
    commit = stage.repository("handgrad", public)
    caller = CALLER.format(org=ORG, commit=commit, exercise=play.exercise, inside=play.inside).encode()
    stubs = {name: data for name, data in released.items() if name.endswith(f"/{play.exercise}.py")}
    for student in STUDENTS:
        plain = student == "carla"
        stage.repository(f"hw1-{student}", {**stubs, ".github/workflows/feedback.yml": caller} if plain else released)
        hook = stage.server / ORG / f"hw1-{student}" / "hooks" / "post-receive"
        words = [sys.executable, "-m", "tests.platforms.runner", str(stage.folder / "machine.json")]
        hook.write_text(
            f"#!/bin/sh\nread -r old new ref\ncd {shlex.quote(str(ROOT))}\n"
            f'{shlex.join(words)} {ORG}/hw1-{student} "$new" || true\n', encoding="utf-8",
        )  # fmt: skip
        hook.chmod(0o755)
    stage.repository("private", private(play, released, ours))
    save(machine(stage), stage.folder / "machine.json")
    stage.do("ls", stage.server / ORG)


def private(play: Play, released: dict[str, bytes], ours: dict[str, bytes]) -> dict[str, bytes]:
    """The repository that no student sees: the course, who is in it, the engine, the workflow."""
    roster = "".join(f"{student},{ORG}/hw1-{student}\n" for student in (*STUDENTS, "gone"))
    course = files_in(play.course / "solutions")
    wheels = {name: data for name, data in released.items() if name.endswith(".whl")}
    return {
        **{f"solutions/{name}": data for name, data in course.items()},
        **{name: data for name, data in ours.items() if name.startswith("reference/")},
        **{path.name: path.read_bytes() for path in play.course.glob("*.py")},
        **wheels,
        "requirements.txt": "".join(f"./{name}\n" for name in wheels).encode(),
        "students.csv": f"id,repository\n{roster}".encode(),
        ".github/workflows/grade.yml": ours["examples/instructor/grade.yml"],
    }


def machine(stage: Stage) -> Machine:
    """The runner; what it would download is there, and what it would compile can wait."""
    return Machine(
        server=str(stage.server), work=str(stage.folder / "runner"), path=stage.environment["PATH"],
        skipped=["Allow the sandbox its namespaces"],
        environment={
            "LANG": "C.UTF-8", "COLUMNS": "100", "PYTHONPATH": str(stage.folder / "downloaded"),
            "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_WARN_SCRIPT_LOCATION": "0", "PIP_NO_COMPILE": "1",
        },
        secrets={f"{ORG}/private": {"HANDGRAD_KEY": KEY, "STUDENT_REPOSITORIES": "token", "STUDENT_FEEDBACK": "token"}},
    )  # fmt: skip


def work(stage: Stage, student: str) -> None:
    """A student clones, writes, commits and pushes; the push shows what the workflow says."""
    stage.say(f"\n═══ {student} works")
    play, home = stage.play, stage.folder / student
    stage.do("git", "clone", "--quiet", stage.server / ORG / f"hw1-{student}", home)
    answer = play.answer().replace(play.right, play.wrong if student == "bob" else play.right)
    (home / "assignments" / play.unit / f"{play.exercise}.py").write_text(answer, encoding="utf-8")
    if student == "bob":
        wheel = next((home / "wheels").iterdir())
        stage.do(stage.python, "-m", "pip", "install", "--quiet", wheel, **machine(stage).environment)
        stage.do("sh", "-c", f"handgrad check {play.exercise} || true", cwd=home)
    stage.do("git", "commit", "--quiet", "--all", "--message", "First try", cwd=home)
    stage.do("git", "push", "--quiet", cwd=home)


def kept(stage: Stage, of: str, student: str) -> None:
    """The student has pushed in an earlier week: a checker is kept, the one that another's push installed."""
    caches = stage.folder / "runner" / "cache" / ORG
    (venv,) = caches.glob(f"hw1-{of}/* handgrad-venv-*")
    shutil.copytree(venv, caches / f"hw1-{student}" / venv.name, symlinks=True)


def again(stage: Stage) -> None:
    """Bob pushes a note and leaves the answer wrong; what was wrong is checked again, by a checker that is kept."""
    stage.say("\n═══ bob pushes again")
    home = stage.folder / "bob"
    (home / "NOTES.md").write_text("I shall look at it tomorrow.\n", encoding="utf-8")
    stage.do("git", "add", "--all", cwd=home)
    stage.do("git", "commit", "--quiet", "--message", "A note", cwd=home)
    stage.do("git", "push", "--quiet", cwd=home)


def night(stage: Stage) -> None:
    """The instructor's workflow over all clones, in a repository that no student can see; twice."""
    stage.say("\n═══ the instructor's two nights")
    private = stage.server / ORG / "private"
    commit = stage.do("git", "-C", private, "rev-parse", "main")
    runner = (sys.executable, "-m", "tests.platforms.runner", stage.folder / "machine.json")
    for _ in range(2):
        stage.do(*runner, f"{ORG}/private", commit, f"only={stage.play.exercise}", PYTHONPATH=str(ROOT))
    stage.do("git", "clone", "--quiet", "--branch", "results", private, stage.folder / "results")
    stage.do("head", "-n", "8", "results/feedback/bob.txt")


def gradebook(stage: Stage) -> None:
    """The results into Canvas's own export."""
    stage.say("\n═══ into the gradebook")
    (stage.folder / "canvas.csv").write_text(CANVAS.format(points=stage.play.points), encoding="utf-8")
    (stage.folder / "who.csv").write_text(WHO, encoding="utf-8")
    command = (stage.python, "-m", "autograder", "export", "canvas", "results", "canvas.csv")
    stage.do(*command, "-o", "import.csv", "--students", "who.csv", "--course", "seeds/private", HANDGRAD_KEY=KEY)
    stage.do("cat", "import.csv")


if __name__ == "__main__":
    scratch = tempfile.mkdtemp()
    try:
        rehearse(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch))
    finally:
        shutil.rmtree(scratch)
