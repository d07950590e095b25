"""What an exercise still lacks, in the order in which it is best written. Nothing here judges what is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.build.planted import plant, read_planted
from autograder.authoring.build.stub import BEGIN, END, make_stub
from autograder.course.catalog import Course
from autograder.diagnosis.answer_leak import find_leak, solution_code
from autograder.errors import CourseError
from autograder.spec.exercise import Exercise
from autograder.spec.formulas import formula
from autograder.spec.function import Free, Function

MISTAKES = 3
"""Known mistakes that an exercise has at least."""

ALTERNATIVES = 2
"""Right answers, written another way, that every function has at least."""

_TODO = re.compile(r"\bTODO\b.*")


@dataclass(frozen=True)
class Todo:
    """One step that is not done. fault: what, and in which file. blocks: until then nothing can be run."""

    step: str
    fault: str
    blocks: bool = False


@dataclass(frozen=True)
class _Exercise:
    """What there is: its folder, and the exercise itself or why it does not load."""

    folder: Path
    loaded: Exercise | CourseError

    def text(self, file: str) -> str:
        """A file's text, empty when it is missing."""
        path = self.folder / file
        return path.read_text(encoding="utf-8") if path.exists() else ""


def find_gaps(course: Course, name: str) -> list[Todo]:
    """At most one gap for each step."""
    try:
        found = _Exercise(course.folders[name], course.exercise(name))
    except CourseError as error:
        found = _Exercise(course.folders[name], error)
    return [gap for step in _STEPS for gap in step(found)]


def _statement(found: _Exercise) -> list[Todo]:
    open_lines = _todo("solution.py", found.text("solution.py"), inside=False)
    return _gap("statement", open_lines + _undocumented(found.text("solution.py")))


def _oracle(found: _Exercise) -> list[Todo]:
    if not isinstance(found.loaded, CourseError):
        return []
    cause = found.loaded.__cause__
    if isinstance(cause, ImportError) and "spec.py" in str(found.loaded):
        words = f"the reference is missing ({cause.msg}): write it, or repair the import in spec.py"
        return [Todo("oracle", words, blocks=True)]
    return [Todo("files", str(found.loaded), blocks=True)]


def _solution(found: _Exercise) -> list[Todo]:
    text = found.text("solution.py")
    if not text:
        return [Todo("solution", "solution.py is missing", blocks=True)]
    try:
        make_stub(text)
    except ValueError as error:
        return [Todo("solution", f"solution.py {error}", blocks=True)]
    return _gap("solution", _todo("solution.py", text, inside=True), blocks=True)


def _planted(found: _Exercise) -> list[Todo]:
    """Of an exercise with planted bugs: they are known mistakes, and the code fits the solution."""
    text = found.text("planted.py")
    if not text:
        return []
    open_lines = _todo("planted.py", text)
    try:
        plant(found.text("solution.py"), text)
    except ValueError as error:
        return _gap("planted", open_lines or [str(error)], blocks=True)
    known = {mistake.name for mistake in found.loaded.mistakes} if isinstance(found.loaded, Exercise) else set()
    names = [bug.name for bug in read_planted(text).bugs if bug.name not in known]
    unknown = [f"{name} in planted.py is no mistake of mistakes.py" for name in names]
    return _gap("planted", open_lines + unknown, blocks=True)


def _cases(found: _Exercise) -> list[Todo]:
    return _gap("cases", _todo("spec.py", found.text("spec.py")))


def _mistakes(found: _Exercise) -> list[Todo]:
    faults = _todo("mistakes.py", found.text("mistakes.py"))
    if isinstance(found.loaded, Exercise):
        mistakes = found.loaded.mistakes
        if len(mistakes) < MISTAKES:
            faults.append(f"{len(mistakes)} known mistakes, expected {MISTAKES} or more in mistakes.py")
        faults += [f"{mistake.name} has no docstring, which is the hint" for mistake in mistakes if not mistake.hint]
    return _gap("mistakes", faults)


def _hints(found: _Exercise) -> list[Todo]:
    faults = _todo("hints.toml", found.text("hints.toml"))
    if isinstance(found.loaded, Exercise):
        try:
            faults += [*_without_formula(found.loaded), *_leaking(found.loaded, found)]
        except CourseError as error:
            faults.append(str(error))
        faults += _without_small(found.loaded)
    return _gap("hints", faults)


def _without_formula(exercise: Exercise) -> list[str]:
    pairs = [(function.name, output) for function in exercise.functions for output in function.outputs]
    missing = [f"{name} {output}" for name, output in pairs if not formula(exercise, name, output)]
    return [f"hints.toml has no formula of {', '.join(missing)}"] if missing else []


def _leaking(exercise: Exercise, found: _Exercise) -> list[str]:
    """Hints, and sentences of the unit's page, that hold a piece of the answer."""
    solution = found.text("solution.py")
    kept = solution_code(exercise, solution) if solution else None
    told = [("a formula of the unit's README.md", found.text("../README.md"))]
    told += [(f"the hint of {mistake.name}", mistake.hint) for mistake in exercise.mistakes]
    told += [(f"the formula of {name} {output}", text)
             for name, lines in exercise.formulas.items() for output, text in lines.items()]  # fmt: skip
    leaks = [(who, find_leak(text, kept)) for who, text in told] if kept else []
    return [f"{who} is code of the answer: `{piece}`" for who, piece in leaks if piece]


def _without_small(exercise: Exercise) -> list[str]:
    """Functions without small inputs, but for those that are judged by what they do: they have no one right answer."""
    missing = [f.name for f in exercise.functions if f.name not in exercise.small and not _is_judged(f)]
    return [f"spec.py has no SMALL inputs for {', '.join(missing)}"] if missing else []


def _is_judged(function: Function) -> bool:
    judges = [case.accept.get(output) for case in function.cases for output in function.outputs]
    return all(isinstance(judge, Free) for judge in judges)


def _alternatives(found: _Exercise) -> list[Todo]:
    faults = _todo("alternatives.py", found.text("alternatives.py"))
    if isinstance(found.loaded, Exercise):
        written = Counter(alternative.function for alternative in found.loaded.alternatives)
        few = [function.name for function in found.loaded.functions if written[function.name] < ALTERNATIVES]
        wanted = f"expected {ALTERNATIVES} or more in alternatives.py"
        faults += [f"{name} has {written[name]} alternatives, {wanted}" for name in few]
    return _gap("alternatives", faults)


_STEPS: tuple[Callable[[_Exercise], list[Todo]], ...] = (
    _statement, _oracle, _solution, _planted, _cases, _mistakes, _hints, _alternatives,
)  # fmt: skip


def _gap(step: str, faults: list[str], blocks: bool = False) -> list[Todo]:
    return [Todo(step, "; ".join(faults), blocks)] if faults else []


def _todo(file: str, text: str, inside: bool | None = None) -> list[str]:
    """The first line that says TODO, and how many more do; `inside` the answers, outside of them, or anywhere."""
    lines = [
        (number, words[0].rstrip("\"')"))
        for number, (line, answer) in enumerate(_lines(text), 1)
        if inside in (None, answer) and (words := _TODO.search(line))
    ]
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return [f"{file}, line {number}: {words}{more}" for number, words in lines[:1]]


def _lines(text: str) -> list[tuple[str, bool]]:
    """Every line, and whether it lies between the markers."""
    answer, found = False, []
    for line in text.split("\n"):
        answer = line.strip() == BEGIN or (answer and line.strip() != END)
        found.append((line, answer))
    return found


def _undocumented(text: str) -> list[str]:
    try:
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return []
    bare = [node.name for node in functions if not ast.get_docstring(node) and not node.name.startswith("_")]
    return [f"{name} in solution.py has no docstring, which is the assignment" for name in bare]
