"""A zygote that is forked from the command runs code as one that is started does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes with NumPy are forked on Linux only")

LOOK = '''
import builtins, gc, os, random, signal, sys
import numpy as np

def look():
    def fails(name):
        try:
            __import__(name)
        except ImportError:
            return True
        return False
    return [
        ("environment", sorted(os.environ.items())), ("path", sys.path[-2:]), ("folder", os.getcwd()),
        ("finders", [finder.__name__ for finder in sys.meta_path]), ("arguments", sys.argv),
        ("names", sorted(set(dir(builtins)) - {"_"})), ("order", list({"forward", "backward", "loss", "step", "dx"})),
        ("no engine", fails("autograder") and fails("inside")), ("no packages", fails("rich") and fails("pytest")),
        ("bytecode", sys.dont_write_bytecode), ("locale", open(os.devnull).encoding.lower()),
        ("streams", [(each.encoding, each.errors) for each in (sys.stdin, sys.stdout, sys.stderr)]),
        ("descriptors", sorted(map(int, os.listdir("/proc/self/fd")))[:5]), ("read", sys.stdin.read()),
        ("drawn", [random.random(), float(np.random.rand())]), ("group", os.getpgid(0) == os.getpid()),
        ("own session", os.getsid(0) == os.getppid()), ("interrupt", str(signal.getsignal(signal.SIGINT))),
        ("collected", gc.isenabled()),
    ]
'''
RUN = """
import json, sys
from pathlib import Path
from autograder.sandbox import Sandbox
forked, look = sys.argv[1] == "forked", sys.argv[2]
with Sandbox("local", forked=forked) as sandbox, sandbox.session() as session:
    found = session.implementation("e", look).call("look", (), {}, names=(), seconds=5)
    command = Path(f"/proc/{sandbox._source.pid}/cmdline").read_bytes()
    print(json.dumps([command == Path("/proc/self/cmdline").read_bytes(), found.value]))
"""


def look(way: str, **environment: str) -> tuple[bool, dict[str, Any]]:
    """Return whether the zygote is a fork, and what its worker sees."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "HANDGRAD_KEY": "secret", **environment}
    command = [sys.executable, "-c", RUN, way, LOOK]
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    forked, found = json.loads(done.stdout)
    return forked, dict(found)


def test_code_sees_the_same():
    """Path, environment, names, streams, hashes and drawn numbers do not tell the two apart."""
    (forked, mine), (started, plain) = look("forked"), look("started")
    assert forked and not started
    assert mine == plain
    assert mine["no engine"] and mine["no packages"] and mine["own session"]


HASHED, ASCII = {"PYTHONHASHSEED": "7"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@pytest.mark.parametrize("settings", [HASHED, ASCII])
def test_nothing_is_forked_where_code_would_see_a_difference(settings: dict[str, str]):
    """With other hashes, or another encoding of files, a new interpreter is started."""
    forked, found = look("forked", **settings)
    assert not forked
    assert found["order"] == look("started")[1]["order"]


def test_a_check_has_fixed_hashes():
    """The command starts itself again with the hashes that its worker needs, once."""
    code = """
import os, sys
from autograder.numeric.runtime import restart_clean
restart_clean(hashed=True)
print(sys.flags.hash_randomization, os.environ["PYTHONHASHSEED"], sys.argv[1:])
"""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONHASHSEED"}
    command = [sys.executable, "-c", code, "check"]
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "0 0 ['check']\n", done.stderr
