"""Tests of `handgrad watch` in a real terminal: keys, saved files, and a second start."""

from __future__ import annotations

import json
import os
import re
import select
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli import forked

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

TINY = Path(__file__).parents[1] / "tiny"
RIGHT = "import numpy as np\ndef scale_forward(x, w):\n    return x * w\n" + (
    "def scale_backward(dout, x, w):\n    return dout * w, np.sum(dout * x, axis=0)\n"
)
WRONG = RIGHT.replace("x * w\n", "x + w\n", 1)
PATIENCE = 60.0


class Terminal:
    """Process in a pseudo-terminal of 80 columns and 24 lines."""

    def __init__(self, *command: str, folder: Path, columns: int = 80, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "VISUAL")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder", *command], stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
            env={**kept, "TERM": "xterm", "NO_COLOR": "1", **environment}, close_fds=True,
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def press(self, key: str) -> None:
        """Press a key, and forget the earlier screen."""
        self.text = ""
        os.write(self._ours, key.encode())

    def wait_for(self, words: str) -> str:
        """Return the latest whole screen's text once it contains the words."""
        end = time.monotonic() + PATIENCE
        while words not in self.screen():
            if not select.select([self._ours], [], [], max(0.0, end - time.monotonic()))[0]:
                raise AssertionError(f"{words!r} never came; the screen: {self.text!r}")
            try:
                self.text += os.read(self._ours, 65536).decode("utf-8", "replace")
            except OSError:
                raise AssertionError(f"it ended before {words!r}: {self.text!r}") from None
        return self.screen()

    def screen(self) -> str:
        """Return the text since the screen was cleared; "" until its last line is there."""
        text = re.sub(r"\x1b\[[\d;?]*\w", "", re.split(r"\x1b\[2J|\x1b\[H", self.text)[-1])
        return text if "q quit" in text else ""

    def quit(self) -> int:
        """Press q, and return the exit code."""
        os.write(self._ours, b"q")
        code = self.process.wait(PATIENCE)
        os.close(self._ours)
        return code


@pytest.fixture
def watch(tmp_path):
    """Return watch(*names), which starts the command on the tiny course; open terminals are closed after the test."""
    opened = []

    def start(*names: str, **environment: str) -> Terminal:
        words = ("watch", *names, "--course", str(TINY), "--path", str(tmp_path))
        opened.append(Terminal(*words, folder=tmp_path, **environment))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.process.kill()
        terminal.process.wait()


@pytest.mark.slow
def test_a_save_is_checked_and_a_key_gives_a_hint(watch, tmp_path):
    """A wrong save gives feedback, h a hint, a right save the next exercise; a second start remembers all of it."""
    (tmp_path / "scale.py").write_text(WRONG, encoding="utf-8")
    terminal = watch("scale", "mean_square")
    screen = terminal.wait_for("scale_forward out  values failed")
    assert "smallest input that fails" in screen and "press h for a hint" in screen and "known mistake" not in screen
    terminal.press("h")
    terminal.wait_for("What differs")
    terminal.press("l")
    terminal.wait_for("→ ✘ scale")
    terminal.text = ""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    assert "1 of 2 done" in terminal.wait_for("done. Press n for the next one.")
    terminal.press("n")
    terminal.wait_for("mean_square.py is not there")
    assert terminal.quit() == 1

    again = watch("scale", "mean_square")
    assert "1 of 2 done" in again.wait_for("mean_square.py is not there")
    again.press("p")
    again.wait_for("done. Press n for the next one.")
    assert again.quit() == 1


@pytest.mark.slow
def test_the_end_is_said_and_is_success(watch, tmp_path):
    """When everything is done, the command says so and exits with 0."""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    terminal = watch("scale")
    terminal.wait_for("1 of 1 done")
    terminal.press("n")
    terminal.wait_for("Everything is done.")
    assert terminal.quit() == 0


@pytest.mark.slow
def test_the_saved_file_becomes_the_current_one(watch, tmp_path):
    """A file and a notebook alike; what is shown fits 24 lines of 80 columns, with the first failure at the top."""
    terminal = watch("scale", "mean_square")
    terminal.wait_for("is not there")
    (tmp_path / "mean_square.py").write_text("def mean_square(x):\n    return x\n", encoding="utf-8")
    screen = terminal.wait_for("mean_square  failed").replace("\r", "").split("\n")
    assert len(screen) <= 24 and max(map(len, screen)) <= 80
    assert any("✘ mean_square" in line for line in screen[2:7])
    terminal.text = ""
    cell = {"cell_type": "code", "metadata": {}, "source": WRONG, "outputs": [], "execution_count": None}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "01_tiny.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert "01_tiny.ipynb" in terminal.wait_for("scale_forward out  values failed")
    terminal.quit()


@pytest.mark.slow
def test_the_list_chooses_and_resets(watch, tmp_path):
    """Arrows choose an exercise, x and y put it back; the text is kept."""
    (tmp_path / "scale.py").write_text(WRONG, encoding="utf-8")
    terminal = watch()
    terminal.wait_for("scale_forward out  values failed")
    terminal.press("l")
    terminal.wait_for("→ ✘ scale")
    terminal.press("\x1b[A")
    assert "✘ scale" in terminal.wait_for("→ ○ ramp")
    terminal.press("\r")
    terminal.wait_for("ramp.py is not there")
    terminal.press("l\x1b[B")
    terminal.wait_for("→ ✘ scale")
    terminal.press("x")
    terminal.wait_for("Put scale back")
    terminal.press("y")
    terminal.wait_for("is as you got it.")
    assert "NotImplementedError" in (tmp_path / "scale.py").read_text(encoding="utf-8")
    assert (tmp_path / ".handgrad" / "before_reset" / "scale.py").read_text(encoding="utf-8") == WRONG
    terminal.press("h")
    terminal.wait_for("The formula, with a hole")
    terminal.quit()


@pytest.mark.slow
def test_a_key_opens_the_editor(watch, tmp_path):
    """`e` starts $EDITOR with the file; without one it says where the file is."""
    (tmp_path / "scale.py").write_text(WRONG, encoding="utf-8")
    editor = tmp_path / "editor.sh"
    editor.write_text(f"#!/bin/sh\necho \"$@\" > {tmp_path}/opened\n", encoding="utf-8")
    editor.chmod(0o755)
    terminal = watch("scale", EDITOR=str(editor))
    terminal.wait_for("values failed")
    terminal.press("e")
    terminal.wait_for("values failed")
    assert terminal.quit() == 1 and str(tmp_path / "scale.py") in (tmp_path / "opened").read_text(encoding="utf-8")
    other = watch("scale", EDITOR="")
    other.wait_for("values failed")
    other.press("e")
    other.wait_for("export EDITOR")
    other.quit()


@pytest.mark.parametrize("columns", [60, 80, 120, None])
def test_the_list_has_one_line_for_each_exercise(tmp_path, columns):
    """In terminals of 60, 80 and 120 columns and in a pipe: state, points, and a sum."""
    (tmp_path / "scale.py").write_text(WRONG, encoding="utf-8")
    run("check", "scale", folder=tmp_path)
    done = run("list", folder=tmp_path, **({"COLUMNS": str(columns)} if columns else {}))
    unit, *lines, empty, total, following = done.stdout.splitlines()
    assert (unit, empty, total[:11]) == ("01_tiny", "", "0 of 6 done") and following.startswith("Next: handgrad check ")
    assert len(lines) == 6 and all(len(line) < (columns or 80) for line in lines)
    (line,) = [line for line in lines if " scale " in line]
    assert line.split()[:4] == ["→", "✘", "scale", "failing"] or line.split()[:3] == ["✘", "scale", "failing"]
    assert "/10" in line or "/" in line


def test_check_and_list_know_what_is_done(tmp_path):
    """`check` records progress and `list` shows it; a changed file is open again."""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    assert run("check", "scale", folder=tmp_path).returncode == 0
    assert states(tmp_path)["scale"] == "done"
    (tmp_path / "scale.py").write_text(RIGHT + "\n", encoding="utf-8")
    assert states(tmp_path)["scale"] == "unchecked"


def run(*command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command on this folder's files and the tiny course."""
    words = (*command, "--course", TINY, "--path", folder)
    return forked.run(*words, cwd=folder, **{"COLUMNS": None, "LINES": None, **environment})


def states(folder: Path) -> dict[str, str]:
    """Return exercise → state, from `list --json`."""
    return {item["name"]: item["state"] for item in json.loads(run("list", "--json", folder=folder).stdout)}
