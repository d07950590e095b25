"""Search for the parts of an exercise that its author still has to write, and for texts that tell the answer."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress

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


_STEPS = {
    "statement": ("solution.py", False), "oracle": None, "files": None, "solution": ("solution.py", True),
    "planted": ("planted.py", None), "cases": ("spec.py", None), "mistakes": ("mistakes.py", None),
    "hints": ("hints.toml", None), "alternatives": ("alternatives.py", None), "pages": None,
}  # fmt: skip
"""Step, in the best order of writing → the file that is searched for TODO, and `inside` of `_first_todo`."""
BLOCKING = frozenset(("oracle", "files", "solution", "planted"))
"""Steps without which nothing can be run."""


def find_todos(course: Course, name: str) -> dict[str, str]:
    """Return step that is not done → what is missing in which file, in the order in which steps are best written."""
    folder, exercise = course.folders[name], None
    files = [path for path in folder.iterdir() if path.suffix in (".py", ".toml")]
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    found: dict[str, list[str]] = {step: _first_todo(place[0], texts.get(place[0], ""), place[1]) if place else []
                                   for step, place in _STEPS.items()}  # fmt: skip
    try:
        exercise = course.exercise(name)
    except CourseError as error:
        cause = error.__cause__
        if isinstance(cause, ImportError) and "spec.py" in str(error):
            found["oracle"] = [f"the reference is missing ({cause.msg}): write it, or repair the import in spec.py"]
        else:
            found["files"] = [str(error)]
    answer = _check_solution(texts, exercise, found)
    if exercise:
        mistakes = exercise.mistakes
        if len(mistakes) < MISTAKES:
            found["mistakes"].append(f"{len(mistakes)} known mistakes, expected {MISTAKES} or more in mistakes.py")
        found["mistakes"] += [f"{each.name} has no docstring, which is the hint" for each in mistakes if not each.hint]
        found["hints"] += _hints(exercise, answer)
        written = Counter(alternative.function for alternative in exercise.alternatives)
        words = f"alternatives, expected {ALTERNATIVES} or more in alternatives.py"
        found["alternatives"] += [f"{each.name} has {written[each.name]} {words}" for each in exercise.functions
                                  if written[each.name] < ALTERNATIVES]  # fmt: skip
    found["pages"] += shown_answers(course.root, answer)
    return {step: "; ".join(faults) for step, faults in found.items() if faults}


def _check_solution(texts: Mapping[str, str], exercise: Exercise | None,
                    found: dict[str, list[str]]) -> Mapping[Mark, str]:  # fmt: skip
    """Add to `found` what is wrong with solution and planted code; return the marks of the answer, none where the
    exercise does not load or no stub can be made."""
    solution, planted = texts.get("solution.py", ""), texts.get("planted.py", "")
    with suppress(SyntaxError):
        found["statement"] += [
            f"{node.name} in solution.py has no docstring, which is the assignment" for node in ast.parse(solution).body
            if isinstance(node, ast.FunctionDef) and not ast.get_docstring(node) and not node.name.startswith("_")
        ]  # fmt: skip
    try:
        make_stub(solution)
    except ValueError as error:
        found["solution"] = [f"solution.py {error}" if solution else "solution.py is missing"]
    try:
        begin = plant(solution, planted)
    except ValueError as error:
        found["planted"] = found["planted"] or [str(error)]
        return {}
    known = {mistake.name for mistake in exercise.mistakes} if exercise else set()
    bugs = read_planted(planted).bugs if planted else ()
    found["planted"] += [f"{bug} in planted.py is no mistake of mistakes.py" for bug in bugs if bug not in known]
    return answer_code(exercise, solution, make_stub(begin)) if exercise and not found["solution"] else {}


def _hints(exercise: Exercise, answer: Mapping[Mark, str]) -> Iterator[str]:
    """Yield what is wrong with the hints: missing formulas, missing small inputs of functions with a single right
    answer, and texts that show the answer."""
    functions = exercise.functions
    try:
        missing = [f"{function.name} {output}" for function in functions for output in function.outputs
                   if not formula(exercise, function.name, output)]  # fmt: skip
        yield from [f"hints.toml has no formula of {', '.join(missing)}"] if missing else []
        texts = {f"the hint of {mistake.name}": mistake.hint for mistake in exercise.mistakes}
        for name, lines in exercise.formulas.items():
            texts |= {f"the formula of {name} {output}": text for output, text in lines.items()}
        leaks = [(who, find_leak(text, answer)) for who, text in texts.items()]
        yield from (f"{who} is code of the answer: `{piece}`" for who, piece in leaks if piece)
    except CourseError as error:
        yield str(error)
    judges = {f.name: [case.accept.get(output) for case in f.cases for output in f.outputs] for f in functions}
    judged = [name for name, found in judges.items() if all(isinstance(judge, Free) for judge in found)]
    if bare := [function.name for function in functions if function.name not in (*exercise.small, *judged)]:
        yield f"spec.py has no SMALL inputs for {', '.join(bare)}"


def _first_todo(file: str, text: str, inside: bool | None = None) -> list[str]:
    """Return a sentence on the first line that contains TODO, with the number of others; [] without any.

    inside: search only in the answers (True), only outside of them (False), or everywhere (None).
    """
    answer, lines = False, []
    for number, line in enumerate(text.split("\n"), 1):
        answer = line.strip() == BEGIN or (answer and line.strip() != END)
        if inside in (None, answer) and (words := _TODO.search(line)):
            lines.append((number, words[0].rstrip("\"')")))
    more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
    return [f"{file}, line {number}: {words}{more}" for number, words in lines[:1]]
