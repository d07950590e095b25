"""One session of `handgrad watch`: the current exercise, its verdict, and what each key and each saved file does."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from autograder.authoring.build.course import stub_text
from autograder.course.catalog import Course, Outline
from autograder.course.release_folder import STUBS, Release
from autograder.frontends.watch.hints import next_hint, state_of
from autograder.frontends.watch.inputs import Files, Keys
from autograder.frontends.watch.progress import FOLDER, Progress, Seen, State, following, save, seen_in, states
from autograder.frontends.watch.screen import Scene, rows, scene_lines
from autograder.grading.grader import grade
from autograder.grading.pipeline import Options
from autograder.render.terminal import print_lines
from autograder.sandbox.sandbox import Sandbox
from autograder.submission.folder import read_submission
from autograder.submission.source import Submission

LOOK, AGAIN = 0.04, 0.015
"""Seconds between two looks at the files, and after a look that saw a change."""
_PAGE = 10
_LINED = ("vi", "vim", "nvim", "nano", "emacs", "micro", "hx", "kak")
"""Editors that take +LINE before a file."""


@dataclass(kw_only=True)
class WatchSession(Scene):
    """A session of `handgrad watch`: the data on its screen, and the actions of keys and of saved files."""

    folder: Path
    """The student's files."""
    exercises: Mapping[str, Outline]
    """The exercises to go through, in teaching order."""
    course: Course
    """The course."""
    sandbox: Sandbox
    """Where the student's code runs."""
    progress: Progress
    """The student's progress, as it is recorded."""
    keys: Keys
    """The terminal's keys."""
    reset: str = ""
    """Exercise that y resets."""
    submission: Submission = field(default_factory=lambda: Submission("", {}, {}))
    """The files as they were last read."""
    seen: Seen = field(default_factory=dict)
    """The state of each exercise's text when the files were last read."""

    def start(self) -> None:
        """Go to the exercise of the last session, else to the first that is begun, else to the first that is open."""
        self._read()
        here = self.progress.current
        begun = [name for name in self.exercises if name in self.progress.begun]
        self.go(here if here in self.exercises else begun[0] if begun else following(self._states(), None))

    def go(self, name: str | None, submission: Submission | None = None) -> None:
        """Check this exercise and show it. submission: the files, if they have just been read."""
        self.progress.current, self.chosen = name, None
        self.hint, self.skip, self.said, self.reset = None, 0, "", ""
        submission, self.report = submission or self._read(), None
        if name and (name in submission.sources or name in submission.refused or submission.module):
            exercise = self.course.exercise(name)
            self.report = grade(submission, self.course, [exercise], self.sandbox, Options(reveal=True))
            self.progress.note(self.report.exercises[0])
        save(self.folder, self.progress)

    def saved(self) -> None:
        """Check the exercise that was saved: the current one if it has changed, else the first changed one."""
        before = self.seen
        submission = self._read()
        changed = [name for name in self.exercises if self.seen.get(name) != before.get(name)]
        if changed:
            self.go(self.progress.current if self.progress.current in changed else changed[0], submission)

    def press(self, key: str) -> None:
        """Do what a key stands for, or answer the question that is shown; other keys do nothing."""
        asked, self.reset, self.said = self.reset, "", ""
        if asked:
            if key == "y":
                self._reset(asked)
        elif self.chosen is not None:
            self._choose(key, self.chosen)
        else:
            self._act(key)

    def _act(self, key: str) -> None:
        name = self.progress.current
        if key == "l":
            self.chosen = name or next(iter(self.exercises))
        elif key == "n":
            self.go(following(self._states(), name))
        elif key == "p":
            names = list(self.exercises)
            self.go(names[names.index(name) - 1 if name in names else -1])
        elif key == "r":
            self.go(name)
        elif key == "e" and name:
            self._edit(name)
        elif key == "h" and name and self.report:
            state, (graded,) = state_of(self.course, self.seen, name), self.report.exercises
            self.hint, self.skip = next_hint(self.folder, self.course.exercise(name), graded, state), 0
        elif key in (" ", "down", "page down"):
            self.skip += 1 if key == "down" else _PAGE
        elif key in ("b", "up", "page up"):
            self.skip = max(self.skip - (1 if key == "up" else _PAGE), 0)
        elif key in ("esc", "enter"):
            self.hint, self.skip = None, 0

    def _choose(self, key: str, chosen: str) -> None:
        """Do what a key stands for while the list is shown. chosen: the exercise that is chosen in it."""
        names = list(self.exercises)
        steps = {"up": -1, "k": -1, "down": 1, "j": 1, "page up": -_PAGE, "page down": _PAGE, " ": _PAGE}
        if key in steps:
            self.chosen = names[min(max(names.index(chosen) + steps[key], 0), len(names) - 1)]
        elif key == "enter":
            self.go(chosen)
        elif key == "x":
            self.reset = chosen
            kept = f"Your text is kept in {FOLDER}/."
            self.said = f"Put {chosen} back to how you got it? {kept} y yes, other keys no"
        elif key == "e":
            self._edit(chosen)
        elif key in ("l", "esc"):
            self.chosen = None

    def refresh(self) -> None:
        """Update the rows, the path and the notes that the screen shows, from the progress and the files."""
        self.rows, self.current = rows(self.exercises.values(), self.progress), self.progress.current
        path = self._path(self.current) if self.current else None
        self.place = shown_path(path) if path else ""
        self.notes = list(self.report.notes) if self.report else []

    def _states(self) -> dict[str, State]:
        return states(self.exercises.values(), self.progress)

    def _path(self, name: str) -> Path | None:
        """Return the file that counts for an exercise; None without one."""
        read = self.submission
        source = read.sources.get(name) or read.refused.get(name) or read.module
        path = (self.folder if self.folder.is_dir() else self.folder.parent) / source.origin if source else None
        return path if path and path.is_file() else None

    def _edit(self, name: str) -> None:
        """Open the file in $VISUAL or $EDITOR, at the line of the first problem."""
        path, editor = self._path(name), os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if path is None:
            self.said = f"{name} has no file yet."
        elif not editor:
            self.said = f"Open {shown_path(path)}. With `export EDITOR=nano`, or another editor, this key does it."
        else:
            words = shlex.split(editor)
            findings = self.report.exercises[0].findings if self.report and name == self.progress.current else ()
            wrong = (found.line for found in findings if found.line and not found.cell and found.status != "passed")
            if os.path.basename(words[0]) in _LINED and (line := next(wrong, None)):
                words.append(f"+{line}")
            words.append(str(path))
            self.keys.pause()
            try:
                subprocess.run(words, check=False)
            except OSError as error:
                self.said = f"{editor} does not start: {error.strerror}. Set EDITOR to another command."
            self.keys.resume()

    def _reset(self, name: str) -> None:
        """Replace the file of an exercise by the one that students receive; the present text is kept in a copy."""
        text, path = original(self.course, self.exercises[name]), self._path(name)
        if path and path.suffix != ".py":
            self.said = f"{name} stands in {shown_path(path)}: put its cell back by hand."
            return
        if text is None:
            self.said = f"How {name} began is not known here. Get its file again from your course's repository."
            return
        if path:
            kept = self.folder / FOLDER / "before_reset" / f"{name}.py"
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(path.read_bytes())
        path = path or self.folder / self.exercises[name].unit / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        self.progress.forget(name)
        self.go(name)
        self.said = f"{shown_path(path)} is as you got it."

    def _read(self) -> Submission:
        """Read and return the student's files, and mark the exercises changed since they passed."""
        self.submission = read_submission(self.folder, self.course.functions)
        self.seen = seen_in(self.submission, self.course.functions)
        self.progress.compare(self.seen)
        return self.submission


def original(course: Course, exercise: Outline) -> str | None:
    """Return the text of the file that students begin with, built by a course or held by a release; None if unknown."""
    if isinstance(course, Release):
        path = course.root / STUBS
        texts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        found = texts.get(f"{exercise.unit}/{exercise.name}.py")
        return found if isinstance(found, str) else None
    return stub_text(course.root, course.folders[exercise.name] / "solution.py")


def shown_path(path: Path) -> str:
    """Return a path relative to the working folder, if it lies in it."""
    near = os.path.relpath(path)
    return str(path) if near.startswith("..") else near


def loop(session: WatchSession, files: Files, console: Console) -> None:
    """Show the scene, wait for a key or a saved file, and act on it, until q is pressed."""
    changed = True
    while True:
        if changed:
            session.refresh()
            console.clear()
            print_lines(lambda page: scene_lines(session, page, console.height), console)
        key = session.keys.press(AGAIN if files.moving else LOOK)
        if key == "q":
            return
        if changed := bool(files.changed()):
            session.saved()
        elif changed := bool(key):
            session.press(key)
