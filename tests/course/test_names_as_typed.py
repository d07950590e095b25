"""Names of exercises and units as people type them, and what students are told of a name that is none."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from autograder.course.catalog import Course, find_exercises
from autograder.errors import CourseError

ROOT = Path(__file__).parents[2]
UNITS = {"perceptron": "01_perceptron", "adaline": "01_perceptron", "dense": "02_layers", "relu": "02_layers"}
FUNCTIONS = {"perceptron": ("perceptron_forward",), "adaline": ("adaline_step",),
             "dense": ("dense_forward", "dense_backward"), "relu": ("relu_forward", "relu_backward")}  # fmt: skip
PERCEPTRON, LAYERS = ["perceptron", "adaline"], ["dense", "relu"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("relu", ["relu"]), ("ReLU", ["relu"]), ("relu.py", ["relu"]), ("RELU.PY", ["relu"]), ("./relu.py", ["relu"]),
        ("assignments/02_layers/relu.py", ["relu"]), ("/course/assignments/02_layers/relu.py", ["relu"]),
        ("assignments\\02_layers\\relu.py", ["relu"]), ("../02_layers/relu.py", ["relu"]),
        ("relu_forward", ["relu"]), ("Relu_Backward", ["relu"]),
        ("02_layers", LAYERS), ("2", LAYERS), ("02", LAYERS), ("layers", LAYERS), ("Layers", LAYERS),
        ("02-layers", LAYERS), ("assignments/02_layers", LAYERS), ("assignments/02_layers/", LAYERS),
        ("assignments/02_layers/02_layers.ipynb", LAYERS), ("02_layers.ipynb", LAYERS),
        ("perceptron", ["perceptron"]), ("1", PERCEPTRON), ("01_perceptron", PERCEPTRON), ("perceptron/", PERCEPTRON),
        ("assignments/01_perceptron/perceptron.py", ["perceptron"]), ("assignments/01_perceptron/", PERCEPTRON),
        (".", list(UNITS)), ("assignments", list(UNITS)), ("assignments/", list(UNITS)),
    ],
)  # fmt: skip
def test_a_name_is_found_as_it_is_typed(word: str, found: list[str]) -> None:
    """A path with tab completion, a folder, a notebook, a function, a unit's number, and any capitals."""
    assert find_exercises(word, UNITS, FUNCTIONS) == found


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("rleu", "named rleu. Did you mean relu"), ("relu_foward", "Did you mean relu?"), ("02_layer", "02_layers"),
        ("assignments/02_layers/rel.py", "relu"), ("03_losses/relu.py", "--path"), ("hw/relu.py", "--path"),
        ("xyzzy", "named xyzzy. `handgrad list` shows all."), ("", "named . "),
    ],
)  # fmt: skip
def test_an_unknown_name_comes_with_near_ones(word: str, words: str) -> None:
    """A file in a folder of another name is not taken for the exercise of its name."""
    with pytest.raises(CourseError) as caught:
        find_exercises(word, UNITS, FUNCTIONS)
    assert words in str(caught.value)


def test_every_exercise_function_and_unit_of_the_course_is_found() -> None:
    """By name, by path, by function; a unit by its folder and number is all of its exercises."""
    course = Course(ROOT)
    for name, folder in course.folders.items():
        unit = folder.parent.name
        assert course.pick([name.upper()]) == course.pick([f"assignments/{unit}/{name}.py"]) == [name]
        assert name in course.pick([unit]) and course.pick([unit]) == course.pick([unit.partition("_")[0]])
        owners = {function: course.pick([function]) for function in course.functions[name]}
        assert all(name in found or function in course.folders for function, found in owners.items())


STUDENTS = [
    *(f"cli/{name}.py" for name in ("check", "gradcheck", "hint", "watch", "list", "validate", "ci", "main")),
    "course/catalog.py", "course/release_folder.py", "submission", "render", "frontends/notebook",
    "frontends/watch", "frontends/pytest_plugin", "frontends/gradcheck.py",
]  # fmt: skip


def test_students_are_not_told_of_solutions() -> None:
    """No text that a student may read names the folder that no student has."""
    paths = [path for part in STUDENTS for at in [ROOT / "autograder" / part]
             for path in (sorted(at.rglob("*.py")) if at.is_dir() else [at])]  # fmt: skip
    nodes = [(path, node) for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    told = [f"{path.name}, line {node.lineno}" for path, node in nodes
            if isinstance(node, ast.Raise | ast.JoinedStr) and "solutions/" in _texts(node)]  # fmt: skip
    assert len(paths) > 30 and told == []


def _texts(node: ast.AST) -> str:
    return " ".join(n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))
