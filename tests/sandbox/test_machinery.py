"""Faults, recycling, tiers and the self-test of the sandbox, and workers without a zygote."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from autograder.errors import GraderFault
from autograder.implementation import Returned, Stopped
from autograder.numeric.stopwatch import one_core
from autograder.sandbox import exchange, tiers
from autograder.sandbox import sandbox as module
from autograder.sandbox.inside.frame import FrameKind
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.selftest import selftest
from autograder.sandbox.session import SandboxImplementation
from autograder.sandbox.tiers import best, probe
from tests.sandbox.conftest import have_ended

LOOP = "def f():\n    while True:\n        pass\n"
TOO_LONG = Stopped("time", "more than 0.3 s of CPU time in all")
SOURCE = "import numpy as np\ndef f(x):\n    return x + 1\ndef die():\n    import os\n    os._exit(3)\n"


def works(implementation: SandboxImplementation) -> bool:
    outcome = implementation.call("f", (1,), {}, names=("x",), seconds=1)
    return isinstance(outcome, Returned) and outcome.value == 2


def zygotes() -> set[int]:
    return {process.pid for process in psutil.Process().children()}


def test_a_dead_zygote_is_replaced_and_nobody_notices(sandbox: Sandbox) -> None:
    """A call that finds its zygote ended is repeated in a fresh worker of a fresh zygote."""
    with sandbox.session() as first, sandbox.session() as second:
        implementations = [session.implementation("e", SOURCE) for session in (first, second)]
        assert all(map(works, implementations))
        before = sandbox._source.pid
        family = psutil.Process(before).children(recursive=True)
        os.kill(before, signal.SIGKILL)
        assert have_ended(family, 5)
        assert all(map(works, implementations)) and all(map(works, implementations))
        replaced = sandbox._source.pid
        assert replaced != before and first.ended_workers == second.ended_workers == 0
        assert works(implementations[0]) and sandbox._source.pid == replaced


def test_a_worker_whose_whole_life_was_too_long_has_used_its_time(sandbox: Sandbox) -> None:
    """A worker whose calls together exceed its CPU time is ended."""
    with Sandbox(sandbox.tier, Limits(worker_cpu=0.3)) as short, short.session() as session:
        assert session.implementation("e", LOOP).call("f", (), {}, names=(), seconds=9) == TOO_LONG


def test_a_worker_that_the_kernel_ends_for_its_time_has_used_it(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that the kernel kills at its CPU limit is charged with the time."""
    monkeypatch.setattr(exchange, "cpu_time", lambda pid: 0.0)
    with Sandbox(sandbox.tier, Limits(worker_cpu=0.3, kernel_cpu=1)) as short, short.session() as session:
        assert session.implementation("e", LOOP).call("f", (), {}, names=(), seconds=20) == TOO_LONG


def test_a_worker_that_is_killed_while_it_holds_most_of_its_memory_took_it(sandbox: Sandbox) -> None:
    """A worker that is killed while it holds most of its memory is charged with it, and the batch continues."""
    source = f"{SOURCE}def take():\n    global kept\n    kept = bytearray(b'x') * (300 << 20)\n"
    with Sandbox(sandbox.tier, Limits(address_space=1 << 29)) as small, small.session() as session:
        implementation = session.implementation("e", source)
        assert isinstance(implementation.call("take", (), {}, names=(), seconds=5), Returned)
        os.kill(session.pid or 0, signal.SIGKILL)
        ended = implementation.call("f", (1,), {}, names=("x",), seconds=1)
        assert isinstance(ended, Stopped) and ended.reason == "memory"
        assert works(implementation) and session.ended_workers == 1


def test_the_kernel_would_end_a_worker_before_the_grader(sandbox: Sandbox) -> None:
    """The kernel kills a worker before other processes when memory runs out."""
    worker = sandbox.new_worker()
    assert Path(f"/proc/{worker.pid}/oom_score_adj").read_text().strip() == "1000"
    worker.kill()


def test_a_worker_that_somebody_kills_is_a_fault(sandbox: Sandbox) -> None:
    """A confined worker that is killed from outside raises GraderFault, after one repeated call."""
    with sandbox.session() as session:
        implementation = session.implementation("e", SOURCE)
        assert works(implementation)
        os.kill(session.pid or 0, signal.SIGKILL)
        assert works(implementation) and session.ended_workers == 0
        worker = sandbox.new_worker()
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(GraderFault, match="killed from outside; did the machine run out of memory"):
            worker.ask(FrameKind.DESCRIBE, b"", 1, 1 << 16)


def test_unconfined_code_may_end_itself_by_any_signal(local: Sandbox) -> None:
    """Unconfined code that ends itself by a signal is a crash."""
    with local.session() as session:
        implementation = session.implementation("e", "import os\ndef f():\n    os.kill(os.getpid(), 9)\n")
        ended = implementation.call("f", (), {}, names=(), seconds=1)
    assert ended == Stopped("crash", "the process was ended by SIGKILL")


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="cores cannot be chosen here")
def test_a_worker_runs_on_its_grader_s_core_while_it_is_timed(sandbox: Sandbox) -> None:
    """A worker runs on its grader's core while it is timed, else wherever the grader may run."""
    with sandbox.session() as session:
        implementation = session.implementation("e", SOURCE)
        assert works(implementation)
        worker = psutil.Process(sandbox._source.pid).children(recursive=True)[-1]
        everywhere = os.sched_getaffinity(0)
        assert os.sched_getaffinity(worker.pid) == everywhere
        with one_core():
            assert works(implementation)
            assert os.sched_getaffinity(worker.pid) == os.sched_getaffinity(0)
        assert works(implementation)
        assert os.sched_getaffinity(worker.pid) == everywhere


def test_a_zygote_is_recycled(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A zygote is replaced after RECYCLE workers, and open sessions continue."""
    with sandbox.session() as session:
        implementation = session.implementation("e", SOURCE)
        assert works(implementation)
        before = sandbox._source.pid
        monkeypatch.setattr(module, "RECYCLE", 1)
        sandbox.new_worker().kill()
        assert sandbox._source.pid != before
        monkeypatch.undo()
        assert works(implementation) and session.ended_workers == 0


def test_closing_leaves_no_process(sandbox: Sandbox) -> None:
    """Closing a sandbox leaves no process, even if a worker loops."""
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    with Sandbox(sandbox.tier) as short:
        worker = psutil.Process(short.new_worker().pid)
        assert worker.is_running()
    psutil.wait_procs([worker], timeout=5)
    assert not worker.is_running()
    assert {process.pid for process in psutil.Process().children(recursive=True)} == before


def test_a_zygote_that_cannot_start_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zygote that cannot start raises GraderFault with its output, after a second attempt."""
    from autograder.sandbox import worker

    monkeypatch.setattr(worker, "_BOOT", "raise SystemExit('{folders} no luck {config}'[-40:])")
    with Sandbox("local") as broken, broken.session() as session, pytest.raises(GraderFault, match="the zygote ended"):
        session.implementation("e", SOURCE).describe("f")


def test_the_worker_holds_five_descriptors(sandbox: Sandbox) -> None:
    """A worker holds input, log, log, request and reply, and no descriptor of the grader or the zygote."""
    source = "import os\ndef f():\n    return [fd for fd in range(200) if held(fd)]\n"
    source += (
        "def held(fd):\n    try:\n        os.fstat(fd)\n    except OSError:\n        return False\n    return True\n"
    )
    with sandbox.session() as session:
        outcome = session.implementation("e", source).call("f", (), {}, names=(), seconds=1)
        assert isinstance(outcome, Returned) and outcome.value == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("sandbox", ["sealed"], indirect=True)
def test_the_sealed_worker_sees_only_python_and_numpy(sandbox: Sandbox) -> None:
    """A sealed worker sees only Python and NumPy, and is the first process of its namespace."""
    outside = ["/etc", "/proc", "/sys", "/home", "/usr/bin", "/bin", "/dev/urandom", str(Path(pytest.__file__).parent)]
    source = "import os, numpy\ndef f(paths):\n    mine = [os.__file__, numpy.__file__, '/dev/null', '/tmp']\n"
    source += "    seen = [path for path in paths if os.path.exists(path)]\n"
    source += "    return seen, all(map(os.path.exists, mine)), os.getpid(), os.getuid() != 0\n"
    with sandbox.session() as session:
        outcome = session.implementation("e", source).call("f", (outside,), {}, names=(), seconds=1)
    assert isinstance(outcome, Returned) and outcome.value == ([], True, 1, True)


def test_the_best_tier_is_the_first_available() -> None:
    """The best tier is the first available one, and local is always available."""
    reports = probe()
    assert [report.name for report in reports] == ["sealed", "guarded", "local"]
    assert best() == next(report.name for report in reports if report.available)
    assert all(report.available or report.why for report in reports)


@pytest.mark.parametrize("ends", [-9, -15, -1, None], ids=["KILL", "TERM", "HUP", "no end"])
def test_a_probe_that_is_killed_says_nothing_of_the_machine(monkeypatch: pytest.MonkeyPatch, ends: int | None) -> None:
    """It is tried again; the second time nothing is graded, where an answer would else run unconfined."""
    right, ended = subprocess.run, [ends]

    def run(*args: Any, **options: Any) -> subprocess.CompletedProcess[bytes]:
        if not ended:
            return right(*args, **options)
        code = ended.pop()
        if code is None:
            raise subprocess.TimeoutExpired("probe", 20)
        return subprocess.CompletedProcess([], code, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)
    looked = tiers.probe_results.__wrapped__
    assert looked() == tiers.probe_results()
    ended += [ends, ends]
    with pytest.raises(GraderFault, match=r"it is unknown which sandboxes this machine has: .*, twice"):
        looked()


def test_an_unknown_tier_is_refused() -> None:
    """An unknown tier is refused with the names of the tiers."""
    with pytest.raises(ValueError, match="there is no tier 'docker'; the tiers are 'sealed', 'guarded' and 'local'"):
        Sandbox("docker")


def test_the_selftest_passes_here(sandbox: Sandbox) -> None:
    """The self-test passes in every confined tier."""
    selftest(sandbox)


def test_the_selftest_names_the_layers_that_are_missing() -> None:
    """The self-test names the layers that a sandbox lacks."""
    with Sandbox("local") as pretender:
        selftest(pretender)
        pretender.tier = "sealed"
        words = r"any system call.*reads the grader's files.*UDP.*forks, starts.*signals the grader.*grader's memory"
        with pytest.raises(GraderFault, match=words):
            selftest(pretender)


def test_the_selftest_finds_a_memory_limit_that_does_not_hold(sandbox: Sandbox) -> None:
    """The self-test detects a memory limit that is not set."""
    with Sandbox(sandbox.tier, Limits(address_space=1 << 40)) as wide:
        object.__setattr__(wide.limits, "address_space", 1 << 28)
        with pytest.raises(GraderFault, match=r"address space 1099511627776\).*takes more memory than allowed"):
            selftest(wide)


@pytest.fixture
def spawning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Provide a sandbox as on a system where processes must not be forked."""
    monkeypatch.setattr(module, "can_fork", lambda: False)


def test_workers_without_a_zygote_answer_alike(spawning: None) -> None:
    """Workers without a zygote return values, and are replaced after a crash."""
    before = zygotes()
    with Sandbox("local") as spawned, spawned.session() as session:
        implementation = session.implementation("e", f"print('hello')\n{SOURCE}")
        big = np.arange(1 << 17, dtype=float)
        outcome = implementation.call("f", (big,), {}, names=("x",), seconds=1, expected=big.nbytes)
        assert isinstance(outcome, Returned) and np.array_equal(outcome.value, big + 1) and outcome.cpu > 0
        ended = implementation.call("die", (), {}, names=(), seconds=1)
        assert isinstance(ended, Stopped) and ended.reason == "crash"
        assert works(implementation) and session.ended_workers == 1
    assert zygotes() == before


def test_workers_without_a_zygote_are_ended_too(spawning: None) -> None:
    """Workers without a zygote are ended by wall time and by the amount they print."""

    class Short(Limits):
        def wall(self, seconds: float) -> float:
            return 10 * seconds

    source = "def loop():\n    while True:\n        pass\ndef shout():\n    while True:\n        print('x' * 1000)\n"
    with Sandbox("local", Short()) as spawned, spawned.session() as session:
        implementation = session.implementation("e", source)
        reasons = []
        for function, seconds in (("loop", 0.02), ("shout", 1)):
            outcome = implementation.call(function, (), {}, names=(), seconds=seconds)
            assert isinstance(outcome, Stopped)
            reasons.append(outcome.reason)
        assert reasons == ["time", "output"]


def test_confined_tiers_are_refused_where_they_cannot_be(spawning: None) -> None:
    """A confined tier that is not available is refused."""
    with pytest.raises(GraderFault, match="the sealed sandbox needs Linux"):
        Sandbox("sealed")
