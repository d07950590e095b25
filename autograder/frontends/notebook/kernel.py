"""Source text of what the kernel has run. No object of the kernel is called or trusted."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Mapping
from types import FunctionType
from typing import Any

from autograder.report.engine import HOME


def cells() -> list[str]:
    """Return the sources of all cells in the order in which they were run; outside IPython, the running script's."""
    shell = _shell()
    if shell is not None:
        return [str(source) for source in shell.history_manager.input_hist_raw[1:]]
    return [_text(path)] if (path := getattr(sys.modules.get("__main__"), "__file__", None)) else []


def files() -> dict[str, str]:
    """Return function → the .py file that it was imported or run from, for functions that no cell defines."""
    shell = _shell()
    found = _of_files(shell.user_ns if shell is not None else {})
    return {name: path for name, path in found.items() if not _installed(path)}


def defined() -> list[str] | None:
    """Return the names that are bound now, without those that were deleted. None outside IPython."""
    shell = _shell()
    return None if shell is None else [name for name in list(shell.user_ns) if type(name) is str]


def _shell() -> Any:
    """Return IPython's shell, or None; IPython is not imported for it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _of_files(names: Mapping[str, Any]) -> dict[str, str]:
    functions = {name: thing for name, thing in names.items() if type(thing) is FunctionType and name[:1] != "_"}
    paths = {name: function.__code__.co_filename for name, function in functions.items()}
    return {name: path for name, path in paths.items() if path.endswith(".py") and os.path.isfile(path)}


def _installed(path: str) -> bool:
    """Return whether the file is part of Python, of a package or of a kernel's own cells."""
    kinds = ("stdlib", "platstdlib", "purelib", "platlib")
    places = {*(sysconfig.get_path(kind) for kind in kinds), str(HOME)}
    real = os.path.realpath(path)
    return f"{os.sep}ipykernel_" in path or any(real.startswith(os.path.realpath(place) + os.sep) for place in places)


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()
