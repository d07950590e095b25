"""`handgrad doctor` and `grade --official` report what this machine can do, and the repair of what it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.cli.doctor import doctor_lines as doctor
from autograder.render.page import Page, plain
from autograder.sandbox.doctor import Health, Machine, repair, repairs
from autograder.sandbox.selftest import LAYERS
from autograder.sandbox.tiers import Layer, TierReport, best
from tests.cli import forked
from tests.redteam import handin
from tests.sandbox.hardened import ROOT

HARDENED = ("harden",)
NO_LANDLOCK = (*HARDENED, "landlock_create_ruleset")
MAIN = """
from tests.sandbox import hardened
_main = main

def main(words):  # on a machine of which nothing is known yet, with zygotes of its own
    before, words[:] = words[:words.index("--")], words[words.index("--") + 1:]
    autograder.sandbox.sandbox.Sandbox._start, autograder.sandbox.sandbox.Sandbox.close = zygotes._start, zygotes._close
    autograder.sandbox.tiers.probe_results.cache_clear()
    if before:
        hardened.harden(*before[1:])
    return _main(words)

if __name__"""


@cache
def _server() -> subprocess.Popen[str]:
    return forked.start(MAIN.join(forked.SERVER.split("\nif __name__", 1)))


def run(*words: str | Path, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """Run a handgrad command in a forked process and return its output. before: "harden" and names of system calls to
    refuse, which the process applies to itself first."""
    asked = [*before, "--", *map(str, words)]
    return forked.ask(_server(), asked, ROOT, {**os.environ, "COLUMNS": "100"}, processes=True)


@pytest.fixture
def students(tmp_path: Path) -> Path:
    (tmp_path / "class").mkdir()
    handin.folder(tmp_path / "class", handin.RIGHT.encode())
    return tmp_path / "class"


def grade(students: Path, *words: str, before: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    options = ("--course", ROOT / "tests" / "tiny", "--only", "scale", "--skip", "speed", "--jobs", "1")
    return run("grade", students, "-o", students.parent / "out", *options, *words, before=before)


@pytest.mark.skipif(sys.platform != "linux", reason="sandboxes need Linux")
def test_a_healthy_machine() -> None:
    """The doctor names the official tier and every layer of every tier, with exit code 0."""
    done = run("doctor", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["official"]) == (0, next(t["name"] for t in told["tiers"] if t["available"]))
    names = [[layer["name"] for layer in tier["layers"]] for tier in told["tiers"]]
    assert sorted(names[0] or names[1] + ["see"]) == sorted(name for group in LAYERS.values() for name in group)
    assert all(layer["holds"] for tier in told["tiers"] for layer in tier["layers"])


def test_without_namespaces_the_guarded_tier_is_found_and_the_repair_is_said() -> None:
    """Without namespaces the guarded tier gives official grades, and the repair of the sealed tier is shown."""
    done = run("doctor", before=HARDENED)
    assert done.returncode == 0, done.stderr
    assert "✘ sealed" in done.stdout and "unshare: Operation not permitted." in done.stdout
    assert "docker run --security-opt seccomp=unconfined" in done.stdout
    assert "Official grades: yes, in the guarded tier." in done.stdout


def test_without_a_sandbox_there_is_no_official_grade(students: Path) -> None:
    """Without a sandbox official grading is refused with a repair (codes 2 and 1); feedback remains possible."""
    refused = grade(students, "--official", before=NO_LANDLOCK)
    assert refused.returncode == 2 and not (students.parent / "out").exists()
    assert "this machine has no sandbox, and an official grade needs one." in refused.stderr
    assert "The kernel offers no Landlock, or a container hides it. Repair: boot Linux 5.13" in refused.stderr
    told = run("doctor", before=NO_LANDLOCK)
    assert told.returncode == 1 and "Official grades: no. This machine gives feedback only." in told.stdout
    done = grade(students, before=NO_LANDLOCK)
    assert done.returncode == 0 and "this is feedback, not a grade" in done.stderr
    assert json.loads((students.parent / "out" / "reports" / "student.json").read_text())["tier"] == "local"


def test_a_tier_that_is_not_here_is_refused_by_name(students: Path) -> None:
    """A tier that is not available is refused with its reason, and no weaker tier replaces it."""
    done = grade(students, "--tier", "sealed", before=HARDENED)
    assert done.returncode == 2 and "the sealed tier cannot be had here: [Errno 1] unshare" in done.stderr


def test_the_local_tier_by_name_is_no_grade_where_there_is_a_sandbox(students: Path) -> None:
    """An official grade in the local tier is refused; the repair is to leave the option out."""
    done = grade(students, "--official", "--tier", "local", before=HARDENED)
    assert done.returncode == 2
    assert "--tier local is no sandbox, and an official grade needs one. Leave --tier out: guarded" in done.stderr


@pytest.mark.parametrize("before", [HARDENED, ()], ids=["guarded", "best"])
def test_official_grades_name_their_tier(
    before: tuple[str, ...], students: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record holds the tier."""
    monkeypatch.setenv("HANDGRAD_KEY", "key")
    done = grade(students, "--official", before=before)
    assert done.returncode == 0, done.stderr
    tier = json.loads((students.parent / "out" / "reports" / "student.json").read_text())["tier"]
    assert tier == "guarded" if before else tier in ("sealed", "guarded")


LINUX = Machine(libseccomp="2.5.4", landlock=4)
FORBIDDEN = "unshare: Operation not permitted"


@pytest.mark.parametrize(
    ("machine", "tier", "why", "words"),
    [
        (Machine("Darwin"), "guarded", "it needs Linux", "Darwin has no sandbox. Repair: grade on Linux, in a virtual"),
        (Machine("Linux"), "guarded", "libseccomp.so.2: cannot open", "Repair: apt-get install libseccomp2"),
        (Machine(libseccomp="2.5.4"), "guarded", "needed", "The kernel offers no Landlock"),
        (Machine(libseccomp="2.5.4", landlock=2), "guarded", "Landlock 3 is needed", "Repair: use Linux 6.2 or newer."),
        (LINUX, "guarded", "the filter is made for x86_64 and aarch64", "Repair: grade on x86-64 or aarch64."),
        (LINUX, "sealed", "root may not become another user here", "docker run --cap-add SETUID --cap-add SETGID"),
        (
            Machine(libseccomp="2", landlock=4, settings={"kernel.apparmor_restrict_unprivileged_userns": "1"}),
            "sealed", FORBIDDEN, "Repair: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        (
            Machine(libseccomp="2", landlock=4, settings={"kernel.unprivileged_userns_clone": "0"}),
            "sealed", FORBIDDEN, "Repair: sudo sysctl -w kernel.unprivileged_userns_clone=1",
        ),
        (
            Machine(libseccomp="2", landlock=4, settings={"user.max_user_namespaces": "0"}),
            "sealed", FORBIDDEN, "Repair: sudo sysctl -w user.max_user_namespaces=15000",
        ),
        (Machine(libseccomp="2", landlock=4, container=True), "sealed", FORBIDDEN, "Repair: docker run --security-opt"),
        (LINUX, "sealed", "strange", "strange. Repair: see `handgrad doctor --json`."),
    ],
)  # fmt: skip
def test_every_obstacle_has_a_repair(machine: Machine, tier: str, why: str, words: str) -> None:
    """A repair states the fact and one line to type or to do."""
    assert words in str(repair(machine, TierReport(tier, False, why)))


def test_a_repair_is_said_once() -> None:
    """A repair that two tiers share is given once; available tiers need none."""
    reports = [TierReport(tier, False, "no") for tier in ("sealed", "guarded")]
    assert len(repairs(Machine(), [*reports, TierReport("local", True)])) == 1


def test_a_layer_that_does_not_hold_is_told_in_words() -> None:
    """A broken layer is reported in any encoding, and prevents official grades."""
    tiers = (TierReport("sealed", True, "", (Layer("tcp", "opens a TCP socket"), Layer("udp"))),)
    health = Health(Machine(), (*tiers, TierReport("local", True)), (), 1)
    text = "\n".join(map(plain, doctor(health, LAYERS, Page(80, "ascii"))))
    assert "x sealed" in text and "network     x tcp  + udp" in text and "student code opens a TCP socket" in text
    assert health.official is None and "The best tier here does not hold; nothing is graded." in text


PROOF = """
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.tiers import best
from autograder.sandbox.selftest import selftest
with Sandbox() as s:
    selftest(s)
print(best())
"""
PATHS = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{Path(np.__file__).parents[1]}"}


@pytest.fixture(scope="module")
def python() -> str:
    """Return an interpreter that others than root can start, which one below /root is not."""
    for found in (sys.executable, "/usr/bin/python3"):
        command = [found, "-c", "import numpy, autograder"]
        with suppress(OSError):
            if not subprocess.run(command, env=PATHS, capture_output=True, **SOMEBODY).returncode:
                return found
    if os.environ.get("CI"):
        pytest.fail("no Python here can be started by another user than root")
    pytest.skip("no Python here can be started by another user than root")


SOMEBODY: dict[str, Any] = {"user": 12345, "group": 12345, "extra_groups": []} if os.getuid() == 0 else {}


def test_somebody_without_rights_has_the_best_sandbox(python: str) -> None:
    """The best sandbox needs no rights of root."""
    done = subprocess.run([python, "-c", PROOF], env=PATHS, capture_output=True, text=True, timeout=60, **SOMEBODY)
    assert done.stdout.strip() == best(), done.stderr


@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv, of util-linux, is not here")
@pytest.mark.skipif(os.getuid() != 0, reason="only root can give up what it has")
@pytest.mark.parametrize("lost", ["sys_admin", "all"])
def test_root_in_a_container(lost: str, python: str) -> None:
    """Without CAP_SYS_ADMIN root becomes nobody before it makes namespaces; else no student code runs as root."""
    command = ["setpriv", f"--bounding-set=-{lost}", f"--inh-caps=-{lost}", python, "-c", PROOF]
    done = subprocess.run(command, env=PATHS, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == ("local" if lost == "all" else best()), done.stderr
