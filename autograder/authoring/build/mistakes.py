"""Generation of the pages of common mistakes from the names and docstrings in mistakes.py, which is not executed."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("docs", "mistakes")
MADE = "<!-- Made from solutions/ by `handgrad build`; edit the docstrings in mistakes.py. -->"
"""The line of a page by which the build recognises its own files."""
_MARKS = ("mistake", "convention")


@dataclass(frozen=True)
class MistakeText:
    """One mistake as the page shows it."""

    name: str
    """Its name, in words."""
    function: str
    hint: str
    """Its docstring, on one line."""
    convention: bool
    """True where the answer is right by another convention."""


Exercises = dict[str, tuple[str, list[MistakeText]]]
"""Exercise → its title and its mistakes."""


def pages(course_root: Path) -> dict[Path, str]:
    """Return path → text: an index, and a page for each unit that has mistakes."""
    made, rows, totals = {}, [], [0, 0]
    for folder in sorted(path for path in (course_root / "solutions").glob("*") if path.is_dir()):
        if exercises := _unit(folder):
            made[FOLDER / f"{folder.name}.md"] = _page(folder.name, exercises)
            counts = len(exercises), sum(len(mistakes) for _, mistakes in exercises.values())
            rows.append(f"| [{folder.name.replace('_', ' ')}]({folder.name}.md) | {counts[0]} | {counts[1]} |")
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
    head = "What students get wrong, in the words of the hints. Each is code that the grader runs and recognises."
    index = ["# Common mistakes", "", MADE, "", head, "", "| unit | exercises | mistakes |", "|---|---|---|", *rows]
    all_units = f"| all | {totals[0]} | {totals[1]} |"
    return {FOLDER / "README.md": "\n".join([*index, all_units, ""]), **made} if made else {}


def read_mistakes(text: str) -> list[MistakeText]:
    """Return the functions marked as mistakes, in the file's order; ValueError where the text is no Python."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    found = []
    for node, mark in [(function, mark) for function in functions for mark in function.decorator_list]:
        match mark:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(name))]) if kind in _MARKS:
                hint = " ".join((ast.get_docstring(node) or "").split())
                found.append(MistakeText(node.name.replace("_", " "), name, hint, kind == "convention"))
    return found


def _unit(folder: Path) -> Exercises:
    """Return the unit's exercises that have mistakes, in the order of the unit's page, each with the first line of its
    statement."""
    page = folder / "README.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    places = {path.parent: text.find(f"]({path.parent.name}/)") for path in folder.glob("*/mistakes.py")}
    found: Exercises = {}
    for exercise in sorted(places, key=lambda each: (places[each] < 0, places[each], each.name)):
        solution = exercise / "solution.py"
        title = ast.get_docstring(ast.parse(solution.read_text(encoding="utf-8"))) if solution.exists() else None
        if mistakes := read_mistakes((exercise / "mistakes.py").read_text(encoding="utf-8")):
            found[exercise.name] = (title or exercise.name).split("\n")[0].rstrip("."), mistakes
    return found


def _page(unit: str, exercises: Exercises) -> str:
    count = sum(len(mistakes) for _, mistakes in exercises.values())
    head = f"{count} mistakes, as `handgrad check` names them."
    lines = [f"# Common mistakes: {unit.replace('_', ' ')}", "", MADE, "", head]
    for name, (title, mistakes) in exercises.items():
        lines += ["", f"## {name}", "", f"{title}."]
        for function in dict.fromkeys(item.function for item in mistakes):
            lines += ["", f"### `{function}`", "", *(_item(item) for item in mistakes if item.function == function)]
    return "\n".join(lines) + "\n"


def _item(mistake: MistakeText) -> str:
    """Return the line of a mistake, with Markdown and HTML escaped outside of code."""
    name = f"**{mistake.name}**" + (" (right by another convention)" if mistake.convention else "")
    parts = re.split(r"(`[^`]*`)", mistake.hint)
    hint = (part if place % 2 else re.sub(r"([*_\[\]<>\\])", r"\\\1", part) for place, part in enumerate(parts))
    return f"- {name}: {''.join(hint)}"
