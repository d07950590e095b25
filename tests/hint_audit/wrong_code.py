"""Wrong code of known origin: known mistakes, two of them at once, and mutants."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from autograder.authoring.build.stub import BEGIN, END
from autograder.course.catalog import Course
from autograder.spec.exercise import Exercise, Mistake
from tests.mutants.mutants import make_mutants

Kind = Literal["known", "left out", "two functions", "two outputs", "wrapped", "mutated", "mutant"]
Code = Callable[..., Any]

SHARE = 4
"""Number of mutants of an exercise's solution, and of its mistakes; about 220 in a course of 56 exercises."""


@dataclass(frozen=True, eq=False)
class WrongCode:
    """Wrong code, and the diagnosis that is expected of it."""

    kind: Kind
    name: str
    exercise: Exercise
    """Exercise with the mistakes that the diagnosis knows."""
    functions: tuple[str, ...]
    """Functions that are wrong."""
    answers: Mapping[str, Code] = field(default_factory=dict)
    """Function → wrong code; the others are right."""
    text: str = ""
    """Whole source, in place of `answers`."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Function → mistake that the diagnosis has to name."""


def wrong_code(course: Course, exercise: Exercise, share: int = SHARE) -> Iterator[WrongCode]:
    """Yield all wrong code of an exercise. share: number of mutants of the solution, and of the mistakes."""
    yield from _known(exercise)
    yield from _left_out(exercise)
    yield from _two_functions(exercise)
    yield from _two_outputs(exercise)
    yield from _wrapped(exercise)
    yield from _mutated(course, exercise, share)
    yield from _mutants(course, exercise, share)


def _known(exercise: Exercise) -> Iterator[WrongCode]:
    for mistake in exercise.mistakes:
        yield WrongCode(
            "known", mistake.name, exercise, (mistake.function,), {mistake.function: mistake.code},
            names={mistake.function: mistake.name},
        )  # fmt: skip


def _left_out(exercise: Exercise) -> Iterator[WrongCode]:
    """Yield each known mistake, left out of the mistakes that the diagnosis knows."""
    for mistake in exercise.mistakes:
        others = tuple(other for other in exercise.mistakes if other is not mistake)
        unknown = replace(exercise, mistakes=others)
        yield WrongCode("left out", mistake.name, unknown, (mistake.function,), {mistake.function: mistake.code})


def _two_functions(exercise: Exercise) -> Iterator[WrongCode]:
    """Yield each mistake of a function together with one of the next function."""
    groups = [_of(exercise, function.name) for function in exercise.functions]
    groups = [group for group in groups if group]
    for mine, theirs in pairwise(groups):
        for number in range(max(len(mine), len(theirs))):
            first, second = mine[number % len(mine)], theirs[number % len(theirs)]
            pair = {first.function: first.name, second.function: second.name}
            codes = {first.function: first.code, second.function: second.code}
            yield WrongCode("two functions", f"{first.name} + {second.name}", exercise, tuple(pair), codes, names=pair)


def _two_outputs(exercise: Exercise) -> Iterator[WrongCode]:
    """Yield functions with the first output of one mistake and the other outputs of the next mistake."""
    for function in exercise.functions:
        known = _of(exercise, function.name)
        for first, second in pairwise(known) if len(function.outputs) > 1 else ():
            code = _mixed(first.code, second.code, len(function.outputs))
            name = f"{first.name} / {second.name}"
            yield WrongCode("two outputs", name, exercise, (function.name,), {function.name: code})


def _mixed(first: Code, second: Code, count: int) -> Code:
    def code(*args: Any, **words: Any) -> Any:
        mine, theirs = first(*_copies(args), **words), second(*_copies(args), **words)
        return mine if not isinstance(mine, tuple) or len(mine) != count else (mine[0], *theirs[1:])

    return code


def _copies(args: Sequence[Any]) -> list[Any]:
    return [arg.copy() if isinstance(arg, np.ndarray) else arg for arg in args]


_WRAPS: tuple[tuple[str, Callable[[np.ndarray], Any]], ...] = (
    ("negated", np.negative), ("doubled", lambda made: 2 * made), ("transposed", np.transpose),
    ("reversed", np.flip), ("divided by its length", lambda made: made / max(len(np.atleast_1d(made)), 1)),
)  # fmt: skip


def _wrapped(exercise: Exercise) -> Iterator[WrongCode]:
    """Yield each mistake with one operation applied to all that it returns."""
    for number, mistake in enumerate(exercise.mistakes):
        words, wrap = _WRAPS[number % len(_WRAPS)]
        code = _then(mistake.code, wrap)
        yield WrongCode("wrapped", f"{mistake.name}, {words}", exercise, (mistake.function,), {mistake.function: code})


def _then(code: Code, wrap: Callable[[np.ndarray], Any]) -> Code:
    def made(*args: Any, **words: Any) -> Any:
        found = code(*args, **words)
        return tuple(map(_applied, found)) if isinstance(found, tuple) else _applied(found)

    def _applied(value: Any) -> Any:
        numeric = isinstance(value, float | np.ndarray) and np.asarray(value).dtype.kind == "f"
        return wrap(np.asarray(value)) if numeric else value

    return made


def _mutated(course: Course, exercise: Exercise, share: int) -> Iterator[WrongCode]:
    """Yield mutants of the known mistakes."""
    found = [pair for mistake in exercise.mistakes for pair in _mutants_of(course, exercise, mistake)]
    for mistake, (name, text) in _spread(found, share):
        yield WrongCode("mutated", f"{mistake.name}, {name}", exercise, (mistake.function,), text=text)


def _mutants_of(course: Course, exercise: Exercise, mistake: Mistake) -> list[tuple[Mistake, tuple[str, str]]]:
    """Return the mutants of one mistake, as sources under the function's name; none where it imports the reference."""
    text = (course.folders[exercise.name] / "mistakes.py").read_text(encoding="utf-8")
    if "from reference" in text:
        return []
    source = _as_solution(text, mistake)
    return [(mistake, (mutant.id, mutant.text)) for mutant in make_mutants(source, [mistake.function])]


def _as_solution(text: str, mistake: Mistake) -> str:
    """Return the file with this mistake as the answer between the markers, and without the other mistakes."""
    tree = ast.parse(text)
    kept: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder"):
            continue
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            if node.name == mistake.name:
                kept.append(_answer(node, mistake.function))
        else:
            kept.append(ast.unparse(node))
    return "\n\n".join(kept) + "\n"


def _answer(node: ast.FunctionDef, name: str) -> str:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    lines = "\n".join(ast.unparse(statement) for statement in body)
    inside = "\n".join(f"    {line}" for line in lines.split("\n"))
    return f"def {name}({ast.unparse(node.args)}):\n    {BEGIN}\n{inside}\n    {END}"


def _mutants(course: Course, exercise: Exercise, share: int) -> Iterator[WrongCode]:
    """Yield mutants of the solution, evenly spaced over all of them."""
    functions = [function.name for function in exercise.functions if function.kind != "training"]
    for mutant in _spread(make_mutants(course.solution(exercise.name), functions), share):
        yield WrongCode("mutant", mutant.id, exercise, (mutant.function,), text=mutant.text)


def _of(exercise: Exercise, function: str) -> list[Mistake]:
    return [mistake for mistake in exercise.mistakes if mistake.function == function]


def _spread(items: Sequence[Any], share: int) -> list[Any]:
    """Select `share` items at equal distances."""
    if len(items) <= share:
        return list(items)
    return [items[(2 * number + 1) * len(items) // (2 * share)] for number in range(share)]
