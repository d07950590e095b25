"""Landlock alone, in a process without namespaces or filter, refuses what is not allowed."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from autograder.sandbox.inside import kernel
from tests.sandbox.hardened import ROOT

CODE = """
import ctypes, json, os, socket, sys
from autograder.sandbox.inside import kernel
allowed, place, port, name, parent = json.loads(sys.argv[1])
def tried(action):
    try:
        action()
        return "done"
    except OSError as error:
        return type(error).__name__
def connect(family, address):
    with socket.socket(family) as made:
        made.connect(address)
def bind():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
attempts = {
    "read the allowed": lambda: os.listdir(allowed),
    "write the allowed": lambda: open(os.path.join(allowed, "x"), "w"),
    "read": lambda: open("/etc/passwd"),
    "list": lambda: os.listdir("/"),
    "write": lambda: open(os.path.join(place, "x"), "w"),
    "truncate": lambda: os.truncate(os.path.join(place, "old"), 0),
    "link": lambda: os.link(os.path.join(place, "old"), os.path.join(place, "new")),
    "remove": lambda: os.unlink(os.path.join(place, "old")),
    "run": lambda: os.execv("/bin/true", ["true"]),
    "connect": lambda: connect(socket.AF_INET, ("127.0.0.1", port)),
    "bind": bind,
    "abstract socket": lambda: connect(socket.AF_UNIX, name),
    "signal": lambda: os.kill(parent, 0),
    "trace": lambda: open(f"/proc/{parent}/mem", "rb"),
}
confine = len(sys.argv) < 3
if confine:
    ruleset = kernel.landlock_ruleset([(allowed, kernel.READ_FILE | kernel.READ_DIR)])
    kernel.no_new_privileges()
    kernel.landlock_restrict(ruleset)
else:
    del attempts["run"]
print(json.dumps({what: tried(attempt) for what, attempt in attempts.items()}))
"""
# Since which version Landlock knows of it.
SINCE = {"truncate": 3, "connect": 4, "bind": 4, "abstract socket": 6, "signal": 6}


@pytest.fixture
def outside(tmp_path) -> Iterator[list[object]]:
    """Provide a file, a TCP socket, an abstract socket and a process as targets."""
    (tmp_path / "allowed").mkdir()
    (tmp_path / "old").write_text("x")
    name = f"\0handgrad-landlock-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(name)
        unix.listen()
        yield [str(tmp_path / "allowed"), str(tmp_path), tcp.getsockname()[1], name, os.getpid()]


def tried(outside: list[object], *options: str) -> dict[str, str]:
    command = [sys.executable, "-c", CODE, json.dumps(outside), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not (sys.platform == "linux" and kernel.landlock_version()), reason="no Landlock here")
def test_landlock_refuses_what_is_not_allowed(outside: list[object]) -> None:
    """Landlock refuses files, programs, TCP, and since version 6 sockets and signals; allowed files can be read."""
    found = tried(outside)
    assert found.pop("read the allowed") == "done"
    refused = {what for what in found if SINCE.get(what, 1) <= kernel.landlock_version()}
    assert {what: found[what] for what in refused} == dict.fromkeys(refused, "PermissionError")
    assert refused >= {"read", "write", "run"}


def test_without_landlock_all_of_it_is_possible(outside: list[object]) -> None:
    """Without Landlock each attempt succeeds (access to another process's memory requires rights)."""
    found = tried(outside, "unconfined")
    found.pop("trace")
    assert found == dict.fromkeys(found, "done")
