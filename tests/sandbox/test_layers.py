"""The start-up proof detects every missing layer: each is removed from a copy of the code, which is then run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.errors import GraderFault
from autograder.sandbox import worker
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from tests.redteam import handin
from tests.sandbox.conftest import need
from tests.sandbox.hardened import ROOT

ENGINE = ROOT / "autograder"
BOTH = ("sealed", "guarded")
ONE = ("guarded",)  # the filter is the same in both

# What is taken out → where, the code there, what takes its place, and what the proof says then.
MISSING = {
    "system call filter": (BOTH, "confine", "kernel.install_filter(self._code)", "pass", "may make any system call"),
    "refusal of sockets": (ONE, "kernel", "exit exit_group", "socket socketpair exit exit_group", "a Unix socket"),
    "refusal of programs": (ONE, "kernel", "exit exit_group", "execve exit exit_group", "starts another program"),
    "refusal of signals": (ONE, "kernel", "exit exit_group", "kill exit exit_group", "student code signals"),
    "refusal of forks": (ONE, "kernel", "exit exit_group", "clone exit exit_group", "student code forks"),
    "refusal of limits": (ONE, "kernel", ", (2, EQ, 0, 0))", ")", "sets its own limits"),
    "refusal of objects": (ONE, "kernel", "exit exit_group", "msgget msgctl exit exit_group", "System V objects"),
    "refusal of key rings": (ONE, "kernel", "exit exit_group", "keyctl exit exit_group", "uses key rings"),
    "Landlock": (BOTH, "kernel", '_checked(_syscall(_LANDLOCK_RESTRICT, ruleset, 0), "', 'print("', "lists the root"),
    "Landlock's bounds": (ONE, "confine", "return [*(", 'return [("/", _READ), *(', "reads the grader's files"),
    "a root of its own": (("sealed",), "confine", "        build_root(seen)", "        pass", "sees which files"),
    "network namespace": (("sealed",), "confine", " | kernel.CLONE_NEWNET", "", r"shares a namespace \(net\)"),
    "namespace of objects": (("sealed",), "confine", "CLONE_NEWNS | kernel.CLONE_NEWIPC)", "CLONE_NEWNS)", r"\(ipc\)"),
    "process namespace": (("sealed",), "confine", "kernel.unshare(kernel.CLONE_NEWPID)", "pass", r"\(pid, not the"),
    "loss of capabilities": (("sealed",), "confine", "kernel.drop_capabilities()", "pass", "holds capabilities"),
    "change of user": (ONE, "confine", "become_nobody()\n        self._z", "pass\n        self._z", "with rights"),
    "limits": (BOTH, "confine", "        limit(self._limits)", "        pass", "more memory than allowed"),
    "limit on core files": (BOTH, "confine", "resource.RLIMIT_CORE: 0", "resource.RLIMIT_CORE: 1", "core file size 1"),
    "limit on files": (("sealed",), "confine", "_bound(name, value)", "name - 1 and _bound(name, value)", "a larger"),
    "limit on threads": (BOTH, "confine", "limit_threads(self._limits)", "pass", r"no limit \(processes"),
    "closing of descriptors": (BOTH, "zygote", "os.closerange(worker.REPLY + 1, _LAST)", "pass", "holds open files"),
}  # fmt: skip
CASES = [(name, tier) for name, found in MISSING.items() for tier in found[0]]


def take_out(inside: Path, name: str) -> str:
    """Remove a layer from a copy of the code and return the message that the proof must give."""
    _, module, code, instead, words = MISSING[name]
    path = inside / f"{module}.py"
    text = path.read_text(encoding="utf-8")
    assert code in text, f"{module} does not hold {code}: this layer is somewhere else now"
    path.write_text(text.replace(code, instead), encoding="utf-8")
    return words


@pytest.fixture
def without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Provide without(name): new zygotes run code without this layer; returns the message of the proof."""

    def run(name: str) -> str:
        shutil.copytree(ENGINE / "sandbox" / "inside", tmp_path / "inside")
        preload = tmp_path / "inside" / "preload.py"
        preload.write_text(re.sub(r'(STDLIB|NUMPY) = """[^"]*"""', r'\1 = "ctypes socket numpy"', preload.read_text()))
        monkeypatch.setattr(worker, "folders", lambda: [str(tmp_path), worker.packages()])
        return take_out(tmp_path / "inside", name)

    return run


@pytest.mark.parametrize(("name", "tier"), CASES, ids=[f"{t}-{n}" for n, t in CASES])
def test_a_missing_layer_is_named(name: str, tier: str, without: Callable[[str], str]) -> None:
    """The proof of a sandbox without a layer fails and says what student code could do."""
    need(tier)
    if name == "change of user" and os.getuid():
        pytest.skip("only root changes its user")
    words = without(name)
    with Sandbox(tier) as broken, pytest.raises(GraderFault, match=words):
        selftest(broken)


@pytest.mark.parametrize("tier", BOTH)
def test_a_secret_in_the_environment_is_seen(tier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment variable of any name, except the grader's settings, fails the proof."""
    need(tier)
    plain = worker.environment()
    monkeypatch.setattr(worker, "environment", lambda: {**plain, "AWS": "1", "SSH_AUTH_SOCK": "2"})
    with Sandbox(tier) as broken, pytest.raises(GraderFault, match="sees 2 of the grader's environment var"):
        selftest(broken)


@pytest.mark.skipif(os.cpu_count() == 1, reason="NumPy takes no second thread on one core")
def test_a_second_thread_of_numpy_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second thread of NumPy fails the proof, because it changes the last bits of results."""
    plain = worker.environment()
    monkeypatch.setattr(worker, "environment", lambda: {**plain, "OPENBLAS_NUM_THREADS": "4"})
    with Sandbox("guarded") as broken, pytest.raises(GraderFault, match=r"runs more threads than one \(\d+ threads\)"):
        selftest(broken)


def test_output_without_end_must_be_ended() -> None:
    """The proof fails where printing is not limited."""
    limits, words = Limits(log=1 << 40, call_seconds=0.05), "that should be ended by output ends as"
    with Sandbox("guarded", limits) as broken, pytest.raises(GraderFault, match=words):
        selftest(broken)


@pytest.mark.parametrize(("name", "tier"), [CASES[0], CASES[1]])
def test_a_missing_layer_stops_the_batch(name: str, tier: str, tmp_path: Path) -> None:
    """A missing layer stops the batch with code 3 and the reason before any submission is graded."""
    need(tier)
    shutil.copytree(ENGINE, tmp_path / "autograder")
    words = take_out(tmp_path / "autograder" / "sandbox" / "inside", name)
    (tmp_path / "class").mkdir()
    handin.folder(tmp_path / "class", handin.RIGHT.encode())
    command = [sys.executable, "-m", "autograder", "grade", "class", "-o", "out"]
    options = ["--course", ROOT / "tests" / "tiny", "--only", "scale", "--tier", tier, "--official"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "HANDGRAD_KEY": "k"}
    done = subprocess.run(
        [*command, *options], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, "Traceback" in done.stderr) == (3, False), done.stderr
    assert f"the {tier} sandbox does not hold: student code {words}" in done.stderr
    assert "Nothing is graded here. `handgrad doctor` says what this machine can do." in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir() if "journal" not in path.name] == []
