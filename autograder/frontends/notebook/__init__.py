"""Checks in a notebook: the kernel's functions, tested in another process, with the result as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.frontends.notebook.checking import check, grade

if TYPE_CHECKING:
    from autograder.frontends.notebook.checking import Result as Result

__all__ = ["check", "grade", "load_ipython_extension"]


def load_ipython_extension(shell: Any) -> None:
    """Register the magic `%check conv2d` for `check("conv2d")`, by `%load_ext autograder`."""
    shell.register_magic_function(lambda line: check(*line.split()), "line", "check")
