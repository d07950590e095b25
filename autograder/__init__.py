"""handgrad's engine: checks hand-written deep learning and says which mistake was made.

In a notebook: `from autograder import check`, then `check("conv2d")`; or `%load_ext autograder`, then `%check conv2d`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.frontends.notebook import check as check
    from autograder.frontends.notebook import load_ipython_extension as load_ipython_extension

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What notebooks use is imported when it is asked for: the command line must not wait for it."""
    if name not in ("check", "load_ipython_extension"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from autograder import notebook

    return getattr(notebook, name)
