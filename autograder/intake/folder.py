"""A student's folder, or a single file, as a Submission."""

from __future__ import annotations

import os
import stat
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from autograder.escape import show
from autograder.intake.file import Unreadable, modified, read_bytes, why
from autograder.intake.handed import Handed, handed, is_python
from autograder.intake.source import Refused, Source, Submission, decode
from autograder.intake.walk import Parts, Tree, skipped, walk

_Item = TypeVar("_Item")


def find_submissions(root: Path) -> list[Handed]:
    """One submission per student in `root`, sorted: folders, `.py` files, and links, which are refused when read.

    Raises ValueError where a student has two, such as `alice/` and `alice.py`; OSError where `root` cannot be listed.
    """
    with os.scandir(root) as entries:
        found = [handed(root / entry.name) for entry in sorted(entries, key=_name) if _is_submission(entry)]
    counts = Counter(item.student for item in found)
    twice = [item.path.name for item in found if counts[item.student] > 1]
    if twice:
        raise ValueError(f"one student has more than one submission: {_listed(twice)}. Keep one for each student.")
    return found


def read_submission(where: Handed | Path, names: Collection[str]) -> Submission:
    """What is handed in there for the exercises `names`: files named `<exercise>.py` at any depth, or one module.

    Never raises for what it finds: a file, or a whole submission, that cannot be taken is refused with the reason.
    """
    where = handed(where) if isinstance(where, Path) else where
    path, student = where.path, where.student
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            return _refuse_all(student, names, "is a link. Hand in the folder or the file itself.", show(path.name))
        if not stat.S_ISDIR(mode):
            return _read_file(path, student, names)
        return _read_tree(path, student, names, walk(path))
    except FileNotFoundError:
        return _refuse_all(student, names, "does not exist. Check the path.", show(path.name))
    except OSError as error:
        return _refuse_all(student, names, why(error), show(path.name))
    except Unreadable as error:
        return _refuse_all(student, names, str(error), show(path.name))


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_submission(entry: os.DirEntry[str]) -> bool:
    if skipped(entry.name):
        return False
    return entry.is_symlink() or entry.is_dir(follow_symlinks=False) or is_python(entry.name)


def _read_file(path: Path, student: str, names: Collection[str]) -> Submission:
    if not is_python(path.name):
        return _refuse_all(student, names, "is not a Python file. Hand in a .py file or a folder.", show(path.name))
    return _read_tree(path.parent, student, names, Tree([(path.name,)]))


def _read_tree(root: Path, student: str, names: Collection[str], tree: Tree) -> Submission:
    found = _sources(root, student, names, tree)
    when = modified(root, tree.files)
    return replace(found, submitted_at=when, clock="file" if when else "")


def _sources(root: Path, student: str, names: Collection[str], tree: Tree) -> Submission:
    files = [parts for parts in tree.files if is_python(parts[-1])]
    claims = _claims(files, names)
    notes = _notes_of(tree)
    if claims:
        found = {name: _settle(root, name, paths, notes) for name, paths in claims.items()}
        notes += _unclaimed(files, claims)
        return Submission(student, _only(found, Source), _only(found, Refused), None, tuple(notes))
    code = [parts for parts in files if parts[-1] != "__init__.py"]
    if len(code) == 1:
        return _offer(root, student, names, code[0], notes)
    return Submission(student, notes=(*notes, *_nothing(code, tree, names)))


def _claims(files: Iterable[Parts], names: Collection[str]) -> dict[str, list[Parts]]:
    """Exercise → the files that bear its name in any spelling of case, the shallowest first."""
    spelled = defaultdict(list)
    for parts in files:
        spelled[parts[-1].casefold()].append(parts)
    return {name: spelled[key] for name in names if (key := f"{name}.py".casefold()) in spelled}


def _settle(root: Path, name: str, paths: Sequence[Parts], notes: list[str]) -> Source | Refused:
    exact = [parts for parts in paths if parts[-1] == f"{name}.py"]
    if not exact:
        origin = _origin(paths[0])
        return Refused(name, f"{origin} is not spelled as the exercise is. Rename it to {name}.py.", origin)
    best = [parts for parts in exact if len(parts) == len(exact[0])]
    if len(best) > 1:
        both = _listed([_origin(parts) for parts in best])
        return Refused(name, f"{name}.py was handed in more than once: {both}. Keep one of them.", _origin(best[0]))
    others = [_origin(parts) for parts in paths if parts != best[0]]
    if others:
        notes.append(f"{_origin(best[0])} was taken; not read: {_listed(others)}.")
    return _read(root, name, best[0])


def _read(root: Path, name: str, parts: Parts) -> Source | Refused:
    origin = _origin(parts)
    try:
        return decode(name, read_bytes(root, parts), origin)
    except Unreadable as error:
        return Refused(name, f"{origin} {error}", origin)


def _offer(root: Path, student: str, names: Collection[str], parts: Parts, notes: list[str]) -> Submission:
    module = _read(root, show(Path(parts[-1]).stem), parts)
    if isinstance(module, Source):
        return Submission(student, module=module, notes=tuple(notes))
    refused = {name: Refused(name, module.reason, module.origin) for name in names}
    return Submission(student, refused=refused, notes=tuple(notes))


def _refuse_all(student: str, names: Collection[str], reason: str, origin: str) -> Submission:
    sentence = f"{origin} {reason}"
    return Submission(student, refused={name: Refused(name, sentence, origin) for name in names}, notes=(sentence,))


def _unclaimed(files: Iterable[Parts], claims: Collection[str]) -> list[str]:
    known = {f"{name}.py".casefold() for name in claims}
    others = [_origin(parts) for parts in files if parts[-1].casefold() not in known and parts[-1] != "__init__.py"]
    return [f"Not read, because no exercise has this name: {_listed(others)}."] if others else []


def _nothing(code: Sequence[Parts], tree: Tree, names: Collection[str]) -> list[str]:
    advice = f"Name each file after its exercise, such as {next(iter(names), 'conv2d')}.py."
    if code:
        return [f"No file bears an exercise's name: {_listed([_origin(parts) for parts in code])}. {advice}"]
    if tree.files:
        return [f"No Python file was found among: {_listed([_origin(parts) for parts in tree.files])}. {advice}"]
    return [f"The folder is empty. {advice}"]


def _notes_of(tree: Tree) -> list[str]:
    links = [_origin(parts) for parts in tree.links]
    closed = [_origin(parts) for parts in tree.closed]
    said = [f"Not followed, because it is a link: {_listed(links)}."] if links else []
    return said + ([f"This folder cannot be read: {_listed(closed)}. Make it readable."] if closed else [])


def _origin(parts: Parts) -> str:
    return show("/".join(parts))


def _listed(words: Sequence[str], most: int = 5) -> str:
    rest = len(words) - most
    return ", ".join(words[:most]) + (f" and {rest} more" if rest > 0 else "")


def _only(found: dict[str, Source | Refused], kind: type[_Item]) -> dict[str, _Item]:
    return {name: item for name, item in found.items() if isinstance(item, kind)}
