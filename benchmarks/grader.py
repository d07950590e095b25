"""One grading process, to be measured from outside: `python -m benchmarks.grader FOLDER COUNT TIER [SKIP ...]`.

It grades from submissions on disk to records and feedback on disk. The sandbox is closed before the process ends, so
that the CPU time of the zygote and of all workers is counted.
"""

from __future__ import annotations

import sys
from pathlib import Path

from autograder.sandbox.sandbox import Sandbox


def main(folder: Path, count: int, tier: str, skip: frozenset[str]) -> None:
    """Grade the first `count` submissions of `folder`; SystemExit where a right one does not pass."""
    with Sandbox(tier) as sandbox:  # its process starts while this one imports numpy
        from autograder.batch.results import ClassTerms, write_student
        from autograder.grading.grader import Grader
        from autograder.grading.pipeline import Options
        from autograder.submission.folder import read_submission
        from benchmarks.answers import COURSE, TEN

        exercises = COURSE.exercises(TEN)
        asked = {name: COURSE.functions[name] for name in TEN}
        grader = Grader(sandbox, Options(skip=skip))
        for path in sorted(folder.iterdir())[:count]:
            report = grader.grade(read_submission(path, asked), exercises)
            if report.status not in ("passed", "slow"):
                raise SystemExit(f"{path.name} is right and was graded {report.status}")
            write_student(folder.parent / f"results_{tier}", report, ClassTerms(TEN))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], frozenset(sys.argv[4:]))
