"""Scaffold of a new exercise: its files, with a TODO wherever the author has to write something."""

from __future__ import annotations

import difflib
import keyword
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.course.catalog import Course
from autograder.errors import CourseError

_UNIT = re.compile(r"\d\d_[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Sketch:
    """One function of a scaffold."""

    ending: str
    """Text appended to the exercise's name, such as "_forward"."""
    parameters: str
    """Parameters with their annotations."""
    result: str
    points: str
    """Points by output, as Python source."""
    purity: str = "0.5"


@dataclass(frozen=True)
class ExerciseKind:
    """Contents of the scaffold of one kind of exercise; the points sum to 10."""

    functions: tuple[Sketch, ...]
    draws: str
    """Arguments of its first case, as Python source."""
    more_cases: str
    """Cases that the author has to add."""
    small: str
    """Arguments of SMALL, as Python source."""


_ARRAY = "np.ndarray"
_EVERYWHERE = "An example by hand, a batch of one, every dimension a different number, large and tiny numbers."
KINDS = {
    "layer": ExerciseKind(
        (
            Sketch("_forward", "x: np.ndarray", _ARRAY, '{"out": 4}'),
            Sketch("_backward", "dout: np.ndarray, x: np.ndarray", _ARRAY, '{"dx": 5}'),
        ),
        "x=normal(2, 3)", _EVERYWHERE, 'x="B D"',
    ),
    "loss": ExerciseKind(
        (
            Sketch("", "x: np.ndarray, y: np.ndarray", "float", '{"loss": 4}'),
            Sketch("_backward", "x: np.ndarray, y: np.ndarray", _ARRAY, '{"dx": 5}'),
        ),
        "x=normal(2, 3), y=normal(2, 3)", _EVERYWHERE, 'x="B D", y="B D"',
    ),
    "optimizer": ExerciseKind(
        (
            Sketch(
                "_step", "w: np.ndarray, dw: np.ndarray, v: np.ndarray, *, lr: float",
                "tuple[np.ndarray, np.ndarray]", '{"w": 5, "v": 4}', "1",
            ),
        ),
        "steps=4, w=normal(3), dw=normal(3), v=normal(3), lr=0.1",
        "One step by hand, several from rest, one from a given state, another shape.",
        'w="N", dw="N", v="N", lr=(0.5, 2.0)',
    ),
    "plain": ExerciseKind(
        (Sketch("", "x: np.ndarray", _ARRAY, '{"out": 9}', "1"),), "x=normal(2, 3)", _EVERYWHERE, 'x="B D"',
    ),
}  # fmt: skip


def check_place(course: Course, place: str) -> tuple[str, str]:
    """Split UNIT/NAME into both; raise CourseError, with the nearest unit, where one of them is not allowed."""
    unit, slash, name = place.strip("/").partition("/")
    if not slash or "/" in name:
        raise CourseError(f"{place} is no place for an exercise. Give UNIT/NAME, such as 02_layers/maxout.")
    _check_unit(course, unit)
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        words = "a Python name in lower case, such as maxout or batchnorm2d"
        raise CourseError(f"{name} is no name for an exercise: its file and functions bear it. Take {words}.")
    taken = course.folders.get(name, course.root / "solutions" / unit / name)
    if taken.exists():
        raise CourseError(f"{taken.relative_to(course.root).as_posix()} exists already. Take another name.")
    return unit, name


def write_scaffold(course: Course, place: str, kind: str, planted: bool = False) -> list[Path]:
    """Write the folder and return the written files, relative to the course. planted: with code to repair."""
    unit, name = check_place(course, place)
    folder = Path("solutions", unit, name)
    texts = {folder / file: text for file, text in files(name, kind, planted).items()}
    if not (course.root / "reference").exists():
        texts[Path("reference", "__init__.py")] = '"""The course\'s oracles: one vectorized answer per function."""\n'
    for path, text in texts.items():
        (course.root / path).parent.mkdir(parents=True, exist_ok=True)
        (course.root / path).write_text(text, encoding="utf-8", newline="\n")
    return list(texts)


def function_names(name: str, kind: str) -> list[str]:
    """Return the functions that the reference must define."""
    return [name + sketch.ending for sketch in KINDS[kind].functions]


def files(name: str, kind: str, planted: bool = False) -> dict[str, str]:
    """Return file name → text."""
    return {
        **({"planted.py": _planted(name, KINDS[kind].functions[-1])} if planted else {}),
        "solution.py": _solution(name, KINDS[kind]),
        "spec.py": _spec(name, kind),
        "mistakes.py": _mistakes(name, KINDS[kind]),
        "hints.toml": _hints(name, KINDS[kind]),
        "alternatives.py": _alternatives(name, KINDS[kind]),
    }


def _check_unit(course: Course, unit: str) -> None:
    units = sorted(path.name for path in (course.root / "solutions").iterdir() if path.is_dir())
    if unit in units:
        return
    if not _UNIT.fullmatch(unit):
        form = "Units are two digits, a line and lower case, such as 02_layers"
        raise CourseError(f"{unit} is no name for a unit. {form}.{_guess(unit, units)}")
    if _guess(unit, units):
        make = f"If you mean a new unit, make the folder solutions/{unit} first."
        raise CourseError(f"there is no unit {unit}.{_guess(unit, units)} {make}")


def _guess(unit: str, units: list[str]) -> str:
    near = [other for other in units if unit in (other.partition("_")[0], other.partition("_")[2])]
    near += [other for other in units if unit[:3] == other[:3] and unit[:2].isdigit()]
    near += difflib.get_close_matches(unit, units, n=1, cutoff=0.75)
    return f" Did you mean {near[0]}?" if near else ""


def _solution(name: str, kind: ExerciseKind) -> str:
    head = (
        '"""TODO What it is, in a line.\n\nTODO The idea in a few sentences: why it exists, and what one has to see to '
        'write it.\n"""\n\nimport numpy as np\n'
    )
    return head + "".join(_answer(name, sketch) for sketch in kind.functions)


def _answer(name: str, sketch: Sketch) -> str:
    return f'''

def {name}{sketch.ending}({sketch.parameters}) -> {sketch.result}:
    """TODO What it computes, in a sentence.

    TODO Every argument with its shape; what is returned; the formula; what must not change; an example by hand:

    >>> TODO
    """
    {"# BEGIN SOLUTION"}
    raise NotImplementedError("TODO a readable answer")
    {"# END SOLUTION"}
'''


def _planted(name: str, sketch: Sketch) -> str:
    return f'''"""{_title(name)}: what students start from."""

import numpy as np


def {name}{sketch.ending}({sketch.parameters}) -> {sketch.result}:
    # TODO The answer with two bugs. Above each, the mistake that it is and the right line: `# BUG its_name: right line`
    raise NotImplementedError
'''


def _spec(name: str, kind: str) -> str:
    functions = KINDS[kind].functions
    words = ", ".join(["Function", *sorted({"case", kind, "normal", "small"})])
    lines = "".join(f"    Function({name}{f.ending}, {f.points}, purity={f.purity}),\n" for f in functions)
    return f'''"""{_title(name)}: what is checked, on which inputs, for how many points."""

from __future__ import annotations

from autograder.spec import {words}
from reference.{name} import {", ".join(sorted(function_names(name, kind)))}

EXERCISE = {kind}(
{lines}    cases=[
        # TODO {KINDS[kind].more_cases}
        case("a small batch", public=True, {KINDS[kind].draws}),
        case("large numbers", {_scaled(KINDS[kind].draws, 100)}),
        case("small numbers", {_scaled(KINDS[kind].draws, 0.03)}),
    ],
)

# TODO What else fits on paper: sizes (1, 2 or 3) instead of numbers, see docs/authors.md.
SMALL = small({KINDS[kind].small})
'''


def _scaled(draws: str, scale: float) -> str:
    """Return the draws of a case with numbers of this size."""
    return re.sub(r"normal\(([^)]*)\)", rf"normal(\1, scale={scale})", draws)


def _mistakes(name: str, kind: ExerciseKind) -> str:
    return f'''"""{_title(name)}: wrong answers that students really give; each docstring is the hint."""

from __future__ import annotations

import numpy as np

from autograder.spec import mistake

# TODO Three or more. The docstring says what to look at, never the answer:
#
# @mistake("{name}{kind.functions[0].ending}")
# def one_thing_forgotten({_bare(kind.functions[0])}):
#     """What the student sees, and the question that leads to it."""
#     return ...
'''


def _hints(name: str, kind: ExerciseKind) -> str:
    lines = ["# The third hint: the formula, with a hole ____ where the thinking is. By function, then by output."]
    for sketch in kind.functions:
        outputs = re.findall(r'"(\w+)"', sketch.points)
        lines += ["", f"[{name}{sketch.ending}]", *(f'{output} = "{output} = ____   TODO"' for output in outputs)]
    return "\n".join(lines) + "\n"


def _alternatives(name: str, kind: ExerciseKind) -> str:
    return f'''"""{_title(name)}: right answers written another way, which every check must accept."""

from __future__ import annotations

import numpy as np

from autograder.spec import alternative

# TODO Two or more for every function, one of them slow and plain:
#
# @alternative("{name}{kind.functions[0].ending}", fast=False)
# def entry_by_entry({_bare(kind.functions[0])}):
#     return ...
'''


def _bare(sketch: Sketch) -> str:
    return re.sub(r": [\w.]+", "", sketch.parameters)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()
