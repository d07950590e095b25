"""Checks in a notebook: the functions of the kernel, tested in a process of their own, shown as a rich result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograder.frontends.notebook.checking import check, grade

if TYPE_CHECKING:
    from autograder.frontends.notebook.result import Result as Result

__all__ = ["check", "grade", "load_ipython_extension"]


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext autograder`: afterwards `%check conv2d` is `check("conv2d")`."""
    shell.register_magic_function(lambda line: check(*line.split()), "line", "check")
