"""The scripts that draw the pages' pictures need matplotlib; the pages themselves need nothing."""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable
from types import ModuleType

import pytest

Scripts = Callable[[str], ModuleType]


@pytest.fixture(scope="session")
def scripts() -> Scripts:
    """scripts("layers") is the module that draws unit 2's pictures."""
    if not importlib.util.find_spec("matplotlib") and not os.environ.get("CI"):
        pytest.skip("matplotlib is not installed; the pictures' scripts need it")
    return lambda name: importlib.import_module(f"docs.pictures.{name}")
