"""Search for the parts of an exercise that its author still has to write, and for hints that are code of the answer."""

from __future__ import annotations

import ast
import inspect
import io
import re
import textwrap
import tokenize
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.build.stub import BEGIN, END, make_stub, plant, read_planted
from autograder.course.catalog import Course
from autograder.errors import CourseError
from autograder.spec.exercise import Exercise
from autograder.spec.formulas import formula
from autograder.spec.function import Free, Function

MISTAKES = 3
"""Smallest number of known mistakes of an exercise."""

ALTERNATIVES = 2
"""Smallest number of alternatives of a function."""

_TODO = re.compile(r"\bTODO\b.*")


@dataclass(frozen=True)
class Todo:
    """One step of writing an exercise that is not done."""

    step: str
    """Name of the step, such as "solution" or "hints"."""
    fault: str
    """Missing part, with its file."""
    blocks: bool = False
    """True where nothing can be run until the step is done."""


@dataclass(frozen=True)
class _Exercise:
    """Folder of an exercise, and the exercise, or the error that its import raised."""

    folder: Path
    loaded: Exercise | CourseError

    def text(self, file: str) -> str:
        """Return a file's text, or "" where it is missing."""
        path = self.folder / file
        return path.read_text(encoding="utf-8") if path.exists() else ""


def find_todos(course: Course, name: str) -> list[Todo]:
    """Return the steps that are not done, in the order in which they are best written; each step at most once."""
    try:
        found = _Exercise(course.folders[name], course.exercise(name))
    except CourseError as error:
        found = _Exercise(course.folders[name], error)
    return [todo for step in _STEPS for todo in step(found)]


def _statement(found: _Exercise) -> list[Todo]:
    open_lines = _first_todo("solution.py", found.text("solution.py"), inside=False)
    return _todos("statement", open_lines + _undocumented(found.text("solution.py")))


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
    return _todos("solution", _first_todo("solution.py", text, inside=True), blocks=True)


def _planted(found: _Exercise) -> list[Todo]:
    """Check that the planted code fits the solution and that its bugs are known mistakes."""
    text = found.text("planted.py")
    if not text:
        return []
    open_lines = _first_todo("planted.py", text)
    try:
        plant(found.text("solution.py"), text)
    except ValueError as error:
        return _todos("planted", open_lines or [str(error)], blocks=True)
    known = {mistake.name for mistake in found.loaded.mistakes} if isinstance(found.loaded, Exercise) else set()
    names = [bug.name for bug in read_planted(text).bugs if bug.name not in known]
    unknown = [f"{name} in planted.py is no mistake of mistakes.py" for name in names]
    return _todos("planted", open_lines + unknown, blocks=True)


def _mistakes(found: _Exercise) -> list[Todo]:
    faults = _first_todo("mistakes.py", found.text("mistakes.py"))
    if isinstance(found.loaded, Exercise):
        mistakes = found.loaded.mistakes
        if len(mistakes) < MISTAKES:
            faults.append(f"{len(mistakes)} known mistakes, expected {MISTAKES} or more in mistakes.py")
        faults += [f"{mistake.name} has no docstring, which is the hint" for mistake in mistakes if not mistake.hint]
    return _todos("mistakes", faults)


def _hints(found: _Exercise) -> list[Todo]:
    faults = _first_todo("hints.toml", found.text("hints.toml"))
    if isinstance(found.loaded, Exercise):
        try:
            faults += [*_without_formula(found.loaded), *_leaking(found.loaded, found)]
        except CourseError as error:
            faults.append(str(error))
        faults += _without_small(found.loaded)
    return _todos("hints", faults)


def _without_formula(exercise: Exercise) -> list[str]:
    pairs = [(function.name, output) for function in exercise.functions for output in function.outputs]
    missing = [f"{name} {output}" for name, output in pairs if not formula(exercise, name, output)]
    return [f"hints.toml has no formula of {', '.join(missing)}"] if missing else []


def _leaking(exercise: Exercise, found: _Exercise) -> list[str]:
    """Return a fault for each hint, formula or README sentence that contains code of the answer."""
    solution = found.text("solution.py")
    kept = solution_code(exercise, solution) if solution else None
    texts = [("a formula of the unit's README.md", found.text("../README.md"))]
    texts += [(f"the hint of {mistake.name}", mistake.hint) for mistake in exercise.mistakes]
    texts += [(f"the formula of {name} {output}", text)
             for name, lines in exercise.formulas.items() for output, text in lines.items()]  # fmt: skip
    leaks = [(who, find_leak(text, kept)) for who, text in texts] if kept else []
    return [f"{who} is code of the answer: `{piece}`" for who, piece in leaks if piece]


def _without_small(exercise: Exercise) -> list[str]:
    """Find functions without small inputs; those accepted by a property alone have no single right answer to show."""
    missing = [f.name for f in exercise.functions if f.name not in exercise.small and not _is_judged(f)]
    return [f"spec.py has no SMALL inputs for {', '.join(missing)}"] if missing else []


def _is_judged(function: Function) -> bool:
    judges = [case.accept.get(output) for case in function.cases for output in function.outputs]
    return all(isinstance(judge, Free) for judge in judges)


def _alternatives(found: _Exercise) -> list[Todo]:
    faults = _first_todo("alternatives.py", found.text("alternatives.py"))
    if isinstance(found.loaded, Exercise):
        written = Counter(alternative.function for alternative in found.loaded.alternatives)
        few = [function.name for function in found.loaded.functions if written[function.name] < ALTERNATIVES]
        wanted = f"expected {ALTERNATIVES} or more in alternatives.py"
        faults += [f"{name} has {written[name]} alternatives, {wanted}" for name in few]
    return _todos("alternatives", faults)


_STEPS: tuple[Callable[[_Exercise], list[Todo]], ...] = (
    _statement, _oracle, _solution, _planted,
    lambda found: _todos("cases", _first_todo("spec.py", found.text("spec.py"))), _mistakes, _hints, _alternatives,
)  # fmt: skip


def _todos(step: str, faults: list[str], blocks: bool = False) -> list[Todo]:
    return [Todo(step, "; ".join(faults), blocks)] if faults else []


def _first_todo(file: str, text: str, inside: bool | None = None) -> list[str]:
    """Return the first line that contains TODO, with the number of others.

    inside: search only in the answers (True), only outside of them (False), or everywhere (None).
    """
    lines = [
        (number, words[0].rstrip("\"')"))
        for number, (line, answer) in enumerate(_lines(text), 1)
        if inside in (None, answer) and (words := _TODO.search(line))
    ]
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return [f"{file}, line {number}: {words}{more}" for number, words in lines[:1]]


def _lines(text: str) -> list[tuple[str, bool]]:
    """Return each line, and whether it lies between the solution markers."""
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


NODES, TOKENS = 6, 9
"""Least number of nodes in an expression, and of tokens in a row, that identify the solution."""

_QUOTED = re.compile(r"`([^`]+)`")
_NOTE = re.compile(r" {3,}")


@dataclass(frozen=True)
class SolutionCode:
    """The expressions of a solution, as `ast.unparse` writes them, and its runs of tokens."""

    expressions: frozenset[str]
    runs: frozenset[tuple[str, ...]]


def solution_code(exercise: Exercise, solution: str) -> SolutionCode:
    """Collect the code of the solution and of the oracles, without their docstrings."""
    texts = [solution, *(inspect.getsource(function.oracle) for function in exercise.functions)]
    bodies = [_bodies_only(textwrap.dedent(text)) for text in texts]
    expressions = (piece for body in bodies for piece in _expressions(body))
    return SolutionCode(frozenset(expressions), frozenset(run for body in bodies for run in _token_runs(body)))


def find_leak(text: str, solution: SolutionCode) -> str:
    """Return the first piece of the text that is code of the solution; "" where there is none."""
    pieces = (piece for code in _pieces(text) for piece in _expressions(code))
    found = next((piece for piece in pieces if piece in solution.expressions), "")
    return found or next((" ".join(run) for run in _token_runs(text) if run in solution.runs), "")


def _bodies_only(text: str) -> str:
    """Remove docstrings, signatures, imports and comments, which the assignment shows."""
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    bodies = [function.body[ast.get_docstring(function) is not None :] for function in functions]
    statements = [node for body in bodies for node in body]
    return "\n".join(ast.unparse(node) for node in statements if not isinstance(node, ast.FunctionDef))


def _pieces(text: str) -> Iterator[str]:
    """Yield the pieces that may be code: quoted text, every line, and the right-hand side of each equation."""
    yield from _QUOTED.findall(text)
    for line in text.split("\n"):
        formula = _NOTE.split(line.strip())[0]
        yield from (formula, formula.partition("=")[2], formula.partition(" becomes ")[2])


def _expressions(code: str) -> Iterator[str]:
    """Yield the expressions of at least NODES nodes, as `ast.unparse` writes them."""
    try:
        tree = ast.parse(code.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and _size(node) >= NODES:
            yield ast.unparse(node)


def _size(node: ast.expr) -> int:
    """Count names, numbers and operations, without the nodes that only wrap them."""
    return sum(isinstance(part, ast.expr | ast.operator | ast.cmpop) for part in ast.walk(node))


def _token_runs(text: str) -> Iterator[tuple[str, ...]]:
    words = list(_tokens(text))
    yield from (tuple(words[start : start + TOKENS]) for start in range(len(words) - TOKENS + 1))


def _tokens(text: str) -> Iterable[str]:
    """Split a text into names, numbers and operators; split text that is not Python into words."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return re.findall(r"\w+|[^\w\s]", text)
    return [token.string for token in found if token.string.strip() and token.type != tokenize.COMMENT]
