"""The page of common mistakes: what students get wrong, by unit, exercise and function, in the words of the hints.

Made from every mistakes.py by reading it: names and docstrings, never code.
"""

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
    """One mistake as the page tells it: its name in words, its function, its hint. convention: right elsewhere."""

    name: str
    function: str
    hint: str
    convention: bool


Exercises = dict[str, tuple[str, list[MistakeText]]]
"""Exercise → its title and its mistakes."""


def pages(course_root: Path) -> dict[Path, str]:
    """Path → text: a page for each unit that has mistakes, and one that leads to them."""
    folders = sorted(path for path in (course_root / "solutions").glob("*") if path.is_dir())
    units = {folder.name: _unit(folder) for folder in folders}
    told = {name: exercises for name, exercises in units.items() if exercises}
    made = {FOLDER / f"{name}.md": _page(name, exercises) for name, exercises in told.items()}
    return {FOLDER / "README.md": _index(told), **made} if made else {}


def is_page(text: str) -> bool:
    """Whether a file was made here, and so may be replaced or removed."""
    return _MADE in text.split("\n", 3)[:3]


def read_mistakes(text: str) -> list[MistakeText]:
    """Every function marked as a mistake, in the file's order; ValueError where the text is no Python."""
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return [told for node in functions for told in _marked(node)]


def _marked(node: ast.FunctionDef) -> Iterator[MistakeText]:
    for mark in node.decorator_list:
        match mark:
            case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(function))]) if kind in _MARKS:
                hint = " ".join((ast.get_docstring(node) or "").split())
                yield MistakeText(node.name.replace("_", " "), function, hint, kind == "convention")


def _unit(folder: Path) -> Exercises:
    """Its exercises that have mistakes, in the order of the unit's page."""
    texts = {path.parent.name: path.read_text(encoding="utf-8") for path in folder.glob("*/mistakes.py")}
    told = {name: (_title(folder / name), read_mistakes(texts[name])) for name in _order(folder, list(texts))}
    return {name: (title, mistakes) for name, (title, mistakes) in told.items() if mistakes}


def _order(folder: Path, names: list[str]) -> list[str]:
    page = folder / "README.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    places = {name: text.find(f"]({name}/)") for name in names}
    return sorted(names, key=lambda name: (places[name] < 0, places[name], name))


def _title(folder: Path) -> str:
    """The first line of the statement."""
    path = folder / "solution.py"
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path.exists() else None
    return (text or folder.name).split("\n")[0].rstrip(".")


def _page(unit: str, exercises: Exercises) -> str:
    count = sum(len(told) for _, told in exercises.values())
    head = f"{count} mistakes, as `handgrad check` names them."
    lines = [f"# Common mistakes: {_words(unit)}", "", _MADE, "", head, ""]
    for name, (title, told) in exercises.items():
        lines += [f"## {name}", "", f"{title}.", "", *_functions(told)]
    return "\n".join(lines).rstrip() + "\n"


def _functions(told: list[MistakeText]) -> Iterator[str]:
    for function in dict.fromkeys(item.function for item in told):
        yield from (f"### `{function}`", "")
        yield from (_item(item) for item in told if item.function == function)
        yield ""


def _item(told: MistakeText) -> str:
    name = f"**{told.name}**" + (" (right by another convention)" if told.convention else "")
    return f"- {name}: {_escaped(told.hint)}"


def _escaped(text: str) -> str:
    """Stars, lines and brackets outside of code as they are: no emphasis, no link, no markup."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([*_\[\]<>\\])", r"\\\1", part) for part in parts)


def _index(told: dict[str, Exercises]) -> str:
    counts = {unit: sum(len(items) for _, items in exercises.values()) for unit, exercises in told.items()}
    rows = [f"| [{_words(unit)}]({unit}.md) | {len(told[unit])} | {count} |" for unit, count in counts.items()]
    head = "What students get wrong, in the words of the hints. Each is code that the grader runs and recognises."
    return "\n".join([
        "# Common mistakes", "", _MADE, "", head, "", "| unit | exercises | mistakes |", "|---|---|---|", *rows,
        f"| all | {sum(map(len, told.values()))} | {sum(counts.values())} |",
    ]) + "\n"  # fmt: skip


def _words(unit: str) -> str:
    return unit.replace("_", " ")
