"""Choose the text that counts for each exercise.

Every readable file is looked at: what it defines, and which exercise it is named after. For an exercise counts

1. the file in which most of its functions are written: a stub never hides an answer, whatever the files are called;
2. of equal ones the latest upload, then the file named after the exercise, `conv2d.py` before `conv2d.ipynb` before
`conv2d (1).py`, then a notebook, first one with a section for the exercise, then any other file; then the shallowest.

Two that are left with different answers are a doubt, and the exercise is refused. A file that is named after another
exercise and defines that one does not count for this one: it may come with functions that were given.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, cast

from autograder.report.escape import show
from autograder.submission.definitions import Kind, read
from autograder.submission.file import CODE, NOTEBOOK, File, Limit, Parts, Tree, Unreadable
from autograder.submission.modules import Beside, kind_of, with_modules
from autograder.submission.source import DOCUMENTS, Files, Refused, Source, decode, is_archive, kind, plain_text, stem

if TYPE_CHECKING:
    from autograder.submission.notebook import UnitNotebook

Names = Mapping[str, Collection[str]]
"""Exercise → its functions, by which a file is chosen; no functions if they are unknown."""

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
_WORD = re.compile(r"\w+")
_STAR = re.compile(r"import[\s(\\]*\*")
_PLAIN = re.compile(r"^(?:import numpy as np|from __future__ import annotations)$", re.MULTILINE)
"""Import lines that need no other file of the submission."""
_WRITTEN: tuple[Kind, ...] = ("written", "broken", "result")


class Candidate:
    """A file that may hold answers, with the definitions in it."""

    def __init__(self, parts: Parts, names: Names, numbered: bool) -> None:
        self.parts, self.origin, self._names = parts, origin(parts), names
        self.title, self.python = stem(parts[-1]), kind(parts[-1]) == "py"
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
        """Whether the file's name is exactly that of the exercise."""
        self.notebook: UnitNotebook | None = None
        self._programs: dict[str, tuple[Source, str, Files]] = {}
        self._kinds: dict[str, dict[str, Kind]] = {}

    def load(self, tree: Tree, beside: Beside) -> str:
        """Read the file; return a note on how it was converted, "" if it was not. Unreadable if it cannot be read."""
        self._beside = beside
        data, note = plain_text(tree.files[self.parts].read(CODE if self.python else NOTEBOOK), self.python)
        self._text: Callable[[str], Source | Refused]
        if self.python:
            plain = decode(data, self.origin)
            self._text = lambda exercise: plain
        else:
            from autograder.submission.notebook import UnitNotebook, read_cells  # only where there is one

            self.notebook = UnitNotebook(self.origin, *read_cells(data, self._names))
            self._text = self.notebook.source
        found = self._text("")
        if isinstance(found, Refused):
            raise Unreadable(found.reason.removeprefix(f"{self.origin} "))
        read_as = unicodedata.normalize("NFKC", found.text)  # as Python reads names
        words, starred = set(_WORD.findall(read_as)), _STAR.search(read_as)
        self._named = {exercise for exercise, functions in self._names.items()
                       if starred or not functions or not words.isdisjoint(functions)}  # fmt: skip
        ending = f".{kind(self.parts[-1])}"
        if not self.parts[-1].casefold().endswith(ending):
            note = f"is read as {show(self.title)}{ending}{' and ' if note else ''}{note}"
        return f"{self.origin} {note}." if note else ""

    def _program(self, exercise: str) -> tuple[Source, str, Files]:
        """Return the source of an exercise with its modules, its text without them, and the modules."""
        if exercise not in self._programs:
            found = self._text(exercise)
            assert isinstance(found, Source), "the file was read"
            text, files = found.text, cast(Files, {})
            if "import" in _PLAIN.sub("", text):  # else it needs no parsing
                text, files = with_modules(text, lambda name: self._beside.find(name, self.parts))
            digest = sha256(text.encode()).hexdigest() if files else found.sha256
            self._programs[exercise] = Source(text, digest, found.origin, files), found.text, files
        return self._programs[exercise]

    def source(self, exercise: str) -> Source:
        """Return the source for an exercise, with the modules that it imports; "" for all exercises."""
        return self._program(exercise)[0]

    @cached_property
    def modules(self) -> set[Parts]:
        """Return the paths of the files that this file imports as modules."""
        found = (self._beside.where(name, self.parts) for name in self._program("")[2])
        return {parts for parts in found if parts}

    def kinds(self, exercise: str) -> dict[str, Kind]:
        """Return function → how the file defines it; of unknown functions those named after the exercise."""
        if exercise not in self._named:
            return {}  # most files are another exercise's: they need no parsing
        if exercise not in self._kinds:
            self._kinds[exercise] = self._defined(exercise)
        return self._kinds[exercise]

    def _defined(self, exercise: str) -> dict[str, Kind]:
        _, text, files = self._program(exercise)
        content = read(text)
        functions: Iterable[str] = self._names[exercise] or {
            each.name for each in content.bindings if each.name == exercise or each.name.startswith(f"{exercise}_")
        }
        found = {name: kind_of(content, name, files) for name in functions}
        return {name: each for name, each in found.items() if each}

    def functions(self, exercise: str) -> list[str]:
        """Return the functions of the exercise that are written, that is more than a stub."""
        return [name for name, each in self.kinds(exercise).items() if each in _WRITTEN]

    def answer(self, exercise: str) -> list[str]:
        """Return the lines that define the written functions of the exercise, and the modules."""
        source, text, files = self._program(exercise)
        content, lines = read(text), source.text.split("\n")
        kinds = self.kinds(exercise)
        last = filter(None, (content.last(name) for name in sorted(kinds) if kinds[name] in _WRITTEN))
        return [repr(sorted(files.items())), *(line for each in last for line in lines[each.line - 1 : each.end])]

    def may_answer(self, exercise: str) -> bool:
        """Return whether the file may count: not if it is named after another exercise and defines that one."""
        if self.claim in ("", exercise) or not self.kinds(exercise):
            return self.claim == exercise or bool(self.kinds(exercise))
        return bool(self._names[self.claim]) and not self.kinds(self.claim)

    def form(self, exercise: str) -> int:
        """Return the rank of the file's name and kind for an exercise; the lowest is preferred."""
        if self.claim == exercise:
            return (0 if self.python else 1) if self.exact else 2
        return 3 if self.notebook else 4

    def rank(self, exercise: str) -> tuple[int, ...]:
        """Return the sort key of the file among those for an exercise; the file with the lowest counts."""
        spelled = int(self.claim == exercise and self.claim not in self.title)
        section = int(self.notebook is not None and not self.notebook.holds(exercise))
        written = len(self.functions(exercise))
        return -written, -self.version, self.form(exercise), spelled, section, len(self.parts)


def origin(parts: Parts) -> str:
    """Return the path inside the submission, escaped."""
    return show("/".join(parts))


def listed(files: Iterable[Parts | Candidate]) -> str:
    """Return the paths of files as one text, with commas between them, escaped."""
    return in_words([each.origin if isinstance(each, Candidate) else origin(each) for each in files])


def in_words(items: Sequence[str], most: int = 5) -> str:
    """Return the first `most` items with commas between them, and the number of the others."""
    rest = len(items) - most
    return ", ".join(items[:most]) + (f" and {rest} more" if rest > 0 else "")


_FILES = 200
"""Most files that are opened without being named after an exercise."""
_RELEASED = ("json", "npz", "md", "png", "svg", "toml")
"""Endings of files that a release holds under the names of exercises."""


def choose(tree: Tree, names: Names, numbered: bool = False) -> Choice:
    """Choose and read the files of a submission; nothing in them is executed.

    numbered: a number behind a name says which upload is the latest, see `Entry.numbered`.
    """
    choice = Choice(names)
    if tree.links:
        choice.notes.append(f"Not followed, because it is a link: {listed(tree.links)}.")
    if tree.closed:
        choice.notes.append(f"This folder cannot be read: {listed(tree.closed)}. Make it readable.")
    choice.load(tree, numbered)
    for name in choice.open:
        choice.pick(name)
    only = _only(choice.candidates, tree)
    for name, candidate in choice.winners.items():
        if candidate is not only or candidate.source(name).text != candidate.source("").text:
            choice.sources[name] = candidate.source(name)
    choice.module = only.source("") if only else None
    choice.notes += [*choice.rankings(only), *choice.asides(only)]
    choice.notes += [f"{origin(parts)} {reason}" for parts, reason in tree.flaws.items()]
    nothing = not (choice.sources or choice.module)
    likely = [parts for parts in tree.flaws if nothing or kind(parts[-1]) or is_archive(parts[-1])]
    for name in choice.open if likely and choice.module is None else ():  # such a file may hold these functions
        place = origin(likely[0])
        choice.refused[name] = Refused(f"{place} {tree.flaws[likely[0]]}", place)
    advice = f"Name each file after its exercise, such as {next(iter(names), 'conv2d')}.py."
    if not choice.candidates and not tree.flaws and not choice.refused:
        found = f"No Python file and no notebook was found among: {listed(tree.files)}."
        choice.notes.append(f"{found if tree.files else 'The folder is empty.'} {advice}")
        return choice
    # A document may be meant as an answer, and so may a file that bears an exercise's name.
    known = {name.casefold() for name in names}
    split = {parts: parts[-1].casefold().rpartition(".") for parts in tree.files if not kind(parts[-1])}
    if unread := [parts for parts, (plain, dot, ending) in split.items()
                  if f"{dot}{ending}" in DOCUMENTS or (plain in known and ending not in _RELEASED)]:  # fmt: skip
        choice.notes.append(f"Not read, because it is neither Python nor a notebook: {listed(unread)}.")
    if choice.candidates and not (choice.winners or only or choice.refused):
        choice.notes.append(f"No file bears an exercise's name: {listed(choice.candidates)}. {advice}")
    return choice


def _given(data: bytes, limit: Limit) -> bytes:
    return data


def _only(candidates: Sequence[Candidate], tree: Tree) -> Candidate | None:
    """Return the file that counts for every exercise without one of its own: the only notebook, or the only file."""
    if notebooks := [candidate for candidate in candidates if candidate.notebook and not candidate.exact]:
        several = len(notebooks) > 1 or any(kind(parts[-1]) == "ipynb" for parts in tree.flaws)
        return None if several else notebooks[0]
    if any(candidate.exact for candidate in candidates):
        return None
    main = _without_modules(candidates)
    return main[0] if len(main) == 1 else None


def _without_modules(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the files without those that another one imports; a file with an exercise's exact name stays."""
    if len(candidates) == 1:
        return list(candidates)
    imported = {parts for candidate in candidates for parts in candidate.modules if parts != candidate.parts}
    return [each for each in candidates if each.exact or each.parts not in imported] or list(candidates)


@dataclass
class Choice:
    """State of choosing: the files of a submission, and the source chosen for each exercise so far."""

    names: Names
    """Exercises and their functions."""
    candidates: list[Candidate] = field(default_factory=list)
    """Files that can be read."""
    sources: dict[str, Source] = field(default_factory=dict)
    """Chosen sources by exercise."""
    refused: dict[str, Refused] = field(default_factory=dict)
    """Refused files by exercise."""
    module: Source | None = None
    """Source for every exercise without one of its own."""
    notes: list[str] = field(default_factory=list)
    """Remarks for readers of the report."""
    winners: dict[str, Candidate] = field(default_factory=dict)
    """Exercise → file that counts."""
    rivals: dict[str, list[Candidate]] = field(default_factory=dict)
    """Exercise → other files that hold an answer to it."""

    @property
    def open(self) -> list[str]:
        """Return the exercises for which nothing was found yet."""
        return [name for name in self.names if name not in self.sources and name not in self.refused]

    def load(self, tree: Tree, numbered: bool) -> None:
        """Read the files; one that cannot be read refuses its exercise, or is a flaw of the submission."""
        found = [parts for parts in tree.files if kind(parts[-1]) and parts[-1] != "__init__.py"]
        candidates = [Candidate(parts, self.names, numbered) for parts in found if "site-packages" not in parts]
        beside, unread = Beside(tree), dict[Candidate, str]()
        too_many = [candidate for candidate in candidates if candidate.python and not candidate.claim][_FILES:]
        for candidate in (candidate for candidate in candidates if candidate not in too_many):
            try:
                note = candidate.load(tree, beside)
            except Unreadable as error:
                unread[candidate] = str(error)
                continue
            self.notes += [note] if note else []
            self.candidates.append(candidate)
            made = candidate.notebook.files if candidate.notebook else {}
            for name, data in list(made.items())[:_FILES]:  # files that cells write lie beside the notebook
                if (at := (*candidate.parts[:-1], name)) not in tree.files:
                    tree.files[at] = File(partial(_given, data))
                    candidates.append(Candidate(at, self.names, False))
        for candidate, reason in unread.items():
            claim, depth = candidate.claim, len(candidate.parts)
            before = [each for each in self.candidates if each.claim == claim and len(each.parts) <= depth
                      and each.form(claim) <= candidate.form(claim)]  # fmt: skip
            if candidate.exact and not before:
                self.refused[claim] = Refused(f"{candidate.origin} {reason}", candidate.origin)
            elif not candidate.python or not self.candidates:
                tree.flaws[candidate.parts] = reason
            else:
                self.notes.append(f"{candidate.origin} {reason}")

    def pick(self, name: str) -> None:
        """Choose the file that counts for an exercise, or refuse the exercise if two different files could count."""
        found = _without_modules([candidate for candidate in self.candidates if candidate.may_answer(name)])
        if not found:
            return
        if len(found) == 1:  # ranking a file parses it
            self.winners[name], self.rivals[name] = found[0], []
            return
        found = sorted(found, key=lambda candidate: (*candidate.rank(name), candidate.parts))
        equal = [candidate for candidate in found if candidate.rank(name) == found[0].rank(name)]
        answers = {tuple(candidate.answer(name)) for candidate in equal}
        known = bool(self.names[name]) and bool(equal[0].functions(name))
        texts = {candidate.source(name).text.rstrip() for candidate in equal}
        if len(texts) > 1 and not (known and len(answers) == 1):
            kinds = "notebook" if all(candidate.notebook for candidate in equal) else "file"
            reason = f"{name} is in more than one {kinds}: {listed(equal)}. Keep it in one of them."
            if equal[0].claim == name and equal[0].exact:
                reason = f"{show(equal[0].parts[-1])} was handed in more than once: {listed(equal)}. Keep one of them."
            self.refused[name] = Refused(reason, equal[0].origin)
            return
        self.winners[name] = max(equal, key=lambda each: sum(len(each.functions(asked)) for asked in self.names))
        self.rivals[name] = [candidate for candidate in found if candidate is not self.winners[name]]

    def rankings(self, only: Candidate | None) -> Iterator[str]:
        """Yield sentences on which file counts where several could, and on files that count for no exercise."""
        counted = {*self.winners.values(), *([only] if only else [])}
        held = {candidate for candidates in self.rivals.values() for candidate in candidates}
        for candidate in self.candidates:
            if candidate.notebook and candidate not in held - counted:
                yield from candidate.notebook.notes
        yield from self._ranked()
        guessed = [f"{each.origin} for {name}" for name, each in self.winners.items()
                   if each is not only and each.python and not (each.exact and name in each.title)]  # fmt: skip
        if guessed:
            yield f"Taken by what is in it: {', '.join(guessed)}."
        idle = [each for each in self.candidates if each not in counted | held and each.claim not in self.refused]
        used = {parts for candidate in counted if idle for parts in candidate.modules}
        if counted and (idle := [candidate for candidate in idle if candidate.parts not in used]):
            yield f"Not read, because no exercise has this name: {listed(idle)}."

    def _ranked(self) -> Iterator[str]:
        """Yield a sentence for each file with answers for which another file counts, unless that is evident."""
        plain: dict[str, dict[Candidate, None]] = defaultdict(dict)
        beaten: dict[tuple[Candidate, str], dict[str, list[str]]] = defaultdict(dict)
        for name, candidate in ((name, each) for name, rivals in self.rivals.items() for each in rivals):
            winner = self.winners[name]
            written, form = len(winner.functions(name)), winner.form(name)
            less = len(candidate.functions(name)) < written and candidate.form(name) <= form
            same = written > 0 and candidate.answer(name) == winner.answer(name)
            if same or candidate.source(name).text == winner.source(name).text:
                if candidate.form(name) == form and (written or not self.names[name]):
                    plain[f"{winner.origin} was taken; the same is in"][candidate] = None
            elif candidate.version < winner.version and candidate.group == winner.group:
                plain["Not read, because it was handed in again"][candidate] = None
            elif less or candidate.claim == name or candidate.functions(name):
                why = ", because more is written in it" if less else ""
                beaten[candidate, why].setdefault(winner.origin, []).extend(candidate.functions(name))
        yield from (f"{why}: {listed(candidates)}." for why, candidates in plain.items())
        for (candidate, why), winners in beaten.items():
            functions = list(chain(*winners.values()))
            too = f"defines {in_words(functions)} too and does not" if functions else "does not"
            yield f"{in_words(list(winners))} count{'s' if len(winners) == 1 else ''}{why}; {candidate.origin} {too}."

    def asides(self, only: Candidate | None) -> Iterator[str]:
        """Yield a sentence for each missing function that a notebook defines in a cell that is no code cell."""
        for function, name in ((function, name) for name, functions in self.names.items() for function in functions):
            candidate = self.winners.get(name) or only
            if not candidate or not candidate.notebook or function in candidate.kinds(name):
                continue
            if aside := candidate.notebook.aside(function):
                where = f"behind cell {aside.number}" if aside.number else "above the first cell"
                words = f"stands in a {aside.kind} cell {where}, which is not run. Set the type of the cell to Code"
                yield f"{candidate.origin}: {function} {words}."
