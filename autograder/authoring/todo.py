"""Search for the parts of an exercise that its author still has to write, and for texts that tell the answer."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.authoring.answers import Mark, answer_code, find_leak, shown_answers
from autograder.authoring.build.stub import BEGIN, END, make_stub, plant, read_planted
from autograder.course.catalog import Course
from autograder.errors import CourseError
from autograder.spec.exercise import Exercise
from autograder.spec.formulas import formula
from autograder.spec.function import Free

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
class _Draft:
    """Folder of an exercise, and the exercise, or the error that its import raised."""

    folder: Path
    exercise: Exercise | None
    error: CourseError | None = None

    def text(self, file: str) -> str:
        """Return a file's text, or "" where it is missing."""
        path = self.folder / file
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def missing(self) -> str:
        """Return the message of the import in spec.py that failed, or ""."""
        cause = self.error and self.error.__cause__
        return cause.msg if isinstance(cause, ImportError) and "spec.py" in str(self.error) else ""

    @cached_property
    def answer(self) -> Mapping[Mark, str]:
        """Return the code of the answer; empty where the exercise does not load, or its solution gives no stub."""
        solution = self.text("solution.py")
        try:
            begin = make_stub(plant(solution, self.text("planted.py")))
        except ValueError:
            return {}
        return answer_code(self.exercise, solution, begin) if self.exercise else {}


def find_todos(course: Course, name: str) -> list[Todo]:
    """Return the steps that are not done, in the order in which they are best written; each step at most once."""
    try:
        draft = _Draft(course.folders[name], course.exercise(name))
    except CourseError as error:
        draft = _Draft(course.folders[name], None, error)
    found = [(step, "; ".join(find(draft)), blocks) for step, find, blocks in _STEPS]
    return [Todo(step, fault, blocks) for step, fault, blocks in found if fault]


def _statement(draft: _Draft) -> Iterator[str]:
    text = draft.text("solution.py")
    yield from _first_todo("solution.py", text, inside=False)
    try:
        functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    except SyntaxError:
        return
    for node in functions:
        if not ast.get_docstring(node) and not node.name.startswith("_"):
            yield f"{node.name} in solution.py has no docstring, which is the assignment"


def _oracle(draft: _Draft) -> Iterator[str]:
    if draft.missing:
        yield f"the reference is missing ({draft.missing}): write it, or repair the import in spec.py"


def _files(draft: _Draft) -> Iterator[str]:
    if draft.error and not draft.missing:
        yield str(draft.error)


def _solution(draft: _Draft) -> Iterator[str]:
    text = draft.text("solution.py")
    if not text:
        yield "solution.py is missing"
        return
    try:
        make_stub(text)
        yield from _first_todo("solution.py", text, inside=True)
    except ValueError as error:
        yield f"solution.py {error}"


def _planted(draft: _Draft) -> Iterator[str]:
    """Check that the planted code fits the solution and that its bugs are known mistakes."""
    text = draft.text("planted.py")
    open_lines = _first_todo("planted.py", text)
    yield from open_lines
    try:
        plant(draft.text("solution.py"), text)
    except ValueError as error:
        yield from () if open_lines else (str(error),)
        return
    known = {mistake.name for mistake in draft.exercise.mistakes} if draft.exercise else set()
    for bug in read_planted(text).bugs if text else ():
        if bug.name not in known:
            yield f"{bug.name} in planted.py is no mistake of mistakes.py"


def _mistakes(draft: _Draft) -> Iterator[str]:
    yield from _first_todo("mistakes.py", draft.text("mistakes.py"))
    if draft.exercise:
        mistakes = draft.exercise.mistakes
        if len(mistakes) < MISTAKES:
            yield f"{len(mistakes)} known mistakes, expected {MISTAKES} or more in mistakes.py"
        yield from (f"{mistake.name} has no docstring, which is the hint" for mistake in mistakes if not mistake.hint)


def _hints(draft: _Draft) -> Iterator[str]:
    """Find outputs without a formula, texts that tell the answer, and functions without small inputs; those accepted by
    a property alone have no single right answer to show."""
    yield from _first_todo("hints.toml", draft.text("hints.toml"))
    if not draft.exercise:
        return
    functions = draft.exercise.functions
    try:
        missing = [f"{function.name} {output}" for function in functions for output in function.outputs
                   if not formula(draft.exercise, function.name, output)]  # fmt: skip
        yield from [f"hints.toml has no formula of {', '.join(missing)}"] if missing else []
        texts = {f"the hint of {mistake.name}": mistake.hint for mistake in draft.exercise.mistakes}
        for name, lines in draft.exercise.formulas.items():
            texts |= {f"the formula of {name} {output}": text for output, text in lines.items()}
        leaks = [(who, find_leak(text, draft.answer)) for who, text in texts.items()]
        yield from (f"{who} is code of the answer: `{piece}`" for who, piece in leaks if piece)
    except CourseError as error:
        yield str(error)
    judges = {f.name: [case.accept.get(output) for case in f.cases for output in f.outputs] for f in functions}
    judged = [name for name, found in judges.items() if all(isinstance(judge, Free) for judge in found)]
    if bare := [function.name for function in functions if function.name not in (*draft.exercise.small, *judged)]:
        yield f"spec.py has no SMALL inputs for {', '.join(bare)}"


def _alternatives(draft: _Draft) -> Iterator[str]:
    yield from _first_todo("alternatives.py", draft.text("alternatives.py"))
    if draft.exercise:
        written = Counter(alternative.function for alternative in draft.exercise.alternatives)
        for name in [function.name for function in draft.exercise.functions if written[function.name] < ALTERNATIVES]:
            yield f"{name} has {written[name]} alternatives, expected {ALTERNATIVES} or more in alternatives.py"


_STEPS: tuple[tuple[str, Callable[[_Draft], Iterable[str]], bool], ...] = (
    ("statement", _statement, False), ("oracle", _oracle, True), ("files", _files, True), ("solution", _solution, True),
    ("planted", _planted, True), ("cases", lambda draft: _first_todo("spec.py", draft.text("spec.py")), False),
    ("mistakes", _mistakes, False), ("hints", _hints, False), ("alternatives", _alternatives, False),
    ("pages", lambda draft: shown_answers(draft.folder.parents[2], draft.answer), False),
)  # fmt: skip
"""Name of each step, the function that finds what is missing, and whether nothing can be run without it."""


def _first_todo(file: str, text: str, inside: bool | None = None) -> list[str]:
    """Return the first line that contains TODO, with the number of others.

    inside: search only in the answers (True), only outside of them (False), or everywhere (None).
    """
    answer, lines = False, []
    for number, line in enumerate(text.split("\n"), 1):
        answer = line.strip() == BEGIN or (answer and line.strip() != END)
        if inside in (None, answer) and (words := _TODO.search(line)):
            lines.append((number, words[0].rstrip("\"')")))
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return [f"{file}, line {number}: {words}{more}" for number, words in lines[:1]]
