"""Wheels of the installed engine, for releases that contain it, and of a release, for `handgrad start`.

Equal files give equal bytes.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.metadata import distributions

from autograder.errors import UsageError
from autograder.report.engine import VERSION, home
from autograder.report.files import packed

_WHEEL = f"Wheel-Version: 1.0\nGenerator: handgrad {VERSION}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}
COURSE, PACKED = "handgrad_course", "release.zip"
"""The package of a course's wheel, and the file in it that holds the release."""


def build_wheel() -> tuple[str, bytes]:
    """Return the wheel's file name and bytes. UsageError if the installed engine is missing or of another version."""
    paths = [path for path in sorted(home().rglob("*")) if path.is_file() and not _LEFT_OUT & {*path.parts}]
    files = {path.relative_to(home().parent).as_posix(): path.read_bytes() for path in paths}
    # A folder handgrad.egg-info, which old build tools leave in a checkout, is found too; it is no installation.
    installed = next((found for found in distributions(name="handgrad") if found.read_text("METADATA")), None)
    if installed is None:
        raise UsageError("the engine is not installed, so it cannot be packed: pip install .")
    if installed.version != VERSION:
        words = f"handgrad {installed.version} is installed, and {VERSION} is running"
        raise UsageError(f"{words}. Install it again before you pack it: pip install .")
    facts = {name: text for name in ("METADATA", "entry_points.txt") if (text := installed.read_text(name))}
    return _wheel("handgrad", files, facts | {"WHEEL": _WHEEL})


def course_wheel(files: Mapping[str, bytes], title: str) -> tuple[str, bytes]:
    """Return file name and bytes of a wheel that contains a release. files: path in the release → content."""
    metadata = f"Metadata-Version: 2.1\nName: handgrad-course\nVersion: {VERSION}\nSummary: {title}\n"
    facts = {"METADATA": f"{metadata}Requires-Dist: handgrad=={VERSION}\n", "WHEEL": _WHEEL}
    return _wheel("handgrad_course", {f"{COURSE}/__init__.py": b"", f"{COURSE}/{PACKED}": packed(files.items())}, facts)


def _wheel(name: str, files: Mapping[str, bytes], facts: Mapping[str, str]) -> tuple[str, bytes]:
    folder = f"{name}-{VERSION}.dist-info"
    held = {**files, **{f"{folder}/{fact}": text.encode() for fact, text in facts.items()}}
    digests = {path: base64.urlsafe_b64encode(hashlib.sha256(data).digest()) for path, data in held.items()}
    lines = [f"{path},sha256={digests[path].rstrip(b'=').decode()},{len(data)}" for path, data in held.items()]
    record = f"{folder}/RECORD"
    held[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    return f"{name}-{VERSION}-py3-none-any.whl", packed(held.items())
