"""Choose the file that counts for each exercise.

1. A file named after the exercise: `conv2d.py`, else `conv2d.ipynb`; the shallowest, and none of two equally deep.

2. A notebook: if there is only one, for all remaining exercises; of several, the one that defines the exercise. It
precedes a `.py` file with more unwritten code, because stubs are handed out beside the notebook.

3. The only other Python file, if nothing else was found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.report.escape import show
from autograder.submission.entry import is_notebook, is_python, is_source, is_submission
from autograder.submission.file import CODE, NOTEBOOK, Parts, Tree, Unreadable
from autograder.submission.notebook import UnitNotebook, read_unit_notebook, unwritten
from autograder.submission.source import Refused, Source, decode

Names = Mapping[str, Collection[str]]
"""Map each exercise to its functions, by which a file is chosen; empty if they are unknown."""


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


def choose(tree: Tree, names: Names) -> Choice:
    """Choose and read the files of a submission; nothing in them is executed or parsed."""
    choice = Choice(notes=_notes(tree))
    files = [parts for parts in tree.files if is_source(parts[-1]) and parts[-1] != "__init__.py"]
    named = _named_files(files, names)
    for name, paths in named.items():
        _choose_named(tree, names, name, paths, choice)
    taken = {parts for paths in named.values() for parts in paths}
    notebooks = [parts for parts in files if is_notebook(parts[-1]) and parts not in taken]
    modules = [parts for parts in files if is_python(parts[-1]) and parts not in taken]
    if notebooks:
        _read_notebooks(tree, names, notebooks, choice)
    elif not named and len(modules) == 1:
        _offer(choice, names, _read(tree, modules.pop()))
    elif not named and not tree.flaws:
        choice.notes += _nothing_found(tree, modules, names)
        modules = []
    _report_flaws(tree, names, choice)
    if modules:
        choice.notes.append(f"Not read, because no exercise has this name: {listed(modules)}.")
    return choice


def _named_files(files: Iterable[Parts], names: Collection[str]) -> dict[str, list[Parts]]:
    """Map each exercise to the files named after it in any case, the shallowest first."""
    spelled = defaultdict(list)
    for parts in files:
        spelled[_stem(parts).casefold()].append(parts)
    return {name: spelled[key] for name in names if (key := name.casefold()) in spelled}


def _choose_named(tree: Tree, names: Names, name: str, paths: Sequence[Parts], choice: Choice) -> None:
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
    choice.put(name, _read(tree, best[0], name) if python else _read_named_notebook(tree, names, name, best[0], choice))


def _read_named_notebook(tree: Tree, names: Names, name: str, parts: Parts, choice: Choice) -> Source | Refused:
    """Read a notebook that is named after an exercise."""
    try:
        notebook = _open(tree, names, parts)
    except Unreadable as error:
        return Refused(name, f"{origin(parts)} {error}", origin(parts))
    choice.notes += notebook.notes
    return notebook.source(name)


def _read(tree: Tree, parts: Parts, name: str = "") -> Source | Refused:
    """Read a Python file; `name` defaults to the file's own."""
    name = name or show(_stem(parts))
    try:
        return decode(name, tree.files[parts].read(CODE), origin(parts))
    except Unreadable as error:
        return Refused(name, f"{origin(parts)} {error}", origin(parts))


def _open(tree: Tree, names: Names, parts: Parts) -> UnitNotebook:
    return read_unit_notebook(tree.files[parts].read(NOTEBOOK), show(_stem(parts)), origin(parts), names)


def _read_notebooks(tree: Tree, names: Names, notebooks: Sequence[Parts], choice: Choice) -> None:
    """Read the notebooks for the exercises that no file is named after."""
    opened: dict[Parts, UnitNotebook] = {}
    for parts in notebooks:
        try:
            opened[parts] = _open(tree, names, parts)
        except Unreadable as error:
            tree.flaws[parts] = str(error)
    choice.notes += [note for notebook in opened.values() for note in notebook.notes]
    _drop_stubs(opened.values(), names, choice)
    if len(notebooks) > 1:
        for name in choice.open(names):
            _pick(opened, name, names[name], choice)
    for notebook in opened.values() if len(notebooks) == 1 else ():
        for name in filter(notebook.reordered, choice.open(names)):
            choice.put(name, notebook.source(name))
        _offer(choice, names, notebook.source())


def _drop_stubs(opened: Iterable[UnitNotebook], names: Names, choice: Choice) -> None:
    """Drop files in which more is unwritten than in a notebook."""
    left = [source for name, source in choice.sources.items() if _is_less_complete(source, name, opened, names[name])]
    for source in left:
        del choice.sources[source.name]
    if left:
        some = ", ".join([source.origin for source in left[:5]]) + (f" and {len(left) - 5} more" if left[5:] else "")
        choice.notes.append(f"Not taken, because more is written in a notebook: {some}.")


def _is_less_complete(source: Source, name: str, opened: Iterable[UnitNotebook], functions: Collection[str]) -> bool:
    to_write = unwritten(source.text)
    further = (notebook for notebook in opened if to_write and _defines(notebook, name, functions))
    return any(notebook.unwritten(name, functions) < to_write for notebook in further)


def _pick(opened: Mapping[Parts, UnitNotebook], name: str, functions: Collection[str], choice: Choice) -> None:
    """Choose the notebook that defines the exercise's functions; of several the one with a section for it."""
    defining = [parts for parts, notebook in opened.items() if _defines(notebook, name, functions)]
    best = [parts for parts in defining if opened[parts].holds(name)] or defining
    best = [parts for parts in best if len(parts) == len(best[0])]
    if len(best) > 1:
        reason = f"{name} is in more than one notebook: {listed(best)}. Keep it in one of them."
        choice.put(name, Refused(name, reason, origin(best[0])))
    elif best:
        choice.put(name, opened[best[0]].source(name))


def _defines(notebook: UnitNotebook, name: str, functions: Collection[str]) -> bool:
    found = notebook.names()
    if functions:
        return not found.isdisjoint(functions)
    return any(word == name or word.startswith(f"{name}_") for word in found)


def _offer(choice: Choice, names: Names, found: Source | Refused) -> None:
    """Use one source for every exercise without one of its own."""
    if isinstance(found, Source):
        choice.module = found
        return
    for name in choice.open(names):
        choice.put(name, Refused(name, found.reason, found.origin))


def _report_flaws(tree: Tree, names: Names, choice: Choice) -> None:
    """Note files that could not be opened, and refuse the missing exercises, which may be in them."""
    choice.notes += [f"{origin(parts)} {reason}" for parts, reason in tree.flaws.items()]
    nothing = not (choice.sources or choice.module)
    likely = [parts for parts in tree.flaws if nothing or is_submission(parts[-1])]
    if likely and choice.module is None:
        for name in choice.open(names):
            choice.put(name, Refused(name, f"{origin(likely[0])} {tree.flaws[likely[0]]}", origin(likely[0])))


def _nothing_found(tree: Tree, code: Sequence[Parts], names: Names) -> list[str]:
    advice = f"Name each file after its exercise, such as {next(iter(names), 'conv2d')}.py."
    if code:
        return [f"No file bears an exercise's name: {listed(code)}. {advice}"]
    if tree.files:
        return [f"No Python file and no notebook was found among: {listed(list(tree.files))}. {advice}"]
    return [f"The folder is empty. {advice}"]


def _notes(tree: Tree) -> list[str]:
    notes = [f"Not followed, because it is a link: {listed(tree.links)}."] if tree.links else []
    return notes + ([f"This folder cannot be read: {listed(tree.closed)}. Make it readable."] if tree.closed else [])


def _stem(parts: Parts) -> str:
    return parts[-1].rpartition(".")[0]


def origin(parts: Parts) -> str:
    """Return the path inside the submission, escaped."""
    return show("/".join(parts))


def listed(files: Sequence[Parts], most: int = 5) -> str:
    """Return the first `most` paths as a list in words, and the number of the others."""
    rest = len(files) - most
    return ", ".join(map(origin, files[:most])) + (f" and {rest} more" if rest > 0 else "")
