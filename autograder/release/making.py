"""Making a release from a course: its files, the search for secrets in them, and writing them to a folder.

Besides exercises and records these are a README, requirements, and settings of editors and services.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from autograder.authoring.build.course import plan
from autograder.authoring.build.notebook import MISSING
from autograder.course.catalog import Course, outline
from autograder.course.policy import Assignment, assignments
from autograder.course.policy.course import to_index
from autograder.course.release_folder import INDEX, SCHEMA, STUBS, find_release
from autograder.errors import CourseError, UsageError
from autograder.grading.pipeline import Options
from autograder.grading.suite import suites
from autograder.release.commitment import commit
from autograder.release.leaks import Leak, engine_fingerprints, search, secrets
from autograder.release.recording import record_exercise
from autograder.release.wheel import build_wheel
from autograder.report.engine import VERSION
from autograder.spec.exercise import Exercise

_REQUIREMENTS = """\
# The checker, in the version that this repository was made with.
{engine}
# For `pytest` and your editor's test explorer.
pytest>=8,<10
"""
_PROJECT = """\
# So that `pytest` runs the checks of assignments/ as tests.
[tool.pytest.ini_options]
handgrad = true
testpaths = ["assignments"]
"""
_IGNORED = ".venv/\n__pycache__/\n.ipynb_checkpoints/\n.pytest_cache/\n.handgrad/\nhandgrad-results/\n"
_SETTINGS = {
    "python.testing.pytestEnabled": True,
    "python.testing.unittestEnabled": False,
    "python.testing.pytestArgs": ["assignments"],
    "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python",
}
_CONTAINER = {
    "name": "handgrad",
    "image": "mcr.microsoft.com/devcontainers/python:3.12",
    "postCreateCommand": "pip install -r requirements.txt",
    "customizations": {"vscode": {"extensions": ["ms-python.python", "ms-toolsai.jupyter"]}},
}
_EXTENSIONS = {"recommendations": ["ms-python.python", "ms-toolsai.jupyter"]}


def pages(
    exercises: Sequence[Exercise], *, title: str, engine: str, files: bool, notebooks: bool, committed: bool,
    assignments: Sequence[Assignment] = (),
) -> dict[str, str]:  # fmt: skip
    """Return path → text. engine: the requirement that installs the checker. files, notebooks: where students write."""
    workflow = resources.files("autograder.platforms").joinpath("student.yml").read_text("utf-8")
    return {
        "README.md": readme(exercises, title, files, notebooks, committed, assignments),
        "requirements.txt": _REQUIREMENTS.format(engine=engine),
        "pyproject.toml": _PROJECT,
        ".gitignore": _IGNORED,
        ".vscode/settings.json": json.dumps(_SETTINGS, indent=2) + "\n",
        ".devcontainer/devcontainer.json": json.dumps(_CONTAINER, indent=2) + "\n",
        ".vscode/extensions.json": json.dumps(_EXTENSIONS, indent=2) + "\n",
        ".github/workflows/feedback.yml": workflow,
    }


def readme(
    exercises: Sequence[Exercise], title: str, files: bool, notebooks: bool, committed: bool,
    assignments: Sequence[Assignment] = (),
) -> str:  # fmt: skip
    """Return the README of a release."""
    from jinja2 import Environment, StrictUndefined

    made = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    points = {exercise.name: exercise.max_score for exercise in exercises}
    worth = {each.name: sum(points[name] for name in each.exercises) if each.points is None else each.points
             for each in assignments}  # fmt: skip
    text = resources.files(__package__).joinpath("readme.md.j2").read_text("utf-8")
    return made.from_string(text).render(
        exercises=exercises, first=exercises[0], title=title, files=files, notebooks=notebooks, committed=committed,
        assignments=assignments, worth=worth, number="{:g}".format,
        date=lambda when: f"{when:%Y-%m-%d %H:%M %Z}" if when else "",
    )  # fmt: skip


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
    kinds: tuple[str, ...] = ("files", "notebooks")
    """Where students write: in files, in notebooks, or in either."""


class Leaked(Exception):
    """Raised if the files of a release hold secret code. leaks: all places."""

    def __init__(self, leaks: Sequence[Leak]) -> None:
        super().__init__("; ".join(f"{leak.path} {leak.what}" for leak in leaks[:5]))
        self.leaks = leaks


def make(
    course: Course, exercises: Sequence[Exercise], terms: ReleaseTerms,
    watch: Callable[[Sequence[Exercise]], Iterable[Exercise]] = lambda exercises: exercises,
    earlier: Path | None = None,
) -> Files:  # fmt: skip
    """Return all files of a release. watch: iterates over the exercises, to show progress.

    earlier: folder of an earlier release, whose record of an exercise is kept if all that it depends on is unchanged: a
    new recording has other times. CourseError if the assignments do not build.
    """
    commitments = commit(terms.key, [exercise.name for exercise in exercises])
    names, units = {exercise.name for exercise in exercises}, {exercise.unit for exercise in exercises}
    assigned = [each for each in assignments(course).values() if names.issuperset(each.exercises)]
    written = {path.as_posix(): text.encode() for path, text in _assignments(course, names).items()
               if path.parts[1] in units and (path.suffix != ".py" or path.stem in names)}  # fmt: skip
    files = {path: data for path, data in written.items() if _kind(path) in terms.kinds}
    if not files:
        raise UsageError(f"no unit has a notebook here: {MISSING}")
    notebooks = any(path.endswith(".ipynb") for path in files)
    engine = terms.engine
    if terms.vendor:
        wheel, data = build_wheel()
        files[f"wheels/{wheel}"], engine = data, f"./wheels/{wheel}"
    beside = pages(
        exercises, title=terms.title, engine=engine, committed=bool(commitments),
        files="files" in terms.kinds, notebooks=notebooks, assignments=assigned,
    )  # fmt: skip
    files |= {path: text.encode() for path, text in beside.items()}
    bases = _bases(course, names, terms)
    kept = _kept(earlier, bases) if earlier else {}
    for exercise in watch(exercises):
        path = f"record/{exercise.unit}/{exercise.name}.npz"
        files[path] = kept.get(path) or record_exercise(exercise, terms.seed)
    stubs = {path.removeprefix("assignments/"): data.decode() for path, data in files.items()
             if path.startswith("assignments/") and path.endswith(".py")}  # fmt: skip
    files[STUBS] = (json.dumps(stubs, indent=1, ensure_ascii=False) + "\n").encode()
    files[INDEX] = _index(exercises, terms, commitments, bases, files, assigned)
    return dict(sorted(files.items()))


def _kind(path: str) -> str:
    return "notebooks" if path.endswith(".ipynb") else "files"


def _bases(course: Course, names: Iterable[str], terms: ReleaseTerms) -> dict[str, str]:
    """Return exercise → a digest of all that its record depends on, but for the machine's speed."""
    found = suites(course, names, Options(), "local")
    return {name: _digest(f"{found[name].sha256} {np.__version__} {terms.seed}".encode()) for name in sorted(found)}


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


def _assignments(course: Course, names: Collection[str]) -> dict[Path, str]:
    try:
        return plan(course.root, names)
    except ValueError as error:
        raise CourseError(str(error)) from error


def _index(
    exercises: Sequence[Exercise], terms: ReleaseTerms, commitments: Mapping[str, str], bases: Mapping[str, str],
    files: Mapping[str, bytes], assigned: Sequence[Assignment],
) -> bytes:  # fmt: skip
    facts = {
        "schema": SCHEMA, "title": terms.title, "engine": VERSION, "numpy": np.__version__,
        "seed": terms.seed, "commitments": commitments, "bases": bases,
        "exercises": [astuple(outline(exercise)) for exercise in exercises],
        "assignments": list(map(to_index, assigned)),
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
