"""Files that may hold answers: the exercise that a file is named after, and what it defines."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256

from autograder.report.escape import show
from autograder.submission.definitions import Content, Kind, read
from autograder.submission.entry import is_python, kind, stem
from autograder.submission.file import CODE, NOTEBOOK, Parts, Tree, Unreadable
from autograder.submission.modules import Beside, kind_of, with_modules
from autograder.submission.notebook import UnitNotebook, read_unit_notebook
from autograder.submission.source import Files, Refused, Source, decode, other_content, plain_text

Names = Mapping[str, Collection[str]]
"""Map each exercise to its functions, by which a file is chosen; empty if they are unknown."""

_COPY = re.compile(
    r"(?:(?:copy|kopie|copie|copia)[ _-](?:of|von|de|di)[ _-])?(?P<name>.+?)"
    r"(?:[ _-]*(?:copy|kopie|copie|copia|final)\d*|[ _-]*\(\d+\)|[ _-]+v?\d+|[ _-]+s\d+)*",
    re.IGNORECASE | re.DOTALL,
)
"""Name of a copy, as browsers, file managers, Jupyter and students make it."""
_LONG = 200
"""Most characters of a name that is compared with it."""
_AGAIN = re.compile(r"(?P<stem>.+)-(?P<number>\d{1,3})", re.DOTALL)
"""Name of a later upload, as Canvas makes it."""
_WRITTEN: tuple[Kind, ...] = ("written", "broken", "result")


class Paper:
    """File that may hold answers, and what it defines."""

    def __init__(self, parts: Parts, names: Names, numbered: bool) -> None:
        self.parts, self.origin, self._names = parts, origin(parts), names
        self.title, self.python = stem(parts[-1]), is_python(parts[-1])
        again = _AGAIN.fullmatch(stem(parts[0])) if numbered else None
        self.version = int(again["number"]) if again else 0
        """Number behind the name, 0 for the first upload."""
        self.group = again["stem"] if again else stem(parts[0])
        """Name that all uploads of one file share."""
        copied = _COPY.fullmatch(self.title) if len(self.title) <= _LONG else None
        forms = (self.title, again["stem"] if again and len(parts) == 1 else "", copied["name"] if copied else "")
        known = {name.casefold(): name for name in names}
        self.claim = next((known[form.casefold()] for form in forms if form.casefold() in known), "")
        """Exercise that the file is named after, "" if none."""
        self.exact = bool(self.claim) and self.claim.casefold() in map(str.casefold, forms[:2])
        """The name has nothing added to that of the exercise."""
        self.notebook: UnitNotebook | None = None
        self._programs: dict[str, tuple[Source, Content, Files]] = {}

    def load(self, tree: Tree, beside: Beside) -> str:
        """Read the file; return a note about its form, "" if it is plain. Raise Unreadable if it cannot be read."""
        self._beside = beside
        data, note = plain_text(tree.files[self.parts].read(CODE if self.python else NOTEBOOK))
        if flaw := other_content(data, self.python):
            raise Unreadable(flaw)
        if not self.python:
            self.notebook = read_unit_notebook(data, show(self.title), self.origin, self._names)
        self._plain = decode(show(self.title), data, self.origin) if self.python else None
        found = self._plain or self._of_notebook("")
        if isinstance(found, Refused):
            raise Unreadable(found.reason.removeprefix(f"{self.origin} "))
        ending = f".{kind(self.parts[-1])}"
        if not self.parts[-1].casefold().endswith(ending):
            note = f"is read as {show(self.title)}{ending}{' and ' if note else ''}{note}"
        return f"{self.origin} {note}." if note else ""

    def _of_notebook(self, exercise: str) -> Source | Refused:
        assert self.notebook, "the file is a notebook"
        return self.notebook.source(exercise)

    def _program(self, exercise: str) -> tuple[Source, Content, Files]:
        """Return the text for an exercise with its modules, what it defines, and the modules."""
        if exercise not in self._programs:
            found = self._plain or self._of_notebook(exercise)
            assert isinstance(found, Source), "the file was read"
            text, files = with_modules(found.text, lambda name: self._beside.find(name, self.parts))
            digest = sha256(text.encode()).hexdigest() if files else found.sha256
            source = Source(exercise or found.name, text, digest, found.origin, files)
            self._programs[exercise] = source, read(found.text), files
        return self._programs[exercise]

    def source(self, exercise: str) -> Source:
        """Return the text for an exercise, with the modules that it imports; "" for all exercises."""
        return self._program(exercise)[0]

    def text(self, exercise: str) -> str:
        """Return the text for an exercise, with the modules that it imports."""
        return self._program(exercise)[0].text

    @cached_property
    def modules(self) -> set[Parts]:
        """Return the files that are imported."""
        found = (self._beside.where(name, self.parts) for name in self._program("")[2])
        return {parts for parts in found if parts}

    def kinds(self, exercise: str) -> dict[str, Kind]:
        """Return function of the exercise → how it is defined. Without known functions the names tell."""
        _, content, files = self._program(exercise)
        functions: Iterable[str] = self._names[exercise] or {
            each.name for each in content.bindings if each.name == exercise or each.name.startswith(f"{exercise}_")
        }
        found = {name: kind_of(content, name, files) for name in functions}
        return {name: each for name, each in found.items() if each}

    def written(self, exercise: str) -> int:
        """Count the functions of the exercise that are more than a stub."""
        return len(self.functions(exercise))

    def functions(self, exercise: str) -> list[str]:
        """Return the functions of the exercise that are more than a stub."""
        return [name for name, each in self.kinds(exercise).items() if each in _WRITTEN]

    def answer(self, exercise: str) -> list[str]:
        """Return the lines that define the written functions of the exercise, and the modules."""
        source, content, files = self._program(exercise)
        lines = source.text.split("\n")
        kinds = self.kinds(exercise)
        last = filter(None, (content.last(name) for name in sorted(kinds) if kinds[name] in _WRITTEN))
        return [repr(sorted(files.items())), *(line for each in last for line in lines[each.line - 1 : each.end])]

    @cached_property
    def _keeps(self) -> bool:
        """Return whether the file defines the exercise that it is named after."""
        return bool(self.claim) and (not self._names[self.claim] or bool(self.kinds(self.claim)))

    def may_answer(self, exercise: str) -> bool:
        """Return whether the file may count for the exercise."""
        return self.claim == exercise or (not self._keeps and bool(self.kinds(exercise)))

    def form(self, exercise: str) -> int:
        """Return the place by name and kind, the lowest first."""
        if self.claim == exercise:
            return (0 if self.python else 1) if self.exact else 2
        return 3 if self.notebook else 4

    def rank(self, exercise: str) -> tuple[int, ...]:
        """Return the place among the files for an exercise, the lowest first."""
        spelled = int(self.claim == exercise and self.claim not in self.title)
        section = int(self.notebook is not None and not self.notebook.holds(exercise))
        return -self.written(exercise), -self.version, self.form(exercise), spelled, section, len(self.parts)

    def precedes(self, other: Paper) -> bool:
        """Return whether this file comes before another one that is named after the same exercise."""
        mine, theirs = ((each.form(other.claim), len(each.parts)) for each in (self, other))
        return self.claim == other.claim and mine <= theirs


def origin(parts: Parts) -> str:
    """Return the path inside the submission, escaped."""
    return show("/".join(parts))


def listed(files: Sequence[Parts]) -> str:
    """Return the paths as a list in words."""
    return in_words([origin(parts) for parts in files])


def in_words(items: Sequence[str], most: int = 5) -> str:
    """Return the first `most` items with commas between them, and the number of the others."""
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")
