"""The files of a release besides exercises and records: README, requirements, settings of editors and services."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

from autograder.course.policy import Assignment
from autograder.spec.exercise import Exercise

_README = """\
# {title}

{count}, {points:g} points. You write every function by hand in NumPy; the checker tells you which mistake you made.

## Begin

```
python3 -m venv .venv
source .venv/bin/activate        # on Windows: .venv\\Scripts\\activate
pip install -r requirements.txt
handgrad check {first}
```

Python 3.11 or newer. After that nothing needs a network or an account.

1. Open `{file}`.
   The docstring is the assignment: what to compute, the formula, the shapes, and an example worked by hand.{notebooks}
2. Replace `raise NotImplementedError(...)` by your answer. In an exercise named `repair_…` there is code below that
   line, with two bugs: delete the line, repair the code.
3. `handgrad check {first}` checks it, `handgrad check {unit}` the unit,
   `handgrad check` all that you have. It says what is wrong; `handgrad hint {first}` says why, a step at a time.

`handgrad watch` checks one exercise at a time on every save, and goes on to the next when it is done.
`handgrad list` shows all exercises with their points.

## In your editor

In GitHub Codespaces, or in VS Code with the extension Dev Containers, `.devcontainer/` installs all of this by
itself.

`pytest` runs every check as a test, and so does your editor's test explorer: in VS Code the flask in the side bar,
with the Python extension. Choose a unit with `pytest assignments/{unit}`, an exercise with
`pytest assignments/{unit}/{first}.py`, and a check with `pytest -m gradient`.

## What you hold

`record/` holds what the checks ask and what should come back, recorded: there is no solution in it. It is the same for
everybody, so it is feedback and not a grade. When your work is graded, the inputs are others. Some things only the
grader can tell: they are *skipped* here, and the message says so. Where the reference is needed to tell how fast you
are, its time is estimated for your machine.
{reveal}{assignments}{colab}
## Exercises

{table}
## What the words mean

| word | meaning |
|---|---|
| passed | right in every case |
| failed | it ran, and the result is not right |
| error | it raised an exception, ended the process or ran into a limit |
| slow | right, but it takes many times the reference's time |
| skipped | nothing to say yet: not written, waiting for another check, or only told when it is graded |
| broken | the grader's own fault; it costs you nothing |

`contract`: is the function there, with these arguments? `values`, `gradient`: is the result right? `purity`: are your
arguments unchanged? `ties`: is it still right where several numbers are the largest? `stability`: and where the naive
formula overflows? `speed`: how many times the reference's time does it take? A forward that is wrong never costs the
backward, and the other way round.
"""
_NOTEBOOK = "\n   Open it in your editor, or `pip install notebook` and `jupyter notebook`."
_EITHER = """
   Or work in the unit's notebook, `assignments/{unit}/{unit}.ipynb`,
   which says and checks the same. Where both hold an answer, the file counts."""
_COLAB = """
## In Colab

Put this repository on GitHub, and run in a notebook of [Colab](https://colab.research.google.com), with its address in
the place of OWNER/NAME (not verified by a test):

```
!git clone https://github.com/OWNER/NAME course
%cd course
!pip install -q -r requirements.txt
from autograder import check
```

Then write the functions in cells, and `check("{first}")` checks them.
"""
_REVEAL = """
`record/release.json` holds a hash for each exercise: it commits your instructors to the inputs of the grading before
anybody hands in. When they publish the keys, `handgrad reveal --verify FILE` checks them.
"""
_ASSIGNMENTS = """
## Assignments

{table}
`handgrad check --assignment {first}` checks one of them, and `handgrad list --assignment {first}` lists it.
"""
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
    first, count = exercises[0], len(exercises)
    folder = f"assignments/{first.unit}"
    return _README.format(
        title=title, count=f"{count} exercises" if count > 1 else "One exercise", first=first.name, unit=first.unit,
        points=sum(exercise.max_score for exercise in exercises),
        file=f"{folder}/{first.name}.py" if files else f"{folder}/{first.unit}.ipynb",
        notebooks=(_EITHER.format(unit=first.unit) if files else _NOTEBOOK) if notebooks else "",
        reveal=_REVEAL if committed else "", colab=_COLAB.format(first=first.name), table=_table(exercises, files),
        assignments=_due(assignments, exercises) if assignments else "",
    )  # fmt: skip


def _due(assignments: Sequence[Assignment], exercises: Sequence[Exercise]) -> str:
    """Return the section on assignments: exercises, points and dates of each."""
    points = {exercise.name: exercise.max_score for exercise in exercises}
    lines = ["| assignment | exercises | points | due | closes | hints from |", "|---|---|---:|---|---|---|"]
    for each in assignments:
        most = sum(points[name] for name in each.exercises) if each.points is None else each.points
        closes = each.due + each.closes if each.due and each.closes else None
        dates = (f"{when:%Y-%m-%d %H:%M %Z}" if when else "" for when in (each.due, closes, each.hints))
        title = f"`{each.name}`" + (f" {each.title}" if each.title else "")
        lines.append(f"| {title} | {', '.join(each.exercises)} | {most:g} | {' | '.join(dates)} |")
    return _ASSIGNMENTS.format(table="\n".join(lines) + "\n", first=assignments[0].name)


def _table(exercises: Sequence[Exercise], files: bool) -> str:
    lines = ["| unit | exercise | functions | points |", "|---|---|---|---:|"]
    unit = ""
    for exercise in exercises:
        shown, unit = exercise.unit if exercise.unit != unit else "", exercise.unit
        file = exercise.name + ".py" if files else exercise.unit + ".ipynb"
        link = f"[{exercise.name}](assignments/{exercise.unit}/{file})"
        functions = ", ".join(f"`{function.name}`" for function in exercise.functions)
        lines.append(f"| {shown} | {link} | {functions} | {exercise.max_score:g} |")
    return "\n".join(lines) + "\n"
