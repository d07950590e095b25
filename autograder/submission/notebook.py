"""Read the code of notebooks: cells without outputs and magics, as the text that each exercise needs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.report.escape import show
from autograder.sandbox.inside.loader import Margin
from autograder.submission import syntax
from autograder.submission.definitions import read
from autograder.submission.file import CODE, Unreadable
from autograder.submission.places import joined
from autograder.submission.source import Refused, Source

# Cell magics whose body is Python that defines names; the body of any other magic is not.
_BODY = frozenset({"time", "capture", "prun", "debug", "memit", "mprun", "lprun", "snakeviz", "scalene"})
# Line magics that run the Python after them.
_RUNS = re.compile(r"%(?:time|prun|memit)\b(?!\s+-)\s*")
_CELL = re.compile(r"%%(\w*)")
_HELP = re.compile(r"\?.*|%{0,2}[\w.*\[\]]+\?{1,2}")
_ASSIGNED = re.compile(r"(?P<target>[A-Za-z_][\w.,\s\[\]]*=)\s*[!%]")


def plain(source: str) -> tuple[str, str]:
    """Return the cell without magics, shell lines and questions, with as many lines, and "".

    Of a cell that is not Python return "" and the cell magic that says so.
    """
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    indent = lines[first][: len(lines[first]) - len(lines[first].lstrip(" \t"))]
    lines = [line.removeprefix(indent) for line in lines]  # the notebook removes the indent of a whole cell, too
    if magic := _CELL.match(lines[first]):
        if magic[1] not in _BODY:
            return "", magic[0]
        lines[first] = ""
    margin, continues = Margin(), False
    for number, line in enumerate(lines):
        if continues:  # a shell line with a backslash
            continues, lines[number] = line.endswith("\\"), ""
        else:
            lines[number] = _python(line) if margin.free else line
            continues = lines[number] != line and line.endswith("\\")
        margin.read(lines[number])
    return "\n".join(lines), ""


def _python(line: str) -> str:
    """Return a line at which a statement begins, converted to Python; a replaced line keeps its indent."""
    text = line.lstrip(" \t")
    indent = line[: len(line) - len(text)]
    body = text.rstrip()
    if body.startswith("%"):
        rest = _RUNS.sub("", body, count=1) if _RUNS.match(body) else ""
        return indent + (rest or "pass")
    if body.startswith("!") or _HELP.fullmatch(body):
        return f"{indent}pass"
    assigned = _ASSIGNED.match(body)
    return f"{indent}{assigned['target']} None" if assigned else line


_SAVE = "Open it in Jupyter, save it, and hand it in again."
_BAD = f"is no notebook that can be read: {{why}}. {_SAVE}"
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+)$", re.MULTILINE)
_FENCED = re.compile(r"^(```|~~~).*?(^\1|\Z)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^(```|~~~).*$", re.MULTILINE)
_WRITES = re.compile(r"\s*%%writefile[ \t]+['\"]?([\w.-]+\.py)['\"]?[ \t]*\n")
_EXERCISE = re.compile(r"#\s*exercise\s*:\s*(\w+)", re.IGNORECASE)
_HALF = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"\w+")
_PICTURE = re.compile(rb'"[^"\\]{%d,}"' % (CODE.most + 1))
"""String without a line's end that is longer than all code of a notebook may be: a picture, which is not parsed."""
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_VALUES = 2 << 20
"""Most values of a notebook, outputs included: each takes up to a hundred bytes of memory."""


@dataclass(frozen=True)
class NotebookCell:
    """Cell of a notebook."""

    number: int
    """Place among the cells that are not empty, from 1, as Jupyter counts when all are run in order."""
    text: str
    """Python with as many lines as the cell."""
    exercise: str = ""
    """Exercise that the cell belongs to, "" if unknown."""
    trouble: str = ""
    """Why the cell was left out, "" if it was not."""
    file: tuple[str, str] | None = None
    """Name and text of the Python file that the cell writes."""
    kind: str = "code"
    """Type in words: "code", or "Markdown" or "raw" of another cell, which has the number of the code cell above."""


def read_cells(data: bytes, names: Collection[str]) -> tuple[list[NotebookCell], list[NotebookCell]]:
    """Return the code cells, and other cells that may hold code, in order; raise Unreadable if `data` is no notebook.

    names: exercises to which cells can belong.
    """
    section = ("", 0)
    cells: list[NotebookCell] = []
    asides: list[NotebookCell] = []
    book = _parse(data)
    found = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(found, list):
        raise Unreadable(_BAD.format(why="it has no cells"))
    for cell in (cell for cell in found if isinstance(cell, dict)):
        source, kind = cell.get("source"), cell.get("cell_type")
        lines = [line for line in (source if isinstance(source, list) else [source]) if isinstance(line, str)]
        source = ("" if any("\n" in line for line in lines) else "\n").join(lines)  # some tools leave out line ends
        if kind == "code" and source.strip():
            text, foreign = plain(source)
            trouble = f"{foreign} is not Python" if foreign else ""
            trouble = trouble or ("it contains a NUL character" if "\0" in text else "")
            trouble = trouble or ("it contains half a character" if _HALF.search(text) else "")
            exercise = _owner(cell, source, names) or section[0]
            written = _WRITES.match(source)
            made = (written[1], source[written.end() :]) if written else None
            cells.append(NotebookCell(len(cells) + 1, "" if trouble else text, exercise, trouble, made))
        elif kind == "markdown":
            section = _section(source, names, section)
        if kind in ("markdown", "raw") and "def " in source and len(source) <= CODE.most:
            words = "Markdown" if kind == "markdown" else "raw"
            asides.append(NotebookCell(len(cells), plain(_FENCE.sub("", source))[0], kind=words))
    return cells, asides


def _parse(data: bytes) -> Any:
    data = _PICTURE.sub(b'""', data)
    if sum(map(_STRING.sub(b"", data).count, (b",", b"[", b"{"))) > _VALUES:
        raise Unreadable(f"holds more than {_VALUES:,} values. Clear its outputs, save it, and hand it in again.")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(_BAD.format(why="it is not UTF-8")) from error
    except json.JSONDecodeError as error:
        raise Unreadable(_wrong_json(data, error)) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(_BAD.format(why="its JSON holds something that no notebook has")) from error


def _wrong_json(data: bytes, error: json.JSONDecodeError) -> str:
    """Return why the notebook cannot be read: a merge that was not finished, other content, or damage."""
    text = data.decode("utf-8-sig", "replace")
    if merge := re.search(r"^<<<<<<<( |$)", text, re.MULTILINE):
        line = text.count("\n", 0, merge.start()) + 1
        why = f"a merge was not finished, line {line} begins with <<<<<<<"
        return f"{_BAD.format(why=why)} Keep one version first."
    if len(text) <= CODE.most and not text.lstrip().startswith("{") and read(text).bindings:
        return "holds Python code and is no notebook. Rename it, so that its name ends in .py."
    return _BAD.format(why=f"its JSON breaks off or is wrong in line {error.lineno}")


def _owner(cell: Mapping[str, Any], source: str, names: Collection[str]) -> str:
    """Return the exercise that the cell names: in a first comment, in nbgrader's id, or in its own id."""
    comment = _EXERCISE.match(source.lstrip())
    if comment and comment[1] in names:
        return comment[1]
    facts = cell.get("metadata")
    grading = facts.get("nbgrader") if isinstance(facts, dict) else None
    ids = (grading.get("grade_id") if isinstance(grading, dict) else None, cell.get("id"))
    heads = (word.partition("-")[0] for word in ids if isinstance(word, str))
    return next((head for head in heads if head in names), "")


def _section(markdown: str, names: Collection[str], section: tuple[str, int]) -> tuple[str, int]:
    """Return the exercise whose section this text begins, and the level of its heading.

    A heading with no exercise, or several, ends the section unless its level is lower.
    """
    for marks, title in _HEADING.findall(_FENCED.sub("", markdown)):
        named = {word for word in _WORD.findall(title) if word in names}
        if len(named) == 1 or len(marks) <= section[1]:
            section = (named.pop(), len(marks)) if len(named) == 1 else ("", 0)
    return section


_LARGE = "has {size:,} bytes of code; at most {most:,} are read. Hand in only the cells that the exercises need."


@dataclass(frozen=True)
class UnitNotebook:
    """Notebook that was read, as the text of each exercise.

    All code cells count, in order, as if they were run from top to bottom, and the last definition of a name counts. If
    a later section of another exercise defines a name of this exercise's section (three exercises of the training unit
    each have a `train`), that section is moved before it.
    """

    origin: str
    """Path inside the submission, escaped."""
    cells: Sequence[NotebookCell]
    """Code cells."""
    asides: Sequence[NotebookCell] = ()
    """Other cells that hold something."""

    @property
    def notes(self) -> list[str]:
        """Return a sentence for each cell that was left out."""
        notes = []
        for cell in self.cells:
            if cell.file:
                notes.append(f"{self.origin}, cell {cell.number} is read as the file {show(cell.file[0])}.")
            elif cell.trouble:
                notes.append(f"{self.origin}, cell {cell.number} is left out: {cell.trouble}.")
        return notes

    @property
    def files(self) -> dict[str, bytes]:
        """Return the Python files that cells write, name → content; of several with one name the last."""
        return {cell.file[0]: cell.file[1].encode(errors="replace") for cell in self.cells if cell.file}

    def holds(self, exercise: str) -> bool:
        """Return whether a cell belongs to this exercise."""
        return any(cell.exercise == exercise for cell in self.cells)

    def aside(self, function: str) -> NotebookCell | None:
        """Return a cell that is no code cell and yet defines this function; None without one."""
        found = (aside for aside in self.asides if function in aside.text)
        return next((aside for aside in found if read(aside.text).last(function)), None)

    def source(self, exercise: str = "") -> Source | Refused:
        """Return the code cells as one source, in the order for this exercise; without one in the notebook's order."""
        text = joined((cell.number, cell.text) for cell in self._order(exercise))
        data = text.encode("utf-8")
        if len(data) > CODE.most:
            return Refused(f"{self.origin} {_LARGE.format(size=len(data), most=CODE.most)}", self.origin)
        if flaw := syntax.flaw(text):
            return Refused(f"{self.origin} {flaw}", self.origin)
        return Source(text, hashlib.sha256(data).hexdigest(), self.origin)

    def _order(self, exercise: str) -> list[NotebookCell]:
        own = [cell for cell in self.cells if cell.exercise == exercise]
        if not exercise or not own:
            return list(self.cells)
        begin = self.cells.index(own[0])
        rest = self.cells[begin:]
        others = [cell for cell in rest if cell.exercise not in ("", exercise)]
        mine, theirs = ({found.name for cell in each for found in read(cell.text).bindings} for each in (own, others))
        if not mine & theirs:
            return list(self.cells)
        return [*self.cells[:begin], *others, *(cell for cell in rest if cell.exercise in ("", exercise))]
