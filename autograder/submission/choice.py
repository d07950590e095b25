"""Choose the text that counts for each exercise.

Every readable file is looked at: what it defines, and which exercise it is named after. For an exercise counts

1. the file in which most of its functions are written: a stub never hides an answer, whatever the files are called;
2. of equal ones the latest upload, then the file named after the exercise, `conv2d.py` before `conv2d.ipynb` before
`conv2d (1).py`, then a notebook, first one with a section for the exercise, then any other file; then the shallowest.

Two that are left with different answers are a doubt, and the exercise is refused. A file that is named after another
exercise and defines that one does not count for this one: it may come with functions that were given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from autograder.report.escape import show
from autograder.submission.entry import DOCUMENTS, is_notebook, is_source, is_submission
from autograder.submission.file import Tree, Unreadable
from autograder.submission.modules import Beside
from autograder.submission.paper import Names as Names
from autograder.submission.paper import Paper, in_words, listed, origin
from autograder.submission.source import Refused, Source

_FILES = 200
"""Most files that are opened without being named after an exercise."""


_RELEASED = ("json", "npz", "md", "png", "svg", "toml")
"""Endings of files that a release holds under the names of exercises."""


@dataclass
class Choice:
    """Files chosen so far."""

    sources: dict[str, Source] = field(default_factory=dict)
    """Chosen sources by exercise."""
    refused: dict[str, Refused] = field(default_factory=dict)
    """Refused files by exercise."""
    module: Source | None = None
    """Source for every exercise without one of its own."""
    notes: list[str] = field(default_factory=list)
    """Remarks for readers of the report."""

    def put(self, name: str, found: Source | Refused) -> None:
        """Store the source of an exercise, or the refusal."""
        if isinstance(found, Source):
            self.sources[name] = found
        else:
            self.refused[name] = found

    def open(self, names: Iterable[str]) -> list[str]:
        """Return the exercises for which nothing was found yet."""
        return [name for name in names if name not in self.sources and name not in self.refused]


def choose(tree: Tree, names: Names, numbered: bool = False) -> Choice:
    """Choose and read the files of a submission; nothing in them is executed.

    numbered: a number behind a name says which upload is the latest, see `Entry.numbered`.
    """
    choice = Choice(notes=_notes(tree))
    papers = _papers(tree, names, numbered, choice)
    selection = _Selection(papers, names, choice)
    for name in choice.open(names):
        selection.pick(name)
    only = _only(papers, tree)
    for name, paper in selection.winners.items():
        if paper is not only or paper.text(name) != paper.text(""):
            choice.put(name, paper.source(name))
    choice.module = only.source("") if only else None
    choice.notes += [*selection.notes(only), *selection.asides(only)]
    _report_flaws(tree, names, choice)
    if not papers and not tree.flaws and not choice.refused:
        choice.notes += _nothing_found(tree, names)
        return choice
    if unread := [parts for parts in tree.files if _may_be_meant(parts[-1], names)]:
        choice.notes.append(f"Not read, because it is neither Python nor a notebook: {listed(unread)}.")
    if papers and not (selection.winners or only or choice.refused):
        choice.notes.append(
            f"No file bears an exercise's name: {listed([each.parts for each in papers])}. {_advice(names)}"
        )
    return choice


def _may_be_meant(name: str, names: Names) -> bool:
    """Return whether a file that is not read may be an answer: a document, or one that bears an exercise's name.

    Records and pictures of a release bear these names, too.
    """
    plain, _, ending = name.casefold().rpartition(".")
    return not is_source(name) and (
        name.casefold().endswith(DOCUMENTS) or (plain in map(str.casefold, names) and ending not in _RELEASED)
    )


def _papers(tree: Tree, names: Names, numbered: bool, choice: Choice) -> list[Paper]:
    """Return the files that can be read; one that cannot refuses its exercise, or is a flaw of the submission."""
    found = [parts for parts in tree.files if is_source(parts[-1]) and parts[-1] != "__init__.py"]
    papers = [Paper(parts, names, numbered) for parts in found if "site-packages" not in parts]
    beside, unread, loaded = Beside(tree), dict[Paper, str](), list[Paper]()
    for paper in _without_most(papers):
        try:
            note = paper.load(tree, beside)
        except Unreadable as error:
            unread[paper] = str(error)
            continue
        choice.notes += [note] if note else []
        loaded.append(paper)
    for paper, reason in unread.items():
        if paper.exact and not any(each.precedes(paper) for each in loaded):
            choice.put(paper.claim, Refused(paper.claim, f"{paper.origin} {reason}", paper.origin))
        elif not paper.python or not loaded:
            tree.flaws[paper.parts] = reason
        else:
            choice.notes.append(f"{paper.origin} {reason}")
    return loaded


def _without_most(papers: Sequence[Paper]) -> list[Paper]:
    others = [paper for paper in papers if paper.python and not paper.claim]
    return [paper for paper in papers if paper not in others[_FILES:]]


def _only(papers: Sequence[Paper], tree: Tree) -> Paper | None:
    """Return the file that counts for every exercise without one of its own: the only notebook, or the only file."""
    notebooks = [paper for paper in papers if paper.notebook and not paper.exact]
    if notebooks:
        several = len(notebooks) > 1 or any(is_notebook(parts[-1]) for parts in tree.flaws)
        return None if several else notebooks[0]
    if any(paper.exact for paper in papers):
        return None
    main = _without_modules(papers)
    return main[0] if len(main) == 1 else None


def _without_modules(papers: Sequence[Paper]) -> list[Paper]:
    """Return the papers less those that another one imports; a file with an exercise's exact name stays."""
    imported = {parts for paper in papers for parts in paper.modules if parts != paper.parts}
    return [paper for paper in papers if paper.exact or paper.parts not in imported] or list(papers)


@dataclass
class _Selection:
    """Choice of a paper for each exercise."""

    papers: Sequence[Paper]
    names: Names
    choice: Choice
    winners: dict[str, Paper] = field(default_factory=dict)
    """Exercise → paper that counts."""
    rivals: dict[str, list[Paper]] = field(default_factory=dict)
    """Exercise → other papers that hold it."""

    def pick(self, name: str) -> None:
        """Choose the paper of an exercise, or refuse it."""
        found = _without_modules([paper for paper in self.papers if paper.may_answer(name)])
        found = sorted(found, key=lambda paper: (*paper.rank(name), paper.parts))
        if not found:
            return
        equal = [paper for paper in found if paper.rank(name) == found[0].rank(name)]
        answers = {tuple(paper.answer(name)) for paper in equal}
        known = bool(self.names[name]) and equal[0].written(name) > 0
        texts = {paper.text(name).rstrip() for paper in equal}
        if len(texts) > 1 and not (known and len(answers) == 1):
            self._refuse(name, equal)
            return
        complete = {paper: sum(map(paper.written, self.names)) for paper in equal} if len(equal) > 1 else {}
        self.winners[name] = max(equal, key=lambda paper: complete.get(paper, 0))
        self.rivals[name] = [paper for paper in found if paper is not self.winners[name]]

    def _refuse(self, name: str, equal: Sequence[Paper]) -> None:
        places = listed([paper.parts for paper in equal])
        if equal[0].claim == name and equal[0].exact:
            reason = f"{show(equal[0].parts[-1])} was handed in more than once: {places}. Keep one of them."
        else:
            kinds = "notebook" if all(paper.notebook for paper in equal) else "file"
            reason = f"{name} is in more than one {kinds}: {places}. Keep it in one of them."
        self.choice.put(name, Refused(name, reason, equal[0].origin))

    def notes(self, only: Paper | None) -> Iterator[str]:
        """Yield sentences about which paper counts where several could, and about papers that count for nothing."""
        counted = {*self.winners.values(), *([only] if only else [])}
        held = {paper for papers in self.rivals.values() for paper in papers}
        for paper in self.papers:
            if paper.notebook and paper not in held - counted:
                yield from paper.notebook.notes
        yield from self._ranked()
        guessed = [f"{paper.origin} for {name}" for name, paper in self.winners.items()
                   if paper is not only and paper.python and not (paper.exact and name in paper.title)]  # fmt: skip
        if guessed:
            yield f"Taken by what is in it: {', '.join(guessed)}."
        used = {parts for paper in counted for parts in paper.modules}
        idle = [paper for paper in self.papers if paper not in counted | held and paper.parts not in used]
        idle = [paper for paper in idle if paper.claim not in self.choice.refused]
        if idle and counted:
            yield f"Not read, because no exercise has this name: {_places(idle)}."

    def _ranked(self) -> Iterator[str]:
        """Yield a sentence for each paper that holds what counts in another one, unless that is evident."""
        plain: dict[str, dict[Paper, None]] = defaultdict(dict)
        beaten: dict[tuple[Paper, str], dict[str, list[str]]] = defaultdict(dict)
        for name, paper in ((name, paper) for name, papers in self.rivals.items() for paper in papers):
            winner = self.winners[name]
            written, form = winner.written(name), winner.form(name)
            less = paper.written(name) < written and paper.form(name) <= form
            if paper.text(name) == winner.text(name) or (written and paper.answer(name) == winner.answer(name)):
                if paper.form(name) == form and (written or not self.names[name]):
                    plain[f"{winner.origin} was taken; the same is in"][paper] = None
            elif paper.version < winner.version and paper.group == winner.group:
                plain["Not read, because it was handed in again"][paper] = None
            elif less or paper.claim == name or paper.written(name):
                why = ", because more is written in it" if less else ""
                beaten[paper, why].setdefault(winner.origin, []).extend(paper.functions(name))
        yield from (f"{why}: {_places(list(papers))}." for why, papers in plain.items())
        for (paper, why), winners in beaten.items():
            functions = list(chain(*winners.values()))
            too = f"defines {in_words(functions)} too and does not" if functions else "does not"
            yield f"{in_words(list(winners))} count{'s' if len(winners) == 1 else ''}{why}; {paper.origin} {too}."

    def asides(self, only: Paper | None) -> Iterator[str]:
        """Yield a sentence for each missing function that stands in a cell of text."""
        for name, functions in self.names.items():
            if paper := self.winners.get(name) or only:
                yield from _asides(paper, [each for each in functions if each not in paper.kinds(name)])


def _asides(paper: Paper, missing: Iterable[str]) -> Iterator[str]:
    for function in missing:
        if paper.notebook and (aside := paper.notebook.aside(function)):
            where = f"behind cell {aside.after}" if aside.after else "above the first cell"
            words = f"stands in a {aside.kind} cell {where}, which is not run. Set the type of the cell to Code"
            yield f"{paper.origin}: {function} {words}."


def _report_flaws(tree: Tree, names: Names, choice: Choice) -> None:
    """Note files that could not be opened, and refuse the missing exercises, which may be in them."""
    choice.notes += [f"{origin(parts)} {reason}" for parts, reason in tree.flaws.items()]
    nothing = not (choice.sources or choice.module)
    likely = [parts for parts in tree.flaws if nothing or is_submission(parts[-1])]
    if likely and choice.module is None:
        for name in choice.open(names):
            choice.put(name, Refused(name, f"{origin(likely[0])} {tree.flaws[likely[0]]}", origin(likely[0])))


def _advice(names: Names) -> str:
    return f"Name each file after its exercise, such as {next(iter(names), 'conv2d')}.py."


def _nothing_found(tree: Tree, names: Names) -> list[str]:
    if tree.files:
        found = listed(list(tree.files))
        return [f"No Python file and no notebook was found among: {found}. {_advice(names)}"]
    return [f"The folder is empty. {_advice(names)}"]


def _notes(tree: Tree) -> list[str]:
    notes = [f"Not followed, because it is a link: {listed(tree.links)}."] if tree.links else []
    return notes + ([f"This folder cannot be read: {listed(tree.closed)}. Make it readable."] if tree.closed else [])


def _places(papers: Sequence[Paper]) -> str:
    return listed([paper.parts for paper in papers])
