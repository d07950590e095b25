"""Generation of the pages of common mistakes from the names and docstrings in mistakes.py, which is not executed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("docs", "mistakes")
_MADE = "<!-- Made from solutions/ by `handgrad build`; edit the docstrings in mistakes.py. -->"
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
    folders = sorted(path for path in (course_root / "solutions").glob("*") if path.is_dir())
    units = {folder.name: _unit(folder) for folder in folders}
    units = {name: exercises for name, exercises in units.items() if exercises}
    made = {FOLDER / f"{name}.md": _page(name, exercises) for name, exercises in units.items()}
    return {FOLDER / "README.md": _index(units), **made} if made else {}


def is_page(text: str) -> bool:
    """Return whether the build wrote this file, so that it may be replaced or removed."""
    return _MADE in text.split("\n", 3)[:3]


def read_mistakes(text: str) -> list[MistakeText]:
    """Return the functions marked as mistakes, in the file's order; ValueError where the text is no Python."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return [mistake for node in functions for mistake in _marked(node)]


def _marked(node: ast.FunctionDef) -> Iterator[MistakeText]:
    for mark in node.decorator_list:
        match mark:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(function))]) if kind in _MARKS:
                hint = " ".join((ast.get_docstring(node) or "").split())
                yield MistakeText(node.name.replace("_", " "), function, hint, kind == "convention")


def _unit(folder: Path) -> Exercises:
    """Return the unit's exercises that have mistakes, in the order of the unit's page."""
    texts = {path.parent.name: path.read_text(encoding="utf-8") for path in folder.glob("*/mistakes.py")}
    found = {name: (_title(folder / name), read_mistakes(texts[name])) for name in _order(folder, list(texts))}
    return {name: (title, mistakes) for name, (title, mistakes) in found.items() if mistakes}


def _order(folder: Path, names: list[str]) -> list[str]:
    page = folder / "README.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    places = {name: text.find(f"]({name}/)") for name in names}
    return sorted(names, key=lambda name: (places[name] < 0, places[name], name))


def _title(folder: Path) -> str:
    """Return the first line of the statement."""
    path = folder / "solution.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else None
    return (text or folder.name).split("\n")[0].rstrip(".")


def _page(unit: str, exercises: Exercises) -> str:
    count = sum(len(mistakes) for _, mistakes in exercises.values())
    head = f"{count} mistakes, as `handgrad check` names them."
    lines = [f"# Common mistakes: {_words(unit)}", "", _MADE, "", head, ""]
    for name, (title, mistakes) in exercises.items():
        lines += [f"## {name}", "", f"{title}.", "", *_functions(mistakes)]
    return "\n".join(lines).rstrip() + "\n"


def _functions(mistakes: list[MistakeText]) -> Iterator[str]:
    for function in dict.fromkeys(item.function for item in mistakes):
        yield from (f"### `{function}`", "")
        yield from (_item(item) for item in mistakes if item.function == function)
        yield ""


def _item(mistake: MistakeText) -> str:
    name = f"**{mistake.name}**" + (" (right by another convention)" if mistake.convention else "")
    return f"- {name}: {_escaped(mistake.hint)}"


def _escaped(text: str) -> str:
    """Escape Markdown and HTML outside of code."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([*_\[\]<>\\])", r"\\\1", part) for part in parts)


def _index(units: dict[str, Exercises]) -> str:
    counts = {unit: sum(len(items) for _, items in exercises.values()) for unit, exercises in units.items()}
    rows = [f"| [{_words(unit)}]({unit}.md) | {len(units[unit])} | {count} |" for unit, count in counts.items()]
    head = "What students get wrong, in the words of the hints. Each is code that the grader runs and recognises."
    return "\n".join([
        "# Common mistakes", "", _MADE, "", head, "", "| unit | exercises | mistakes |", "|---|---|---|", *rows,
        f"| all | {sum(map(len, units.values()))} | {sum(counts.values())} |",
    ]) + "\n"  # fmt: skip


def _words(unit: str) -> str:
    return unit.replace("_", " ")
