"""Commands of handgrad as processes that start quickly: forked from one that has imported what all of them need, and
looked at the machine, the engine's own files and its templates.

Each run has its own process, environment, working folder and output, as a shell gives it; the zygotes of its sandboxes
are handed on to the next one. It reads, grades and audits in a thread, unless it is asked for processes of its own.
What a start itself does, such as the restart without settings of the C library, is tested with interpreters that are
started for it.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.house.sources import ROOT

SERVER = """
import json, os, pickle, pkgutil, sys
from autograder.numeric.runtime import fix_runtime
fix_runtime()
import concurrent.futures
from concurrent.futures import ThreadPoolExecutor
import numpy, numpy.random, jinja2, rich.console, rich.progress, sqlite3
import autograder
from tests import zygotes
for module in pkgutil.walk_packages(autograder.__path__, "autograder."):
    if not module.name.startswith(("autograder.frontends", "autograder.sandbox.inside", "autograder.__main__")):
        __import__(module.name)
for name in ("overview.html", "sheet.html.j2", "panel.html.j2", "summary.md.j2"):
    autograder.render.html.feedback.template(name)
autograder.sandbox.tiers.probe()
autograder.grading.suite.engine()
autograder.report.engine.source_hash()
main = autograder.cli.main.main

if __name__ == "__main__":
    for line in sys.stdin:
        asked = json.loads(line)
        told, tell = os.pipe()
        if not (pid := os.fork()):
            os.chdir(asked["folder"])
            os.environ.clear()
            os.environ.update(asked["environment"])
            for stream, name, way in ((0, os.devnull, os.O_RDONLY), (1, "out", os.O_WRONLY), (2, "err", os.O_WRONLY)):
                os.dup2(os.open(asked.get(name, name), way), stream)
            sys.argv = ["handgrad", *asked["words"]]
            zygotes.keep()
            if not asked["processes"]:
                autograder.batch.pool.WorkerPool = lambda jobs: ThreadPoolExecutor(1)
                concurrent.futures.ProcessPoolExecutor = lambda jobs, mp_context: ThreadPoolExecutor(1)
            try:
                code = main(asked["words"])
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            sys.stdout.flush()
            sys.stderr.flush()
            autograder.batch.worker.forget_batch()
            os.write(tell, pickle.dumps(zygotes.waiting()))
            os._exit(int(code))
        os.close(tell)
        with open(told, "rb") as file:
            left = file.read()
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
        zygotes.take_back(pickle.loads(left) if left else [])
    zygotes.end_all()
"""


@cache
def _server() -> subprocess.Popen[str]:
    return start(SERVER)


def start(text: str) -> subprocess.Popen[str]:
    """Start a process that runs SERVER, or SERVER with more before its last block, until this process ends."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HANDGRAD")}
    started = subprocess.Popen(
        [sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    atexit.register(started.communicate)  # which closes its standard input, and so ends it
    return started


def run(
    *words: str | Path, cwd: Path | None = None, processes: bool = False, **environment: str | None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; the variables are added to those of this process, and those that are None left out.

    processes: start those that read, grade and audit, as the command does for a user.
    """
    named = {**os.environ, "COLUMNS": "100", **environment}
    variables = {name: value for name, value in named.items() if value is not None}
    return ask(_server(), list(map(str, words)), cwd or Path.cwd(), variables, processes)


def ask(
    server: subprocess.Popen[str], words: list[str], folder: Path, environment: dict[str, str], processes: bool = False
) -> subprocess.CompletedProcess[str]:
    """Let a process that runs SERVER run a command with this environment."""
    with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
        line = {"words": words, "folder": str(folder), "environment": environment, "out": out.name, "err": err.name,
                "processes": processes}  # fmt: skip
        assert server.stdin is not None and server.stdout is not None
        print(json.dumps(line), file=server.stdin, flush=True)
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(words, code, out.read(), err.read())
