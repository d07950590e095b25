"""Fixtures and settings of all tests: repeatable randomness, one BLAS thread, kept zygotes, the tiny course."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from autograder.numeric.runtime import fix_runtime

if TYPE_CHECKING:
    from autograder.course.catalog import Course

for _name, _examples in (("repeatable", 50), ("nightly", 100)):
    settings.register_profile(_name, max_examples=_examples, derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

fix_runtime()  # before NumPy is imported
# Hundreds of processes would compile all modules and rewrite all assertions again, as each worker of xdist would.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from tests import grammars, zygotes  # noqa: E402, F401


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each process a half of the tests in their order, so that a module's fixtures are made in one of them; a
    process that is done takes over the rest of another's."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect garbage once, after the tests are collected, and exclude all existing objects from later garbage
    collections, also in forked processes."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def _zygotes() -> Iterator[None]:
    """End the kept zygotes after the last test."""
    yield
    zygotes.end_all()


@pytest.fixture(scope="module", autouse=True)
def _kept_zygotes(request: pytest.FixtureRequest, _zygotes: None) -> Iterator[None]:
    """Keep zygotes during a module, except in the folders whose tests examine them."""
    if request.path.relative_to(Path(__file__).parent).parts[0] in zygotes.FRESH:
        zygotes.end_all()
        yield
    else:
        with zygotes.kept():
            yield


@pytest.fixture(scope="session")
def tiny() -> Course:
    """The engine's own course: six exercises that hold every kind of function, result and mistake."""
    from autograder.course.catalog import Course

    return Course(Path(__file__).parent / "tiny")
