"""The engine's version and folder."""

from __future__ import annotations

from pathlib import Path

VERSION = "0.1.0"

HOME = Path(__file__).resolve().parents[1]
"""The folder of the package `autograder`."""
