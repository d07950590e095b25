"""The wheel of the installed engine."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import autograder
from autograder.errors import UsageError
from autograder.release import wheel
from autograder.release.wheel import build_wheel


@pytest.fixture(scope="module")
def built():
    """Return file name and bytes."""
    return build_wheel()


def test_it_holds_the_engine_and_nothing_else(built):
    """The wheel holds all files of the package, and no reference, solution, test or compiled file."""
    name, data = built
    home = Path(autograder.__file__).parent
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    assert name == f"handgrad-{autograder.__version__}-py3-none-any.whl"
    facts = {member for member in members if ".dist-info/" in member}
    assert {member.rpartition("/")[2] for member in facts} >= {"METADATA", "WHEEL", "RECORD", "entry_points.txt"}
    for member in members.keys() - facts:
        assert members[member] == (home.parent / member).read_bytes()
        assert member.startswith("autograder/") and "__pycache__" not in member
    assert "autograder/platforms/student.yml" in members and "autograder/py.typed" in members


def test_the_same_files_make_the_same_bytes(built):
    """Two wheels of equal files are equal."""
    assert build_wheel() == built


@pytest.mark.slow
def test_an_installer_takes_it(built, tmp_path):
    """pip verifies the hashes and installs the command."""
    name, data = built
    (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile",
               "--disable-pip-version-check", "--target", str(tmp_path / "site"), str(tmp_path / name)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "bin" / "autograder").is_file()
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import autograder; print(autograder.__file__)"
    where = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert Path(where.strip()).is_relative_to(tmp_path)


def test_what_old_tools_leave_is_no_installation(built, tmp_path, monkeypatch):
    """A folder handgrad.egg-info that is found first is ignored."""
    (tmp_path / "handgrad.egg-info").mkdir()
    (tmp_path / "handgrad.egg-info" / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: handgrad\nVersion: 0.0.1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert build_wheel() == built


def test_nothing_is_packed_that_is_not_installed(monkeypatch):
    """The error says how to install the engine."""
    monkeypatch.setattr(wheel, "distributions", lambda name: iter(()))
    with pytest.raises(UsageError, match=r"the engine is not installed, so it cannot be packed: pip install \."):
        build_wheel()


def test_an_engine_that_is_not_the_installed_one_is_not_packed(monkeypatch):
    """An engine of another version than the installed one is refused, because its metadata would be wrong."""
    monkeypatch.setattr(wheel, "VERSION", "9.9")
    with pytest.raises(UsageError, match=r"handgrad .+ is installed, and 9\.9 is running\. Install it again"):
        build_wheel()
