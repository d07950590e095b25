"""Append to a text, as one statement, the modules that it imports and that were handed in beside it.

Thus a program is one text: its identity covers all its files, and they run in the confinement of the text. The worker
runs the statement before all others; the student's lines keep their numbers.

Libraries that only show something, such as progress bars and plots, are replaced by a module that shows nothing,
because the results of functions do not depend on them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from pathlib import Path

from autograder.sandbox.inside.loader import BESIDE, CELL
from autograder.submission.definitions import Binding, Content, Import, Kind, read
from autograder.submission.file import CODE, Parts, Tree, Unreadable, on_disk
from autograder.submission.source import Files, Source, decode, kind, plain_text

AVAILABLE = frozenset({"numpy", "autograder"}) | sys.stdlib_module_names
"""Modules that the worker has, or must not have; a student's file of such a name is not used."""

_MOST = 200
_BEGIN = f"{CELL} [modules]\nclass {BESIDE}: exec("
_SILENT = frozenset({"tqdm", "matplotlib", "seaborn", "IPython", "ipywidgets"})
"""Libraries that only show something; they are replaced by a module that shows nothing."""


def with_modules(text: str, find: Callable[[str], tuple[str, bool] | None]) -> tuple[str, Files]:
    """Return the text with the modules that it needs appended, and the modules.

    find: returns the text of the module of this name that was handed in beside the text, and whether it is a package;
    None if there is none.
    """
    found: dict[str, tuple[str, bool]] = {}
    waiting = list(_wanted(read(text).imports, ""))
    while waiting and len(found) < _MOST:
        name = waiting.pop(0)
        top = name.partition(".")[0]
        if name in found or top in AVAILABLE:
            continue
        if module := find(name) or ((_worker_text("silent"), True) if top in _SILENT else None):
            found[name] = module
            waiting += _wanted(read(module[0]).imports, package_of(name, found))
    if not found:
        return text, found
    statement = f"{_BEGIN}{_worker_text('finder')!r}, {{'files': {dict(sorted(found.items()))!r}}})"
    return f"{text.rstrip(chr(10))}\n{statement}\n", found


@cache
def _worker_text(name: str) -> str:
    """Return the text of a file of this package that runs in the worker alone."""
    return Path(__file__).with_name(f"{name}.py.txt").read_text(encoding="utf-8")


def _wanted(imports: Iterable[Import], package: str) -> Iterator[str]:
    """Yield each module that may be meant, with the packages that hold it. package: of the text that imports."""
    for each in imports:
        if name := absolute(each.module, package):
            parts = name.split(".")
            yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))
            yield from (f"{name}.{word}" for word in each.names if word != "*")


def absolute(name: str, package: str) -> str:
    """Return the full name of a module that a text of this package imports; "" if it has more dots than packages."""
    below = name.lstrip(".")
    if not (dots := len(name) - len(below)):
        return below
    above = package.split(".")[: package.count(".") + 2 - dots] if package else []
    return ".".join([*above, below] if below else above) if above else ""


def package_of(module: str, files: Files) -> str:
    """Return the package of a module; a package is its own."""
    return module if module in files and files[module][1] else module.rpartition(".")[0]


def kind_of(content: Content, name: str, files: Files, module: str = "") -> Kind | None:
    """Return how a name is bound, followed through imports from modules in `files`; None if it is not bound.

    content: of the text, or of the module of this name in `files`.
    """
    for _ in range(_MOST):
        found = content.last(name)
        stars = [each for each in content.bindings if each.name == "*"]
        if found is None:
            starred = (absolute(star.detail, package_of(module, files)) for star in stars)
            found = next((Binding(name, "imported", 0, 0, each, name) for each in starred if each in files
                          and read(files[each][0]).last(name)), None)  # fmt: skip
        if found is None or found.kind != "imported":
            return found.kind if found else None
        module = absolute(found.detail, package_of(module, files))
        if module not in files or module.partition(".")[0] in _SILENT:
            return "imported"
        content, name = read(files[module][0]), found.of
    return "imported"


def modules_behind(tree: ast.Module) -> Files:
    """Return the modules that `with_modules` appended to a text, from the text's syntax tree."""
    match tree.body[-1:]:
        case [ast.ClassDef(name=name, body=[ast.Expr(ast.Call(args=[_, ast.Dict(values=[files])]))])] if name == BESIDE:
            with suppress(ValueError):
                found: Files = ast.literal_eval(files)
                return found
    return {}


@dataclass
class Beside:
    """Modules among the files of a submission."""

    tree: Tree
    """Files."""
    left: int = CODE.most
    """Characters that may still be read."""
    texts: dict[Parts, str | None] = field(default_factory=dict)
    """Texts that were read; None for a file that cannot be read."""

    def find(self, name: str, parts: Parts) -> tuple[str, bool] | None:
        """Return the text of a module beside the file at `parts`, and whether it is a package; None without one."""
        at = self.where(name, parts)
        file = self.tree.files.get(at) if at else None
        if not at or not file:
            return ("", True) if at else None
        if at not in self.texts:
            self.texts[at] = None
            with suppress(Unreadable):
                found = decode(plain_text(file.read(CODE))[0], "/".join(at))
                if isinstance(found, Source) and len(found.text) <= self.left:
                    self.left -= len(found.text)
                    self.texts[at] = found.text
        text = self.texts[at]
        return None if text is None else (text, at[-1] == "__init__.py")

    def where(self, name: str, parts: Parts) -> Parts | None:
        """Return the path of a module beside the file or in a folder above it; a package may be a folder alone."""
        inner = tuple(name.split("."))
        for depth in range(len(parts) - 1, -1, -1):
            base = (*parts[:depth], *inner)
            for at in ((*base, "__init__.py"), (*base[:-1], f"{base[-1]}.py")):
                if at in self.tree.files and at != parts:
                    return at
            if any(each[: len(base)] == base and kind(each[-1]) == "py" for each in self.tree.files):
                return base
        return None


def nearby(folder: Path, most: int = 2_000) -> Tree:
    """Return the Python files in a folder and two levels below it, at most `most`, as the files of a submission."""
    paths = islice(chain.from_iterable(folder.glob(each) for each in ("*.py", "*/*.py", "*/*/*.py")), most)
    found = (path.relative_to(folder).parts for path in paths)
    return Tree({parts: on_disk(folder, parts) for parts in found})
