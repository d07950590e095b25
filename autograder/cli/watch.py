"""Check on every save: the current exercise, what is wrong with it, a hint when you want one, and what comes next.

What is done is remembered beside your files, so that tomorrow begins where today ended.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.cli import arguments

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from autograder.course.catalog import Course
    from autograder.frontends.watch.files import Files
    from autograder.frontends.watch.keys import Keys
    from autograder.frontends.watch.progress import Progress, State
    from autograder.frontends.watch.scene import Scene
    from autograder.report.report import Report
    from autograder.sandbox import Sandbox
    from autograder.spec.exercise import Exercise

LOOK = 0.2
"""Seconds between two looks at the files."""


def configure(parser: argparse.ArgumentParser) -> None:
    """[NAMES] [--path DIR]."""
    arguments.add_names(parser, "go through")
    parser.add_argument("--path", type=arguments.path, metavar="DIR", help="your files (default: assignments/)")
    arguments.add_course(parser)


def run(args: argparse.Namespace) -> int:
    """Check on every save until q is pressed; exit 0 when everything is done, else 1."""
    from rich.console import Console

    from autograder.frontends.watch.files import Files
    from autograder.frontends.watch.keys import keys
    from autograder.frontends.watch.progress import load
    from autograder.sandbox import Sandbox

    course, folder = arguments.open_files(args)
    exercises = course.exercises(arguments.named(args, course))
    files = Files(folder, course.names)
    with Sandbox("local") as sandbox, keys() as pressed:
        known = {exercise.name: exercise for exercise in exercises}
        walk = WatchState(folder, known, course, sandbox, load(folder))
        walk.start()
        loop(walk, files, pressed, Console())
    return 0 if all(state == "done" for state in walk.found.values()) else 1


def loop(walk: WatchState, files: Files, pressed: Keys, console: Console) -> None:
    """Show the scene, wait for a key or a saved file, and act on it."""
    shown: Scene | None = None
    while True:
        scene = walk.scene()
        if scene != shown:
            _show(scene, console)
            shown = scene
        key = pressed.press(LOOK)
        if key == "q":
            return
        saved = [name for name in files.changed() if name in walk.exercises]
        if saved:
            walk.go(saved[-1])
        elif key:
            walk.press(key)


def _show(scene: Scene, console: Console) -> None:
    from autograder.frontends.watch.scene import lines
    from autograder.render.terminal import print_lines

    console.clear()
    print_lines(lambda page: lines(scene, page), console)


@dataclass
class WatchState:
    """The exercises, the current one, its report and the hints that were asked for."""

    folder: Path
    exercises: Mapping[str, Exercise]
    course: Course
    sandbox: Sandbox
    progress: Progress
    report: Report | None = None
    hints: int = 0
    listing: bool = False

    @property
    def found(self) -> dict[str, State]:
        """Return every exercise's state."""
        from autograder.frontends.watch.progress import states

        return states(self.exercises.values(), self.progress.done)

    def start(self) -> None:
        """Go to the exercise of the last session, or to the first that is open."""
        from autograder.frontends.watch.progress import following

        self._forget()
        here = self.progress.current
        self.go(here if here in self.exercises else following(self.found, None))

    def go(self, name: str | None) -> None:
        """Check this exercise and show it."""
        from autograder.frontends.watch.progress import save

        same = name == self.progress.current
        self.progress.current, self.listing = name, False
        self.hints = self.hints if same else 0
        self.report = self._grade(name) if name else None
        self._forget()
        save(self.folder, self.progress)

    def press(self, key: str) -> None:
        """Act on a key; ignore others."""
        from autograder.frontends.watch.scene import ladder

        if key == "h":
            self.hints = min(self.hints + 1, max(len(ladder(self.report)) if self.report else 0, 1))
        elif key == "l":
            self.listing = not self.listing
        elif key == "r":
            self.go(self.progress.current)
        elif key in ("n", "p"):
            self._step(key)

    def scene(self) -> Scene:
        """Return what the screen shows now."""
        from autograder.frontends.watch.scene import Scene

        current = self.progress.current
        needs = self.exercises[current].requires if current and current in self.exercises else ()
        return Scene(
            self.found,
            sum(self.progress.points.get(name, 0.0) for name in self.exercises),
            sum(exercise.max_score for exercise in self.exercises.values()),
            current,
            self.report,
            self.hints,
            self.listing,
            tuple(need for need in needs if self.found.get(need, "done") != "done"),
            list(self.report.notes) if self.report else [],
        )

    def _step(self, key: str) -> None:
        from autograder.frontends.watch.progress import following

        if key == "n":
            self.go(following(self.found, self.progress.current))
            return
        names = list(self.exercises)
        here = names.index(self.progress.current) if self.progress.current in names else 0
        self.go(names[here - 1])

    def _grade(self, name: str) -> Report | None:
        from autograder.grading.grader import grade
        from autograder.grading.pipeline import Options
        from autograder.submission.folder import read_submission

        submission = read_submission(self.folder, self.course.functions)
        if name not in submission.sources and name not in submission.refused and submission.module is None:
            return None
        report = grade(submission, self.course, [self.exercises[name]], self.sandbox, Options(reveal=True))
        self.progress.note(report.exercises[0])
        return report

    def _forget(self) -> None:
        from autograder.submission.folder import read_submission

        self.progress.forget_changed(read_submission(self.folder, self.course.functions).hashes(self.course.functions))
