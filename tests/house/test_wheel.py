"""The wheel: the engine alone, built and run without a network and outside of the checkout."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of this checkout, so that no build folder is left in it."""
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["build-backend"]
    if not importlib.util.find_spec(backend.partition(".")[0]):
        pytest.skip(f"{backend} is not installed here, and the build may not download it")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).exists():
            (source / name).write_bytes((ROOT / name).read_bytes())
    for folder in ("autograder", "reference", "solutions", "tests/tiny"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = source / path.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    command = ["pip", "wheel", str(source), "--no-deps", "--no-build-isolation", "--no-index", "-w", str(out)]
    built = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with the wheel in it; its dependencies are the ones of this environment."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(home), "platbase": str(home)}))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # A plain path, not a site folder: an editable install of the checkout, itself a .pth file, stays without effect.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / "bin" / "python"


def run(python: Path, *words: str) -> str:
    """What the interpreter prints, far from the checkout."""
    done = subprocess.run([python, "-I", *words], cwd=python.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_engine_and_nothing_else(wheel):
    """No reference, no solution, no test; every module of the engine, and the mark that it is typed."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"autograder"}
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "autograder").rglob("*.py")}
    assert files <= set(names)
    assert "autograder/py.typed" in names


def test_the_engine_runs_from_the_wheel(python):
    """The imported package is the installed one."""
    place = run(python, "-c", "import autograder; print(autograder.__file__)").strip()
    assert Path(place).is_relative_to(python.parent.parent)
    assert run(python, "-m", "autograder", "--version").startswith("handgrad ")


def test_another_course_needs_no_change_in_the_engine(python):
    """The tiny course, which lies elsewhere and brings its own oracle, is listed."""
    listed = run(python, "-m", "autograder", "list", "--course", str(ROOT / "tests" / "tiny"))
    assert all(name in listed for name in ("scale", "mean_square", "heavy_step", "ramp", "softplus", "spread"))


def test_the_wheel_says_its_licence_and_its_addresses(wheel):
    """As an SPDX expression with the licence's text beside it, and with a link to the source."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        text = archive.read(metadata).decode()
        licence = archive.read(f"{metadata.removesuffix('METADATA')}licenses/LICENSE")
    assert "\nLicense-Expression: MIT\nLicense-File: LICENSE\n" in text
    assert "\nProject-URL: Source, https://github.com/" in text
    assert licence == (ROOT / "LICENSE").read_bytes()
