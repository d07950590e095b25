"""The runtime that times are measured in: the same whatever the process inherited, or else nothing is timed."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from autograder.checks import CHECKS
from autograder.checks.trial import Trial
from autograder.checks.variant import Variant
from autograder.errors import GraderFault
from autograder.grading.grader import Answer, Grader
from autograder.grading.pipeline import Options
from autograder.numeric.runtime import ONE_THREAD, keep_memory
from autograder.report.report import Finding
from autograder.sandbox import worker
from autograder.sandbox.inprocess import InProcess
from autograder.sandbox.sandbox import Sandbox
from tests.house.sources import ROOT, modules

linux = pytest.mark.skipif(sys.platform != "linux", reason="glibc's malloc")
THREADS = dict.fromkeys(ONE_THREAD, "2")
MALLOC = {"MALLOC_TRIM_THRESHOLD_": "65536", "MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_PERTURB_": "85",
          "MALLOC_MMAP_MAX_": "1000000", "MALLOC_TOP_PAD_": "0"}  # fmt: skip
OTHERS = {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "AVX2", "NUMPY_MADVISE_HUGEPAGE": "0"}
REASON = "NumPy was imported before, and its BLAS may use several threads."

# What is timed, and by whom: each of these prepares a process in which NumPy is imported afterwards, or was before.
DOORS = {
    "command": "from autograder.cli.main import main; main(['list', '--course', 'tests/tiny'])",
    "sandbox": "from autograder.sandbox.sandbox import Sandbox; Sandbox('local').close()",
    "stopwatch": "from autograder.numeric.stopwatch import timed; timed(int)",
    "benchmarks": "from benchmarks.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass",
}
LOOK = """
import ctypes, json, os, resource
import numpy as np
blas = ctypes.CDLL(np.linalg._umath_linalg.__file__)
count = next((getattr(blas, name) for name in ("scipy_openblas_get_num_threads64_", "openblas_get_num_threads")
              if hasattr(blas, name)), lambda: 1)
def fill(rounds):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(rounds):
        np.empty(1 << 20, np.uint8)[::4096] = 1
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
fill(2)
print(json.dumps([count(), fill(10), dict(os.environ)]))
"""


def run(code, **environ):
    """The last line that a new Python prints, read as JSON."""
    kept = {name: value for name, value in os.environ.items() if name not in ONE_THREAD}
    done = subprocess.run([sys.executable, "-c", code], env=kept | environ, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@linux
@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_settings_from_outside_do_not_reach_what_is_timed(door):
    """Whatever times calls has one BLAS thread, and memory that is freed costs no new pages.

    Before NumPy is imported every variable is set, not defaulted; what chooses other instructions is removed.
    """
    threads, faults, environ = run(door + LOOK, **THREADS, **MALLOC, **OTHERS)
    assert (1, True) == (threads, faults < 256)  # of 2560 pages that are written to
    assert environ.items() >= ONE_THREAD.items()
    assert environ.keys().isdisjoint(OTHERS)


@linux
def test_a_blas_that_is_loaded_already_is_told():
    """As in a Dask worker, a notebook or a script that has imported NumPy before."""
    threads, faults, _ = run(f"import numpy\n{DOORS['sandbox']}{LOOK}", **THREADS, **MALLOC)
    assert (1, True) == (threads, faults < 256)


AT_START = {
    "GLIBC_TUNABLES": "glibc.malloc.trim_threshold=65536", "LD_PRELOAD": "libm.so.6", "LD_AUDIT": "no-such-library",
    "PYTHONMALLOC": "malloc", "PYTHONTRACEMALLOC": "1", "PYTHONDEVMODE": "1",
}  # fmt: skip


@linux
@pytest.mark.parametrize("name", AT_START)
def test_what_is_read_at_the_start_is_named_and_nothing_is_timed(name):
    """It stays in effect when the variable is removed; a process of somebody else's, as a Dask worker, is refused."""
    code = f"import json, os\ndel os.environ[{name!r}]\nfrom autograder.numeric.runtime import fix_runtime\n"
    found = run(f"{code}print(json.dumps(fix_runtime()))", **{name: AT_START[name]})
    assert found == f"{name} was set when this process started. Start it without."


@linux
def test_the_command_line_starts_itself_again_without_it():
    """Then everything is timed as always; a variable that is set again at every start ends in words, not in a loop."""
    code = """
import json, os, sys
from autograder.cli.main import main
from autograder.numeric.runtime import fix_runtime
sys.argv = ["handgrad", "list", "--course", "tests/tiny"]
main()
print(json.dumps([fix_runtime(), sorted(os.environ)]))
"""
    reason, environ = run(code, **AT_START)
    assert reason == "" and set(AT_START).isdisjoint(environ)
    reason, _ = run(code, LD_PRELOAD="libm.so.6", HANDGRAD_RESTARTED="1")
    assert reason.startswith("LD_PRELOAD was set when this process started.")


@linux
def test_without_the_repair_they_do():
    """The settings that these tests use have an effect where the runtime is not fixed."""
    threads, faults, _ = run(LOOK, **THREADS, **MALLOC)
    assert faults >= 2560
    assert threads == min(2, len(os.sched_getaffinity(0))) or threads == 1


def test_a_worker_has_the_same():
    """One thread by every variable, and the threshold that this process has."""
    given = worker.environment()
    assert given.items() >= ONE_THREAD.items()
    assert {given["MALLOC_TRIM_THRESHOLD_"], given["MALLOC_MMAP_THRESHOLD_"]} == {str(keep_memory() or 1 << 28)}


def test_the_process_of_a_notebook_has_the_same(monkeypatch):
    """It is started with them, for it imports NumPy before anything else."""
    from autograder.frontends.notebook import checking

    started = []

    def start(*_, env, **__):
        started.append(env)
        raise OSError

    monkeypatch.setattr(checking.subprocess, "Popen", start)
    monkeypatch.setattr(os, "environ", {**os.environ, **THREADS})
    with pytest.raises(OSError):
        checking.Service().ask({})
    assert started[0].items() >= ONE_THREAD.items()


REFUSALS = {
    "a BLAS that takes no number": ("runtime._SETTERS = ()", {}, f"{REASON} Set first: OPENBLAS_NUM_THREADS=1 "),
    "the same, set before": ("runtime._SETTERS = ()", ONE_THREAD, ""),
    "other instructions": ("", {"NPY_DISABLE_CPU_FEATURES": "AVX2"},
                           "NPY_DISABLE_CPU_FEATURES was set when NumPy was imported. Unset it first."),
    "a C library that refuses": ("runtime._KEPT = ()", {}, "the C library refuses to keep freed memory (mallopt)."),
}  # fmt: skip


@linux
@pytest.mark.parametrize(("change", "environ", "expected"), REFUSALS.values(), ids=REFUSALS)
def test_where_it_cannot_be_fixed_the_reason_is_said(change, environ, expected):
    """It is said again whenever anybody asks, also when the environment has been set meanwhile."""
    code = f"import json, numpy\nfrom autograder.numeric import runtime\n{change}\nfirst = runtime.fix_runtime()\n"
    first, second = run(f"{code}print(json.dumps([first, runtime.fix_runtime()]))", **environ)
    assert first == second
    assert first.startswith(expected) and bool(first) == bool(expected)


@pytest.mark.parametrize(
    ("most", "kept"), [(1 << 30, 1 << 28), (1 << 25, 1 << 25), (0, None)], ids=["new glibc", "old glibc", "refusal"]
)
def test_the_threshold_is_one_that_the_c_library_accepts(monkeypatch, most, kept):
    """glibc before 2.35 accepts at most 32 MiB for the size from which memory is mapped."""
    calls = []

    def mallopt(parameter, value):
        calls.append(parameter)
        return int(parameter != -3 or value <= most)

    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(mallopt=mallopt))
    assert kept == keep_memory.__wrapped__()
    assert {-1, -2, -3, -4, -6} == set(calls)


def test_another_c_library_has_no_thresholds(monkeypatch):
    """musl and macOS have no mallopt, and read no variable either."""
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    assert 0 == keep_memory.__wrapped__()


@pytest.fixture
def refused(monkeypatch):
    """A process in which nothing can be timed."""
    for module in ("sandbox.inprocess", "sandbox.sandbox", "release.recording"):
        monkeypatch.setattr(f"autograder.{module}.fix_runtime", lambda: REASON)


def test_feedback_says_that_a_function_is_not_timed(refused, tiny):
    """Speed is skipped with the reason; nothing is called slow, and all else is judged."""
    exercise = tiny.exercise("scale")
    passed = (Finding("values", "scale_forward", "passed", "out", 2, 2),)
    right = InProcess({"scale_forward": exercise.functions[0].oracle})
    (finding,) = CHECKS["speed"](Trial(Variant(exercise, 7), right), passed)
    assert ("skipped", 0.5) == (finding.status, finding.max_score)
    assert f"scale_forward is not timed: {REASON}" == finding.message


def test_feedback_says_that_a_training_is_not_timed(monkeypatch):
    """As for functions; the accuracy is judged."""
    from tests.engine_training.test_time import Slow, timed

    monkeypatch.setattr(Slow, "timing_fault", lambda self: REASON)
    finding = timed(200)
    assert ("skipped", f"train is not timed: {REASON}") == (finding.status, finding.message)


def test_a_grade_is_not_given_without_its_speed(refused, tiny):
    """A confined sandbox grades: there the answer is broken, with the reason, and graded again elsewhere."""
    exercise, answer = tiny.exercise("scale"), Answer(tiny.solution("scale"), "identity")
    with Sandbox("local") as local:
        feedback = Grader(local, Options()).grade_answer(exercise, answer)
        assert ("skipped", 8.0) == (feedback.status, feedback.score)  # all but the half point for speed
        local.tier = "guarded"
        graded = Grader(local, Options()).grade_answer(exercise, answer)
        assert "broken" == graded.status and f"nothing can be timed here: {REASON}" in graded.findings[0].message
        untimed = Grader(local, Options(skip=frozenset({"speed"})))
        assert "passed" == untimed.grade_answer(exercise, answer).status


def test_a_release_is_not_recorded_without_its_times(refused, tiny):
    """The reference's times are a part of the record."""
    from autograder.release.recording import record_exercise

    with pytest.raises(GraderFault, match=f"scale cannot be recorded: {REASON}"):
        record_exercise(tiny.exercise("scale"), 1)


def test_all_times_come_from_the_stopwatch():
    """Which fixes the runtime first. A worker's process, and the wire to it, have theirs from the environment."""
    timers = [name for name, path in modules("autograder").items() if "thread_time(" in path.read_text("utf-8")
              or "process_time(" in path.read_text("utf-8")]  # fmt: skip
    assert ["autograder.numeric.stopwatch", "autograder.sandbox.inside.worker"] == sorted(timers)


def test_the_variables_are_listed_once():
    """What sets a number of threads takes the names from here."""
    ours = modules("autograder") | modules("benchmarks")
    found = [name for name, path in ours.items() if "OPENBLAS_NUM_THREADS" in path.read_text("utf-8")]
    assert ["autograder.numeric.runtime"] == found
