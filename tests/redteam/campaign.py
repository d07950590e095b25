"""Grade thousands of submissions in one grader, every other one hostile, and say what it holds afterwards.

`python -m tests.redteam.campaign --runs 10000` takes some 20 minutes on two idle cores; --tier guarded forbids
namespaces. It fails where a verdict is not the table's, where something is left behind, or where an answer costs the
grader more memory or CPU time than is stated here.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.report.json import from_dict
from tests.redteam import handin
from tests.redteam.grader import Grader
from tests.redteam.table import BACKWARD, CASES, FORWARD, SQUARE, Case
from tests.redteam.traces import left_behind, traces

MIB = 1 << 20
PEAK = 48 * MIB
"""Memory that one submission may cost the grader above what it held before, and all of them together when they are
done. The largest is an archive, whose members of up to 256 KiB and whose directory are read."""
CPU = 5.0
"""CPU seconds of the grader itself for one submission."""
SLOW, RARELY = 0.4, 40
"""A case that takes this long, in seconds, is graded in one of so many rounds: it waits for a limit of time."""


@dataclass
class Tally:
    """What was seen so far."""

    wrong: list[str] = field(default_factory=list)
    undeserved: int = 0
    lost: int = 0
    peaks: dict[str, int] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)


def cases(slow: dict[str, float]) -> Iterator[Case]:
    """All cases, round after round. slow: what each took at last, in seconds."""
    number = 0
    while True:
        for place, case in enumerate(case for case in CASES if not case.timed):
            if number == 0 or slow.get(case.name, 0.0) < SLOW or (number + place) % RARELY == 0:
                yield case
        number += 1


def memory(pid: int, name: str) -> int:
    """A field of /proc/PID/status, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(f"{name}:"))


def grade(grader: Grader, case: Case, folder: Path, tally: Tally) -> None:
    """Grade one submission and count what it earned and cost."""
    pid = grader.process.pid
    Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
    held, times, begun = memory(pid, "VmRSS"), grader.process.cpu_times(), time.perf_counter()
    report = from_dict(grader.grade(folder))
    after = grader.process.cpu_times()
    used = after.user + after.system - times.user - times.system
    tally.wall[case.name] = max(tally.wall.get(case.name, 0.0), time.perf_counter() - begun)
    tally.cpu[case.name] = max(tally.cpu.get(case.name, 0.0), used)
    tally.peaks[case.name] = max(tally.peaks.get(case.name, 0), memory(pid, "VmHWM") - held)
    tally.undeserved += report.score > case.honest
    tally.lost += report.score < case.honest
    if report.score != case.honest:
        tally.wrong.append(f"{case.name}: {report.score} of {case.honest} deserved points")
    if tally.peaks[case.name] > PEAK or tally.cpu[case.name] > CPU:
        tally.wrong.append(f"{case.name}: {tally.peaks[case.name] >> 20} MiB, {tally.cpu[case.name]:.1f} s")


def run(runs: int, tier: str, root: Path) -> int:
    """Grade, print the figures, and return the exit code."""
    folders = {case.name: _folder(case.name, root) for case in CASES}
    right, tally, begun = CASES[0], Tally(), time.perf_counter()
    with Grader(hardened=tier == "guarded") as grader:
        for name in ("honest", "f_string", "zeros", "long_elif"):  # starts all that is kept
            grader.grade(folders[name])
        before, held = traces(grader.process), memory(grader.process.pid, "VmRSS")
        order = cases(tally.wall)
        for number in range(runs):
            case = right if number % 2 else next(order)
            grade(grader, case, folders[case.name], tally)
        after, grown = traces(grader.process), memory(grader.process.pid, "VmRSS") - held
        found = {name: (before[name], after[name]) for name in left_behind(_counted(before), _counted(after))}
        _print(tally, runs, grader.tier, time.perf_counter() - begun, grown)
        print(f"held afterwards: {({name: _count(value) for name, value in after.items()})}")
    problems = [*dict.fromkeys(tally.wrong), *(f"left behind, {name}: {told}" for name, told in found.items())]
    problems += [f"the grader has grown by {grown >> 20} MiB"] if grown > PEAK else []
    print("\n".join(problems) or "every bound held")
    return bool(problems)


def _folder(name: str, root: Path) -> Path:
    (root / name).mkdir()
    return handin.hand_in(name, root / name)


def _counted(found: dict[str, object]) -> dict[str, object]:
    """Numbers in the place of process ids: the zygote and the process that reads texts may be others by now."""
    processes, descriptors = found["processes"], found["descriptors"]
    assert isinstance(processes, list) and isinstance(descriptors, dict)
    counts = dict(enumerate(sorted(descriptors.values())))
    return found | {"processes": list(range(len(processes))), "descriptors": counts}


def _count(value: object) -> object:
    return len(value) if isinstance(value, list) else sum(value.values()) if isinstance(value, dict) else value


def _print(tally: Tally, runs: int, tier: str, seconds: float, grown: int) -> None:
    """The figures of a run."""
    print(f"{runs} submissions, {tier}, {len(tally.peaks)} cases, {seconds:.0f} s")
    print(f"undeserved points: {tally.undeserved}; honest points lost: {tally.lost}")
    for words, told, unit, scale in (
        ("peak memory", tally.peaks, "MiB", MIB), ("CPU time", tally.cpu, "s", 1), ("wall time", tally.wall, "s", 1),
    ):  # fmt: skip
        most = sorted(told.items(), key=lambda pair: -pair[1])[:4]
        print(f"{words} of the grader, most: {', '.join(f'{n} {v / scale:.1f} {unit}' for n, v in most)}")
    print(f"stated: {PEAK >> 20} MiB and {CPU:g} s of CPU time for each submission, {PEAK >> 20} MiB for all of them")
    print(f"grown by {grown / MIB:.1f} MiB in all")


def main() -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--tier", choices=("sealed", "guarded"), default="sealed")
    told = parser.parse_args()
    root = Path(tempfile.mkdtemp())
    try:
        return run(told.runs, told.tier, root)
    finally:
        shutil.rmtree(root)


assert FORWARD + BACKWARD + SQUARE == CASES[0].honest

if __name__ == "__main__":
    sys.exit(main())
