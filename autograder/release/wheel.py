"""Packing the installed engine as a wheel, for releases that contain it. Equal files give equal bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions

from autograder.errors import UsageError
from autograder.report.engine import HOME, VERSION

_BEGINNING = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = ("__pycache__", ".ipynb_checkpoints")


def build_wheel() -> tuple[str, bytes]:
    """Return the wheel's file name and bytes. UsageError if the installed engine is missing or of another version."""
    version = VERSION
    folder = f"handgrad-{version}.dist-info"
    files = dict(_files())
    files |= {f"{folder}/{name}": text.encode() for name, text in _facts(version).items()}
    files[f"{folder}/RECORD"] = _record(files, f"{folder}/RECORD")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return f"handgrad-{version}-py3-none-any.whl", out.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    home = HOME
    for path in sorted(home.rglob("*")):
        if path.is_file() and not set(_LEFT_OUT) & set(path.parts):
            yield path.relative_to(home.parent).as_posix(), path.read_bytes()


def _facts(version: str) -> dict[str, str]:
    # A folder handgrad.egg-info, which old build tools leave in a checkout, is found too; it is no installation.
    installed = next((found for found in distributions(name="handgrad") if found.read_text("METADATA")), None)
    if installed is None:
        raise UsageError("the engine is not installed, so it cannot be packed: pip install .")
    if installed.version != version:
        words = f"handgrad {installed.version} is installed, and {version} is running"
        raise UsageError(f"{words}. Install it again before you pack it: pip install .")
    wanted = {name: installed.read_text(name) for name in ("METADATA", "entry_points.txt")}
    wheel = f"Wheel-Version: 1.0\nGenerator: handgrad {version}\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return {name: text for name, text in wanted.items() if text} | {"WHEEL": wheel}


def _record(files: dict[str, bytes], itself: str) -> bytes:
    lines = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
    return "\n".join([*lines, f"{itself},,", ""]).encode()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
