"""handgrad: checks deep learning written by hand in NumPy, and names the mistake that was made.

Public: `autograder.check`, `autograder.gradcheck`, `autograder.plots` and, for authors of exercises, `autograder.spec`.
All else is internal.
In a notebook: `from autograder import check`, then `check("conv2d")`; or `%load_ext autograder`, then `%check conv2d`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from autograder.report.engine import VERSION as __version__

if TYPE_CHECKING:
    from autograder.frontends import plots as plots
    from autograder.frontends.gradcheck import gradcheck as gradcheck
    from autograder.frontends.notebook import check as check
    from autograder.frontends.notebook import load_ipython_extension as load_ipython_extension

__all__ = ["__version__", "check", "gradcheck", "load_ipython_extension", "plots"]


class _Plots(ModuleType):
    """The module `autograder.plots` for `import autograder.plots`; it imports the plots when one is used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(import_module("autograder.frontends.plots"), name)


sys.modules.setdefault("autograder.plots", _Plots("autograder.plots"))


def __getattr__(name: str) -> Any:
    """Return a public name, imported on first use, so that the command line does not wait for these imports."""
    if name == "plots":
        return import_module("autograder.frontends.plots")
    if name == "gradcheck":
        return import_module("autograder.frontends.gradcheck").gradcheck
    if name not in ("check", "load_ipython_extension"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("autograder.frontends.notebook"), name)
