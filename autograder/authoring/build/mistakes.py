"""Generation of the pages of common mistakes from the names and docstrings in mistakes.py."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from autograder.course.catalog import load_marked, text_of
from autograder.spec.exercise import Mistake

FOLDER = Path("docs", "mistakes")
MADE = "<!-- Made from solutions/ by `handgrad build`; edit the docstrings in mistakes.py. -->"
"""The line in a page by which the build recognises files that it made."""


def pages(course_root: Path) -> dict[Path, str]:
    """Return path → text of the pages of common mistakes: an index, and a page for each unit that has mistakes."""
    made, rows, totals = {}, [], [0, 0]
    for folder in sorted(path for path in (course_root / "solutions").glob("*") if path.is_dir()):
        if exercises := _unit(course_root, folder):
            count = sum(len(mistakes) for _, mistakes in exercises.values())
            made[FOLDER / f"{folder.name}.md"] = _page(folder.name, exercises, count)
            rows.append(f"| [{folder.name.replace('_', ' ')}]({folder.name}.md) | {len(exercises)} | {count} |")
            totals = [totals[0] + len(exercises), totals[1] + count]
    head = "What students get wrong, in the words of the hints. Each is code that the grader runs and recognises."
    index = ["# Common mistakes", "", MADE, "", head, "", "| unit | exercises | mistakes |", "|---|---|---|", *rows]
    all_units = f"| all | {totals[0]} | {totals[1]} |"
    return {FOLDER / "README.md": "\n".join([*index, all_units, ""]), **made} if made else {}


def _unit(course_root: Path, folder: Path) -> dict[str, tuple[str, tuple[Mistake, ...]]]:
    """Return exercise → the first line of its statement and its mistakes, in the order of the unit's page."""
    text = text_of(folder / "README.md")
    places = {path.parent: text.find(f"]({path.parent.name}/)") for path in folder.glob("*/mistakes.py")}
    found = {}
    for exercise in sorted(places, key=lambda each: (places[each] < 0, places[each], each.name)):
        title = ast.get_docstring(ast.parse(text_of(exercise / "solution.py")))
        if mistakes := load_marked(course_root, exercise / "mistakes.py", Mistake):
            found[exercise.name] = (title or exercise.name).split("\n")[0].rstrip("."), mistakes
    return found


def _page(unit: str, exercises: dict[str, tuple[str, tuple[Mistake, ...]]], count: int) -> str:
    head = f"{count} mistakes, as `handgrad check` names them."
    lines = [f"# Common mistakes: {unit.replace('_', ' ')}", "", MADE, "", head]
    for name, (title, mistakes) in exercises.items():
        lines += ["", f"## {name}", "", f"{title}."]
        for function in dict.fromkeys(mistake.function for mistake in mistakes):
            lines += ["", f"### `{function}`", "", *(_item(each) for each in mistakes if each.function == function)]
    return "\n".join(lines) + "\n"


def _item(mistake: Mistake) -> str:
    """Return a mistake as one line of a list, with Markdown and HTML escaped outside of code."""
    name = f"**{mistake.name.replace('_', ' ')}**" + " (right by another convention)" * mistake.convention
    parts = re.split(r"(`[^`]*`)", " ".join(mistake.hint.split()))
    hint = (part if place % 2 else re.sub(r"([*_\[\]<>\\])", r"\\\1", part) for place, part in enumerate(parts))
    return f"- {name}: {''.join(hint)}"
