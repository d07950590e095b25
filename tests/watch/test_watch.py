"""Tests of `handgrad watch` in a real terminal: keys, saved files, and a second start."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")

TINY = Path(__file__).parents[1] / "tiny"
RIGHT = "import numpy as np\ndef scale_forward(x, w):\n    return x * w\n" + (
    "def scale_backward(dout, x, w):\n    return dout * w, np.sum(dout * x, axis=0)\n"
)
WRONG = RIGHT.replace("x * w\n", "x + w\n", 1)
PATIENCE = 60.0


class Terminal:
    """Process in a pseudo-terminal."""

    def __init__(self, *command: str, folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "40", "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograder", *command], stdin=theirs, stdout=theirs, stderr=theirs,
            cwd=folder, env=environment, close_fds=True,
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def press(self, key: str) -> None:
        """Press a key, and forget the earlier screen."""
        self.text = ""
        os.write(self._ours, key.encode())

    def wait_for(self, words: str) -> str:
        """Return the screen's text once it contains the words, followed by the keys."""
        end = time.monotonic() + PATIENCE
        while "q quit" not in self.text.partition(words)[2]:
            if not select.select([self._ours], [], [], max(0.0, end - time.monotonic()))[0]:
                raise AssertionError(f"{words!r} never came; the screen: {self.text!r}")
            try:
                self.text += re.sub(r"\x1b\[[\d;?]*\w", "", os.read(self._ours, 65536).decode("utf-8", "replace"))
            except OSError:
                raise AssertionError(f"it ended before {words!r}: {self.text!r}") from None
        return self.text

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

    def start(*names: str) -> Terminal:
        opened.append(Terminal("watch", *names, "--course", str(TINY), "--path", str(tmp_path), folder=tmp_path))
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
    terminal.wait_for("scale_forward out  values failed")
    terminal.press("h")
    terminal.wait_for("hint 1 of")
    terminal.press("l")
    terminal.wait_for("→ ○ scale")
    terminal.text = ""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    assert "1/2 exercises" in terminal.wait_for("done. Press n for the next one.")
    terminal.press("n")
    terminal.wait_for("mean_square.py is not there")
    assert terminal.quit() == 1

    again = watch("scale", "mean_square")
    screen = again.wait_for("mean_square.py is not there")
    assert "1/2 exercises" in screen
    again.press("p")
    again.wait_for("done. Press n for the next one.")
    assert again.quit() == 1


@pytest.mark.slow
def test_the_end_is_said_and_is_success(watch, tmp_path):
    """When everything is done, the command says so and exits with 0."""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    terminal = watch("scale")
    terminal.wait_for("1/1 exercises")
    terminal.press("n")
    terminal.wait_for("Everything is done.")
    assert terminal.quit() == 0


def test_check_and_list_know_what_is_done(tmp_path):
    """`check` records progress and `list` shows it; a changed file is open again."""
    (tmp_path / "scale.py").write_text(RIGHT, encoding="utf-8")
    assert run("check", "scale", folder=tmp_path).returncode == 0
    assert states(tmp_path)["scale"] == "done"
    (tmp_path / "scale.py").write_text(RIGHT + "\n", encoding="utf-8")
    assert states(tmp_path)["scale"] == "open"


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command on this folder's files and the tiny course."""
    words = [*command, "--course", str(TINY), "--path", str(folder)]
    return subprocess.run([sys.executable, "-m", "autograder", *words], capture_output=True, text=True, cwd=folder)


def states(folder: Path) -> dict[str, str]:
    """Return exercise → state, from `list --json`."""
    return {item["name"]: item["state"] for item in json.loads(run("list", "--json", folder=folder).stdout)}
