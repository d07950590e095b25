"""Making a release from a course: its files, the search for secrets in them, and writing them to a folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.authoring.build.course import plan
from autograder.course.catalog import Course
from autograder.course.release_folder import INDEX, SCHEMA, STUBS, find_release
from autograder.errors import CourseError, UsageError
from autograder.release.commitment import commit
from autograder.release.leaks import Leak, engine_fingerprints, search, secrets
from autograder.release.pages import pages
from autograder.release.recording import record_exercise
from autograder.release.wheel import build_wheel
from autograder.report.engine import VERSION
from autograder.spec.exercise import Exercise

Files = dict[str, bytes]
"""Path in the repository → content."""


@dataclass(frozen=True)
class ReleaseTerms:
    """The settings of a release."""

    title: str
    """Title of the README."""
    seed: int = 0
    """Seed of the recorded inputs."""
    key: str = ""
    """The course's key, to which the release commits."""
    engine: str = f"handgrad=={VERSION}"
    """The requirement that installs the checker."""
    vendor: bool = False
    """Put the engine into the release as a wheel."""


class Leaked(Exception):
    """Raised if the files of a release hold secret code. leaks: all places."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        super().__init__("; ".join(f"{leak.path} {leak.what}" for leak in leaks[:5]))
        self.leaks = leaks


def make(
    course: Course, exercises: Sequence[Exercise], terms: ReleaseTerms,
    watch: Callable[[Sequence[Exercise]], Iterable[Exercise]] = lambda exercises: exercises,
) -> Files:  # fmt: skip
    """Return all files of a release. watch: iterates over the exercises, to show progress.

    CourseError if the assignments do not build.
    """
    commitments = commit(terms.key, [exercise.name for exercise in exercises])
    names, units = {exercise.name for exercise in exercises}, {exercise.unit for exercise in exercises}
    files = {path.as_posix(): text.encode() for path, text in _assignments(course).items()
             if path.parts[1] in units and (path.suffix != ".py" or path.stem in names)}  # fmt: skip
    notebooks = any(path.endswith(".ipynb") for path in files)
    engine = terms.engine
    if terms.vendor:
        wheel, data = build_wheel()
        files[f"wheels/{wheel}"], engine = data, f"./wheels/{wheel}"
    written = pages(exercises, title=terms.title, engine=engine, notebooks=notebooks, committed=bool(commitments))
    files |= {path: text.encode() for path, text in written.items()}
    for exercise in watch(exercises):
        files[f"record/{exercise.unit}/{exercise.name}.npz"] = record_exercise(exercise, terms.seed)
    stubs = {path.removeprefix("assignments/"): data.decode() for path, data in files.items()
             if path.startswith("assignments/") and path.endswith(".py")}  # fmt: skip
    files[STUBS] = (json.dumps(stubs, indent=1, ensure_ascii=False) + "\n").encode()
    files[INDEX] = _index(exercises, terms, commitments, files)
    return dict(sorted(files.items()))


def _assignments(course: Course) -> dict[Path, str]:
    try:
        return plan(course.root)
    except ValueError as error:
        raise CourseError(str(error)) from error


def _index(
    exercises: Sequence[Exercise], terms: ReleaseTerms, commitments: Mapping[str, str], files: Mapping[str, bytes]
) -> bytes:
    facts = {
        "schema": SCHEMA, "title": terms.title, "engine": VERSION, "numpy": np.__version__,
        "seed": terms.seed, "commitments": commitments,
        "exercises": [[e.name, e.unit, [function.name for function in e.functions]] for e in exercises],
        "files": {path: _digest(data) for path, data in sorted(files.items())},
    }  # fmt: skip
    return (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode()


def check_for_leaks(course: Course, files: Mapping[str, bytes]) -> None:
    """Raise Leaked if a file holds secret code of the course that is not in the engine, which is public."""
    secret = secrets(course.root)
    found = search(files, secret)
    if found:  # reading the engine takes time
        suspect = {path: files[path] for path in {leak.path.partition("!")[0] for leak in found}}
        found = search(suspect, secret.without(engine_fingerprints()))
    if found:
        raise Leaked(found)


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write a release into an empty folder, or over an earlier release, whose other files are removed.

    UsageError if `out` is anything else, or a file of the earlier release was changed since: no work is overwritten.
    """
    before = _before(out)
    there = {path: _digest((out / path).read_bytes()) for path in {**before, **files} if (out / path).is_file()}
    foreign = [path for path, found in there.items() if found not in (before.get(path), _at(files, path))]
    if foreign:
        words = f"{out} holds files that are not as they were released: {', '.join(foreign[:5])}"
        raise UsageError(f"{words}. Move them away, or give a new folder.")
    for name in before.keys() - files.keys():
        (out / name).unlink(missing_ok=True)
    for name, data in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _before(out: Path) -> Mapping[str, str]:
    """Return path → digest of the files of the release in `out`. INDEX counts as unchanged, and may be replaced."""
    release = find_release(out) if (out / INDEX).is_file() else None
    if release is None:
        if out.exists() and (not out.is_dir() or any(path.name != ".git" for path in out.iterdir())):
            raise UsageError(f"{out} holds something that is no release. Give a new folder, or an earlier release.")
        return {}
    return {**release.index.get("files", {}), INDEX: _digest((out / INDEX).read_bytes())}


def _at(files: Mapping[str, bytes], path: str) -> str | None:
    return _digest(files[path]) if path in files else None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
