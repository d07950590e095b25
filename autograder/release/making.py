"""Making a release from a course: its files, the search for secrets in them, and writing them to a folder.

Besides exercises and records these are a README, requirements, and settings of editors and services.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from autograder.authoring.build.course import plan
from autograder.course.catalog import Course, outline
from autograder.course.policy.course import assignments, to_index
from autograder.course.policy.policy import Assignment
from autograder.course.release_folder import INDEX, SCHEMA, STUBS, find_release
from autograder.errors import CourseError, UsageError
from autograder.grading.pipeline import Options
from autograder.grading.suite import suites
from autograder.release.commitment import commit
from autograder.release.recording import record_exercise
from autograder.release.wheel import build_wheel
from autograder.report.engine import VERSION
from autograder.spec.exercise import Exercise


def pages(exercises: Sequence[Exercise], assignments: Sequence[Assignment] = (), **facts: Any) -> dict[str, str]:
    """Return the text of each page by its path: the folder templates/ holds the templates at the same paths.

    facts: title, engine (the requirement that installs the checker), files and notebooks (where students write), and
    committed.
    """
    import jinja2

    environment = jinja2.Environment(loader=jinja2.PackageLoader("autograder.release"), keep_trailing_newline=True,
                                     undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    points = {exercise.name: exercise.max_score for exercise in exercises}
    worth = {each.name: sum(points[name] for name in each.exercises) if each.points is None else each.points
             for each in assignments}  # fmt: skip
    facts |= {"exercises": exercises, "first": exercises[0], "assignments": assignments, "worth": worth,
              "number": "{:g}".format, "date": lambda when: f"{when:%Y-%m-%d %H:%M %Z}" if when else ""}  # fmt: skip
    names = environment.list_templates(["j2"])
    made = {name.removesuffix(".j2"): environment.get_template(name).render(facts) for name in names}
    workflow = resources.files("autograder.platforms").joinpath("student.yml").read_text("utf-8")
    return made | {".github/workflows/feedback.yml": workflow}


Files = dict[str, bytes]
"""Path in the repository → content."""


def make(
    course: Course, exercises: Sequence[Exercise], title: str, *, seed: int = 0, key: str = "",
    engine: str = f"handgrad=={VERSION}", vendor: bool = False, kinds: Collection[str] = ("files", "notebooks"),
    watch: Callable[[Sequence[Exercise]], Iterable[Exercise]] = lambda exercises: exercises,
    earlier: Path | None = None,
) -> Files:  # fmt: skip
    """Return all files of a release.

    seed: of the recorded inputs. key: the course's, to which the release commits. engine: the requirement that installs
    the checker; vendor: bring it along as a wheel instead. kinds: students write in "files", in "notebooks", or in
    either. watch: iterates over the exercises, to show progress.

    earlier: folder of an earlier release, whose record of an exercise is kept if all that it depends on is unchanged: a
    new recording has other times. CourseError if the assignments do not build.
    """
    commitments = commit(key, [exercise.name for exercise in exercises])
    names, units = {exercise.name for exercise in exercises}, {exercise.unit for exercise in exercises}
    assigned = [each for each in assignments(course).values() if names.issuperset(each.exercises)]
    try:
        planned = plan(course.root, names)
    except ValueError as error:
        raise CourseError(str(error)) from error
    files = {path.as_posix(): text.encode() for path, text in planned.items()
             if path.parts[1] in units and (path.suffix != ".py" or path.stem in names)
             and ("notebooks" if path.suffix == ".ipynb" else "files") in kinds}  # fmt: skip
    if not files:
        raise UsageError("no unit has a notebook: write solutions/<unit>/README.md.")
    stubs = {path.removeprefix("assignments/"): data.decode() for path, data in files.items() if path.endswith(".py")}
    facts = {"title": title, "engine": engine, "committed": bool(commitments),
             "files": "files" in kinds, "notebooks": any(path.endswith(".ipynb") for path in files)}  # fmt: skip
    if vendor:
        wheel, data = build_wheel()
        files[f"wheels/{wheel}"], facts["engine"] = data, f"./wheels/{wheel}"
    files |= {path: text.encode() for path, text in pages(exercises, assigned, **facts).items()}
    # By exercise: a digest of all that its record depends on, but for the machine's speed.
    bases = {name: _digest(f"{suite.sha256} {np.__version__} {seed}".encode())
             for name, suite in sorted(suites(course, names, Options(), "local").items())}  # fmt: skip
    kept = _kept(earlier, bases) if earlier else {}
    for exercise in watch(exercises):
        path = f"record/{exercise.unit}/{exercise.name}.npz"
        files[path] = kept.get(path) or record_exercise(exercise, seed)
    files[STUBS] = _json(stubs)
    files[INDEX] = _json({
        "schema": SCHEMA, "title": title, "engine": VERSION, "numpy": np.__version__,
        "seed": seed, "commitments": commitments, "bases": bases,
        "exercises": [astuple(outline(exercise)) for exercise in exercises],
        "assignments": list(map(to_index, assigned)),
        "files": {path: _digest(data) for path, data in sorted(files.items())},
    })  # fmt: skip
    return dict(sorted(files.items()))


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _kept(earlier: Path, bases: Mapping[str, str]) -> Files:
    """Return path → content of the records of an earlier release that have the same basis and are as they were."""
    release = find_release(earlier) if (earlier / INDEX).is_file() else None
    if release is None:
        return {}
    before, digests = release.index.get("bases", {}), release.index.get("files", {})
    paths = {f"record/{unit}/{name}.npz": name for name, unit, *_ in release.index["exercises"]}
    same = [path for path, name in paths.items() if name in bases and before.get(name) == bases[name]]
    found = {path: (earlier / path).read_bytes() for path in same if (earlier / path).is_file()}
    return {path: data for path, data in found.items() if _digest(data) == digests.get(path)}


def write(out: Path, files: Mapping[str, bytes]) -> None:
    """Write a release into an empty folder, or over an earlier release, whose other files are removed.

    UsageError if `out` is anything else, or a file of the earlier release was changed since: no work is overwritten.
    """
    release, before = find_release(out) if (out / INDEX).is_file() else None, {}
    if release:  # its index may be replaced as it is
        before = {**release.index.get("files", {}), INDEX: _digest((out / INDEX).read_bytes())}
    elif out.exists() and (not out.is_dir() or any(path.name != ".git" for path in out.iterdir())):
        raise UsageError(f"{out} holds something that is no release. Give a new folder, or an earlier release.")
    wanted = {path: _digest(data) for path, data in files.items()}
    there = {path: _digest((out / path).read_bytes()) for path in {**before, **wanted} if (out / path).is_file()}
    if foreign := [path for path, found in there.items() if found not in (before.get(path), wanted.get(path))]:
        words = f"{out} holds files that are not as they were released: {', '.join(foreign[:5])}"
        raise UsageError(f"{words}. Move them away, or give a new folder.")
    for name in before.keys() - files.keys():
        (out / name).unlink(missing_ok=True)
    for name, data in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
