"""The source files of the house, and what they import, read by AST and never executed."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Import:
    """One import statement's target. lazy: inside a function, so that it happens only when that runs."""

    target: str
    line: int
    lazy: bool


@cache
def modules(folder: str) -> dict[str, Path]:
    """Dotted name → file, of every module below a folder of the root."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports(name: str, path: Path, *, types: bool = False) -> list[Import]:
    """List what a module imports when it runs. types: also what it imports for type checkers alone."""
    return list(_walk(tree(path).body, name, path.stem == "__init__", False, types))


def _walk(body: list[ast.stmt], name: str, package: bool, lazy: bool, types: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, lazy) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, name, package)
            yield from (Import(_target(base, alias.name), node.lineno, lazy) for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from _walk([*node.body, *node.orelse] if types else node.orelse, name, package, lazy, types)
        else:
            inner = lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            for field in ("body", "orelse", "finalbody", "handlers", "cases"):
                children = getattr(node, field, [])
                yield from _walk(
                    [child for child in children if isinstance(child, ast.AST)], name, package, inner, types
                )


def _base(node: ast.ImportFrom, name: str, package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = name.split(".")
    above = parts[: len(parts) - node.level + (1 if package else 0)]
    return ".".join([*above, *([node.module] if node.module else [])])


def _target(base: str, name: str) -> str:
    """`from a import b` means the module a.b where there is one, else a."""
    found = f"{base}.{name}"
    return found if found in modules(base.partition(".")[0]) else base


def is_stdlib(target: str) -> bool:
    """Whether a dotted name belongs to Python itself."""
    return target.partition(".")[0] in sys.stdlib_module_names
