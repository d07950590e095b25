"""The pytest plugin, active only where a project's configuration has `handgrad = true`.

It collects every `<exercise>.py` and notebook below assignments/ of a course or a release: one test for each check of
each output. The exercise is checked once, in its sandbox, when the first of its tests runs. pytest itself never imports
such a file, even where it is named on the command line.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

OPTION = "handgrad"
Collected = list[pytest.Collector]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `handgrad` to pytest's configuration file."""
    parser.addini(OPTION, "collect the exercises of assignments/ as tests", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Register a marker for each check, for `-m gradient`."""
    if config.getini(OPTION):
        from autograder.checks import CHECKS

        for name in (name for name, check in CHECKS.items() if check.listed):
            config.addinivalue_line("markers", f"{name}: handgrad's check of that name")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Distribute tests to pytest-xdist's workers file by file, so that each exercise is checked once."""
    if config.getini(OPTION) and getattr(config.option, "numprocesses", None):
        config.option.dist = {"no": "loadfile", "load": "loadfile"}.get(config.option.dist, config.option.dist)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, Collected, Collected]:
    """Return the collector of an exercise's file in place of those of other plugins, which would import the file."""
    others = yield
    if file_path.suffix not in (".py", ".ipynb") or not parent.config.getini(OPTION):
        return others
    from autograder.frontends.pytest_plugin.items import collect

    ours = collect(file_path, parent)
    return others if ours is None else [ours]
