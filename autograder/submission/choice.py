"""Which file counts for which exercise.

1. A file named after the exercise: `conv2d.py`, else `conv2d.ipynb`; the shallowest, and never a guess between two.
2. A notebook: the only one for whatever is left; of several the one that has the exercise. It goes before a `.py` file
   in which more is still to be written: the stubs that students get lie beside their notebook.
3. The only other Python file, where nothing else was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.report.escape import show
from autograder.submission.entry import is_notebook, is_python, is_source, is_submission
from autograder.submission.file import Parts, Unreadable
from autograder.submission.limits import CODE, NOTEBOOK
from autograder.submission.source import Refused, Source, decode
from autograder.submission.tree import Tree
from autograder.submission.unit_notebook import UnitNotebook, read_lesson, unwritten

Names = Mapping[str, Collection[str]]
"""Exercise → the functions that it asks for, by which a file is chosen; none where they are unknown."""


@dataclass
class Choice:
    """What was found so far, by exercise; module: offered for every other; notes: what a reader should know."""

    sources: dict[str, Source] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    module: Source | None = None
    notes: list[str] = field(default_factory=list)

    def put(self, name: str, found: Source | Refused) -> None:
        """The verdict on an exercise's file."""
        if isinstance(found, Source):
            self.sources[name] = found
        else:
            self.refused[name] = found

    def open(self, names: Iterable[str]) -> list[str]:
        """The exercises of which nothing was found yet."""
        return [name for name in names if name not in self.sources and name not in self.refused]


def choose(tree: Tree, names: Names) -> Choice:
    """The files of a submission, read: nothing in them is executed or parsed."""
    choice = Choice(notes=_notes(tree))
    files = [parts for parts in tree.files if is_source(parts[-1]) and parts[-1] != "__init__.py"]
    claims = _claims(files, names)
    for name, paths in claims.items():
        _settle(tree, names, name, paths, choice)
    claimed = {parts for paths in claims.values() for parts in paths}
    notebooks = [parts for parts in files if is_notebook(parts[-1]) and parts not in claimed]
    modules = [parts for parts in files if is_python(parts[-1]) and parts not in claimed]
    if notebooks:
        _read_notebooks(tree, names, notebooks, choice)
    elif not claims and len(modules) == 1:
        _offer(choice, names, _read(tree, modules.pop()))
    elif not claims and not tree.flaws:
        choice.notes += _nothing(tree, modules, names)
        modules = []
    _tell_flaws(tree, names, choice)
    if modules:
        choice.notes.append(f"Not read, because no exercise has this name: {listed(modules)}.")
    return choice


def _claims(files: Iterable[Parts], names: Collection[str]) -> dict[str, list[Parts]]:
    """Exercise → the files that bear its name in any spelling of case, the shallowest first."""
    spelled = defaultdict(list)
    for parts in files:
        spelled[_stem(parts).casefold()].append(parts)
    return {name: spelled[key] for name in names if (key := name.casefold()) in spelled}


def _settle(tree: Tree, names: Names, name: str, paths: Sequence[Parts], choice: Choice) -> None:
    exact = [parts for parts in paths if _stem(parts) == name]
    exact = [parts for parts in exact if is_python(parts[-1])] or exact
    best = [parts for parts in exact if len(parts) == len(exact[0])]
    if not best:
        reason = f"is not spelled as the exercise is. Rename it to {name}.{paths[0][-1].rpartition('.')[2].casefold()}."
        choice.put(name, Refused(name, f"{origin(paths[0])} {reason}", origin(paths[0])))
        return
    if len(best) > 1:
        reason = f"{show(best[0][-1])} was handed in more than once: {listed(best)}. Keep one of them."
        choice.put(name, Refused(name, reason, origin(best[0])))
        return
    others = [parts for parts in paths if parts != best[0]]
    if others:
        choice.notes.append(f"{origin(best[0])} was taken; not read: {listed(others)}.")
    python = is_python(best[0][-1])
    choice.put(name, _read(tree, best[0], name) if python else _named(tree, names, name, best[0], choice))


def _named(tree: Tree, names: Names, name: str, parts: Parts, choice: Choice) -> Source | Refused:
    """A notebook that bears an exercise's name."""
    try:
        lesson = _open(tree, names, parts)
    except Unreadable as error:
        return Refused(name, f"{origin(parts)} {error}", origin(parts))
    choice.notes += lesson.notes
    return lesson.source(name)


def _read(tree: Tree, parts: Parts, name: str = "") -> Source | Refused:
    """A Python file, by default under its own name."""
    name = name or show(_stem(parts))
    try:
        return decode(name, tree.files[parts].read(CODE), origin(parts))
    except Unreadable as error:
        return Refused(name, f"{origin(parts)} {error}", origin(parts))


def _open(tree: Tree, names: Names, parts: Parts) -> UnitNotebook:
    return read_lesson(tree.files[parts].read(NOTEBOOK), show(_stem(parts)), origin(parts), names)


def _read_notebooks(tree: Tree, names: Names, notebooks: Sequence[Parts], choice: Choice) -> None:
    """What the notebooks have for the exercises that no file bears the name of."""
    lessons: dict[Parts, UnitNotebook] = {}
    for parts in notebooks:
        try:
            lessons[parts] = _open(tree, names, parts)
        except Unreadable as error:
            tree.flaws[parts] = str(error)
    choice.notes += [note for lesson in lessons.values() for note in lesson.notes]
    _leave_stubs(lessons.values(), names, choice)
    if len(notebooks) > 1:
        for name in choice.open(names):
            _pick(lessons, name, names[name], choice)
    for lesson in lessons.values() if len(notebooks) == 1 else ():
        for name in filter(lesson.crossed, choice.open(names)):
            choice.put(name, lesson.source(name))
        _offer(choice, names, lesson.source())


def _leave_stubs(lessons: Iterable[UnitNotebook], names: Names, choice: Choice) -> None:
    """Files in which more is still to be written than in a notebook do not count."""
    left = [source for name, source in choice.sources.items() if _lags(source, name, lessons, names[name])]
    for source in left:
        del choice.sources[source.name]
    if left:
        some = ", ".join([source.origin for source in left[:5]]) + (f" and {len(left) - 5} more" if left[5:] else "")
        choice.notes.append(f"Not taken, because more is written in a notebook: {some}.")


def _lags(source: Source, name: str, lessons: Iterable[UnitNotebook], functions: Collection[str]) -> bool:
    to_write = unwritten(source.text)
    further = (lesson for lesson in lessons if to_write and _defines(lesson, name, functions))
    return any(lesson.unwritten(name, functions) < to_write for lesson in further)


def _pick(lessons: Mapping[Parts, UnitNotebook], name: str, functions: Collection[str], choice: Choice) -> None:
    """The notebook that defines the exercise's functions; of several the one with a section for it."""
    defining = [parts for parts, lesson in lessons.items() if _defines(lesson, name, functions)]
    best = [parts for parts in defining if lessons[parts].holds(name)] or defining
    best = [parts for parts in best if len(parts) == len(best[0])]
    if len(best) > 1:
        reason = f"{name} is in more than one notebook: {listed(best)}. Keep it in one of them."
        choice.put(name, Refused(name, reason, origin(best[0])))
    elif best:
        choice.put(name, lessons[best[0]].source(name))


def _defines(lesson: UnitNotebook, name: str, functions: Collection[str]) -> bool:
    found = lesson.names()
    if functions:
        return not found.isdisjoint(functions)
    return any(word == name or word.startswith(f"{name}_") for word in found)


def _offer(choice: Choice, names: Names, found: Source | Refused) -> None:
    """One text for every exercise that has none of its own."""
    if isinstance(found, Source):
        choice.module = found
        return
    for name in choice.open(names):
        choice.put(name, Refused(name, found.reason, found.origin))


def _tell_flaws(tree: Tree, names: Names, choice: Choice) -> None:
    """What could not be opened is named; an exercise that was not found elsewhere may be in it, so it is refused."""
    choice.notes += [f"{origin(parts)} {reason}" for parts, reason in tree.flaws.items()]
    nothing = not (choice.sources or choice.module)
    likely = [parts for parts in tree.flaws if nothing or is_submission(parts[-1])]
    if likely and choice.module is None:
        for name in choice.open(names):
            choice.put(name, Refused(name, f"{origin(likely[0])} {tree.flaws[likely[0]]}", origin(likely[0])))


def _nothing(tree: Tree, code: Sequence[Parts], names: Names) -> list[str]:
    advice = f"Name each file after its exercise, such as {next(iter(names), 'conv2d')}.py."
    if code:
        return [f"No file bears an exercise's name: {listed(code)}. {advice}"]
    if tree.files:
        return [f"No Python file and no notebook was found among: {listed(list(tree.files))}. {advice}"]
    return [f"The folder is empty. {advice}"]


def _notes(tree: Tree) -> list[str]:
    said = [f"Not followed, because it is a link: {listed(tree.links)}."] if tree.links else []
    return said + ([f"This folder cannot be read: {listed(tree.closed)}. Make it readable."] if tree.closed else [])


def _stem(parts: Parts) -> str:
    return parts[-1].rpartition(".")[0]


def origin(parts: Parts) -> str:
    """The name inside the submission, escaped."""
    return show("/".join(parts))


def listed(files: Sequence[Parts], most: int = 5) -> str:
    """Names in a sentence, the rest as a number."""
    rest = len(files) - most
    return ", ".join(map(origin, files[:most])) + (f" and {rest} more" if rest > 0 else "")
