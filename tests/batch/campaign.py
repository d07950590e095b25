"""Signals at random moments to the command, its graders, their zygotes and sandbox workers, each followed by a resume.

KILL, TERM, INT, HUP and STOP. After each the journal is read as it was left: no verdict that was in it may be lost or
changed. A command that is stopped is continued, as by Ctrl-Z and fg; a process below it stays stopped.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

import psutil

from autograder.course.catalog import Course
from benchmarks.classes import write_class
from tests.house.sources import ROOT

TINY = Course(Path(__file__).parents[1] / "tiny")
NAMES = ("scale", "mean_square")
_KINDS = ("grader", "sandbox's outer process", "zygote", "worker")
SIGNALS = ("KILL", "TERM", "INT", "HUP", "STOP")
_ENDS = {"KILL": -9, "TERM": -15, "INT": 130, "HUP": -1}
_HANGS = 300
_COMMAND = """
import sys
from autograder.batch import pool
from autograder.cli.main import main
pool.STOPPED = 3
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
Verdicts = dict[tuple[str, str], tuple[str, float, str]]


@dataclass
class Campaign:
    """Class in `folder`, and the number of kills of each kind of process while it was graded."""

    folder: Path
    submissions: int
    kills: int
    chance: random.Random = field(default_factory=lambda: random.Random("kills"))
    killed: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: Verdicts = field(default_factory=dict)
    below: set[psutil.Process] = field(default_factory=set)
    stopped: set[psutil.Process] = field(default_factory=set)
    faults: tuple[int, ...] = ()
    programs: int = 0
    idle: float = 0.0

    def run(self) -> None:
        """Run once without kills into whole/, and once with repeated kills into results/."""
        write_class(self.folder / "class", TINY, NAMES, self.submissions, own=0.9)
        assert self.start("whole").wait() == 1
        self.programs, began = len(self.verdicts("whole")), perf_counter()
        assert self.start("whole").wait() == 1
        self.idle = perf_counter() - began
        while self.killed.total() < self.kills:
            self._attack()
            found = self.verdicts("results")
            assert self.seen.items() <= found.items(), "a verdict was lost or changed"
            self.seen = found
        assert self.start("results").wait() == 1
        for each in self.stopped:  # a zygote that is stopped hears of its grader's end when it is continued
            with suppress(psutil.NoSuchProcess):
                each.resume()
        assert psutil.wait_procs(self.below, timeout=60)[1] == [], "somebody outlived the command"

    def start(self, results: str) -> subprocess.Popen[bytes]:
        """Start the command, which resumes an earlier run."""
        command = [sys.executable, "-c", _COMMAND, "grade", self.folder / "class", "-o", self.folder / results]
        command += ["--course", TINY.root, "--only", ",".join(NAMES), "--skip", "speed", "--jobs", "2"]
        environment = {**os.environ, "HANDGRAD_KEY": "kills", "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(list(map(str, command)), stdout=-3, env=environment, preexec_fn=_heed)

    def verdicts(self, results: str) -> Verdicts:
        """Return (hash of the text, exercise) → status, points and report, for all verdicts in the journal."""
        path = self.folder / results / "journal.sqlite"
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as sql:
            rows = sql.execute(
                "SELECT t.sha256, s.exercise, r.status, r.score, r.report FROM record r"
                " JOIN source t ON t.id = r.source JOIN suite s ON s.id = r.suite WHERE r.status <> 'broken'"
            ).fetchall()
            assert len({row[:2] for row in rows}) == len(rows), "a text has two verdicts"
            return {(text, exercise): tuple(rest) for text, exercise, *rest in rows}  # type: ignore[misc]
        return {}

    def _attack(self) -> None:
        """Start the command; send a signal to it, to a process below it, or to both. Only a signal may end it early."""
        process, self.faults = self.start("results"), ()
        try:
            hits = self.chance.choice([(self._command,), (self._someone,), (self._someone, self._command)])
            for hit in hits:
                if self.killed.total() < self.kills and self._wait(process):
                    hit(process)
            assert process.wait(_HANGS) in (1, *_ENDS.values(), *self.faults)
        finally:
            process.kill()
            process.wait()

    def _wait(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until a random moment: during start and reading, after some more verdicts, or while results are written.

        One kill in ten comes when all is graded; the others are spread over the verdicts.
        """
        left, missing = self.kills - self.killed.total() - self.kills // 10, self.programs - len(self.seen)
        seconds = self.chance.random() * self.idle
        if missing and self.chance.random() < 0.8:
            more = len(self.seen) + 1 + self.chance.randrange(1 + 2 * missing // max(left, 1))
            while process.poll() is None and len(self.verdicts("results")) < more:
                sleep(0.01)
            seconds /= 20
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return process.poll() is None

    def _command(self, process: subprocess.Popen[bytes]) -> None:
        """Send a signal to the command; stop it, with its graders or without, and continue it after a while."""
        below, name = self._look(process), self.chance.choice(SIGNALS)
        self.killed["command", name] += 1
        if name != "STOP":
            process.send_signal(getattr(signal, f"SIG{name}"))
            assert process.wait(_HANGS) in (_ENDS[name], 1, *self.faults)  # 1: it had just ended
            return
        graders = [each for each in below if not below[each]]
        group = [psutil.Process(process.pid), *(graders if self.chance.random() < 0.7 else [])]
        for action in (psutil.Process.suspend, psutil.Process.resume):
            for each in group:
                with suppress(psutil.NoSuchProcess):
                    action(each)
            sleep(self.chance.random())

    def _someone(self, process: subprocess.Popen[bytes]) -> None:
        """Send a signal to a grader, a zygote or a sandbox worker, if there is one."""
        below = self._look(process)
        if below:
            depth = self.chance.choice(sorted(set(below.values())))
            victim = self.chance.choice(sorted((each for each in below if below[each] == depth), key=lambda p: p.pid))
            name = self.chance.choice(SIGNALS)
            with suppress(psutil.NoSuchProcess):
                victim.send_signal(getattr(signal, f"SIG{name}"))
                self.killed[_KINDS[min(depth, len(_KINDS) - 1)], name] += 1
                self.stopped |= {victim} if name == "STOP" else set()
                self.faults = (3,)  # where the sandbox was being tried, nothing is graded

    def _look(self, process: subprocess.Popen[bytes]) -> dict[psutil.Process, int]:
        """Return the processes below the command, and its progress."""
        found: dict[psutil.Process, int] = {}
        with suppress(psutil.NoSuchProcess):
            for each in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess, ValueError):
                    if "resource_tracker" not in " ".join(each.cmdline()):  # Python's own; it comes back by itself
                        found[each] = [parent.pid for parent in each.parents()].index(process.pid)
        self.below |= set(found)
        return found


def _heed() -> None:
    """Let signals end the command, also where a shell's background ignores them."""
    for name in ("SIGINT", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
