"""The whole way once, on one machine: `python -m tests.platforms.rehearsal [FOLDER]` prints every command and output.

A server of bare repositories, a student's clone, a push that runs the workflow, the feedback, the instructor's night
over what was pushed, and the grades in a file for Canvas. Nothing leaves the machine, and nothing is downloaded.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
import venv
from pathlib import Path

from tests.house.test_house_rules import tracked
from tests.platforms.runner import WORKFLOW, Machine, save

ROOT = Path(__file__).parents[2]
COURSE = "course-2026"
STUDENTS = {"ada": "return dout * (x > 0)", "bob": "return dout * (dout > 0)", "carla": None}
CALLER = """\
name: handgrad
on: [push]
permissions:
  contents: read
jobs:
  feedback:
    uses: {course}/handgrad/.github/workflows/feedback.yml@{commit}
    with:
      engine: {course}/handgrad
      commit: {commit}
      names: relu
      course: .handgrad
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Layers (102),Final Score
    Points Possible,,,,,10.00,(read only)
"Lovelace, Ada",11,S1,alovelace,Block 1,,
"Builder, Bob",12,S2,bbuilder,Block 1,,
"Cortes, Carla",13,S3,ccortes,Block 1,,
"""
WHO = "submission,student\nada,alovelace\nbob,bbuilder\ncarla,ccortes\n"
PRIVATE = ("solutions", "reference")


class Stage:
    """The folder in which it all happens; says each command before it runs, and what it printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.server = self.folder / "server"
        self.log: list[str] = []
        self.python = self._environment()
        self.environment = {
            "PATH": f"{self.python.parent}:{os.environ['PATH']}", "HOME": str(self.folder), "LANG": "C.UTF-8",
            "GIT_AUTHOR_NAME": "student", "GIT_AUTHOR_EMAIL": "student@uni.example", "COLUMNS": "100",
            "GIT_COMMITTER_NAME": "student", "GIT_COMMITTER_EMAIL": "student@uni.example",
        }  # fmt: skip

    def _environment(self) -> Path:
        """A fresh Python for the runner, as setup-python gives it one; what the engine needs is already downloaded."""
        home = self.folder / "python"
        venv.create(home, with_pip=False, symlinks=True)
        site = sysconfig.get_path("purelib", "venv", vars={"base": str(home), "platbase": str(home)})
        (Path(site) / "downloaded.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        return home / "bin" / "python"

    def say(self, text: str) -> None:
        """Print, and remember."""
        print(text, flush=True)
        self.log.append(text)

    def do(self, *words: str | Path, cwd: Path | None = None, codes: tuple[int, ...] = (0,), **environment: str) -> str:
        """Run a command as the reader could; its output."""
        shown = shlex.join(str(word).replace(f"{self.folder}/", "").replace(sys.executable, "python") for word in words)
        where = f"{(cwd or self.folder).relative_to(self.folder)}".replace(".", "")
        self.say(f"\n{where}$ {shown}")
        done = subprocess.run(
            list(map(str, words)), cwd=cwd or self.folder, env={**self.environment, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        text = done.stdout.replace(f"{self.folder}/", "").rstrip()
        self.say(text)
        assert done.returncode in codes, f"{shown} ended with {done.returncode}"
        return text

    def repository(self, name: str, files: dict[str, bytes]) -> str:
        """A bare repository on the server with one commit; its hash."""
        bare, seed = self.server / COURSE / name, self.folder / "seeds" / name
        for path, data in files.items():
            (seed / path).parent.mkdir(parents=True, exist_ok=True)
            (seed / path).write_bytes(data)
        quiet = {"cwd": self.folder, "env": self.environment, "check": True, "capture_output": True, "text": True}
        for command in (
            ["git", "init", "--quiet", "--bare", "--initial-branch", "main", bare],
            ["git", "init", "--quiet", "--initial-branch", "main", seed],
            ["git", "-C", seed, "add", "--all"],
            ["git", "-C", seed, "commit", "--quiet", "--message", "As it was released"],
            ["git", "-C", seed, "push", "--quiet", bare, "main"],
        ):
            subprocess.run(command, **quiet)  # type: ignore[call-overload]
        done = subprocess.run(["git", "-C", seed, "rev-parse", "HEAD"], **quiet)  # type: ignore[call-overload]
        return str(done.stdout).strip()


def rehearse(folder: Path) -> Stage:
    """All of it; what happened is in the stage's log and folder."""
    stage = Stage(folder)
    machine = Machine(
        server=str(stage.server), work=str(stage.folder / "runner"), path=stage.environment["PATH"],
        skipped=["Allow the sandbox its namespaces"],
        environment={
            "LANG": "C.UTF-8", "COLUMNS": "100", "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_ROOT_USER_ACTION": "ignore", "PIP_NO_WARN_SCRIPT_LOCATION": "0",
            "PIP_NO_COMPILE": "1",
        },
        secrets={f"{COURSE}/private": {"HANDGRAD_KEY": "a long random text", "STUDENT_REPOSITORIES": "token"}},
    )  # fmt: skip
    release(stage, machine)
    for student, answer in STUDENTS.items():
        if answer:
            work(stage, student, answer)
    night(stage)
    gradebook(stage)
    return stage


def release(stage: Stage, machine: Machine) -> None:
    """The engine, the private course and a repository for each student, whose pushes run the workflow."""
    stage.say("═══ released: a repository for each student")
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in tracked()}
    engine = {name: data for name, data in files.items() if not name.startswith(("tests/", "docs/pictures/"))}
    commit = stage.repository("handgrad", engine)
    assignments = {name: data for name, data in files.items() if name.startswith("assignments/02_layers/relu")}
    caller = CALLER.format(course=COURSE, commit=commit).encode()
    for student in STUDENTS:
        stage.repository(f"layers-{student}", {**assignments, WORKFLOW: caller})
        hook = stage.server / COURSE / f"layers-{student}" / "hooks" / "post-receive"
        words = [sys.executable, "-m", "tests.platforms.runner", str(stage.folder / "machine.json")]
        repository = f"{COURSE}/layers-{student}"
        hook.write_text(
            f"#!/bin/sh\nread -r old new ref\ncd {shlex.quote(str(ROOT))}\n"
            f'{shlex.join(words)} {repository} "$new" || true\n', encoding="utf-8",
        )  # fmt: skip
        hook.chmod(0o755)
    roster = "".join(f"{student},{COURSE}/layers-{student}\n" for student in (*STUDENTS, "gone"))
    private = {name: data for name, data in files.items() if name.split("/")[0] in PRIVATE}
    private[WORKFLOW] = files["examples/instructor/grade.yml"]
    private["students.csv"] = f"student,repository\n{roster}".encode()
    # Without a network the engine comes from the server too; elsewhere this is a line such as handgrad==0.1.0.
    private["requirements.txt"] = b"./engine\n"
    private |= {f"engine/{name}": data for name, data in engine.items() if name.startswith("autograder/")}
    private |= {f"engine/{name}": engine[name] for name in ("pyproject.toml", "README.md", "LICENSE")}
    stage.repository("private", private)
    save(machine, stage.folder / "machine.json")
    stage.do("ls", stage.server / COURSE)


def work(stage: Stage, student: str, answer: str) -> None:
    """A student clones, writes, commits and pushes; the push shows what the workflow says."""
    stage.say(f"\n═══ {student} works")
    home = stage.folder / student
    stage.do("git", "clone", "--quiet", stage.server / COURSE / f"layers-{student}", home)
    path = home / "assignments" / "02_layers" / "relu.py"
    text = path.read_text(encoding="utf-8")
    for line in ("return np.maximum(x, 0.0)", answer):
        before, _, after = text.partition("raise NotImplementedError(")
        text = before + line + after[after.index(")") + 1 :]
    path.write_text(text, encoding="utf-8")
    stage.do("git", "commit", "--quiet", "--all", "--message", "relu", cwd=home)
    stage.do("git", "push", "--quiet", cwd=home)


def night(stage: Stage) -> None:
    """The instructor's workflow over all clones, in a repository that no student can see."""
    stage.say("\n═══ the instructor's night")
    private = stage.server / COURSE / "private"
    commit = stage.do("git", "-C", private, "rev-parse", "main")
    runner = (sys.executable, "-m", "tests.platforms.runner", stage.folder / "machine.json")
    stage.do(*runner, f"{COURSE}/private", commit, "only=relu", PYTHONPATH=str(ROOT))
    stage.do("git", "clone", "--quiet", "--branch", "results", private, stage.folder / "results")
    stage.do("head", "-n", "8", "results/feedback/bob.txt")


def gradebook(stage: Stage) -> None:
    """The results into Canvas's own export."""
    stage.say("\n═══ into the gradebook")
    (stage.folder / "canvas.csv").write_text(CANVAS, encoding="utf-8")
    (stage.folder / "who.csv").write_text(WHO, encoding="utf-8")
    command = (stage.python, "-m", "autograder.cli", "export", "canvas", "results", "canvas.csv")
    words = ("-o", "import.csv", "--students", "who.csv", "--course", "seeds/private")
    stage.do(*command, *words, HANDGRAD_KEY="a long random text")
    stage.do("cat", "import.csv")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        rehearse(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch))
