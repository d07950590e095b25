"""Loads the files of an exercise's folder by path, as the catalog does: they are no package."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

SOLUTIONS = Path(__file__).parents[2] / "solutions"
Load = Callable[[str, str], ModuleType]


@pytest.fixture(scope="session")
def load() -> Load:
    """load("02_layers/conv2d", "solution") is that file as a module."""
    return _load


@cache
def _load(folder: str, name: str) -> ModuleType:
    path = SOLUTIONS / folder / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
