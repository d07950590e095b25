"""Grade every right answer of a course once and print the ratios as JSON: a program, for another commit's engine too.

`python -P benchmarks/course_run.py COURSE SEED ALTERNATIVES EACH`; PYTHONPATH says whose engine it is.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from autograder.numeric.runtime import fix_runtime

_IMPORTS = "from autograder.spec import alternative", "from __future__ import annotations"
_STAND_IN = "def alternative(function, **options):\n    return lambda code: code\n"


def answers(course: Any, name: str, alternatives: bool, slow: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the title and the text of every right answer that must be fast. slow: and of all others."""
    yield "the solution", course.solution(name)
    file = course.folders[name] / "alternatives.py"
    code = file.read_text(encoding="utf-8") if alternatives and file.is_file() else ""
    for line in _IMPORTS:
        code = code.replace(line, "")
    for item in course.exercise(name).alternatives:
        if alternatives and (slow or item.fast is True):
            yield item.name, f"{course.solution(name)}\n{_STAND_IN}{code}\n{item.function} = {item.name}\n"


def cpu() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(root: str, seed: int, alternatives: bool, each: int) -> None:
    """Grade the course at `root`, every answer `each` times as another program, and print what was found."""
    fix_runtime()
    from autograder.course.catalog import Course
    from autograder.grading.grader import Answer, Grader
    from autograder.grading.pipeline import Options
    from autograder.sandbox.sandbox import Sandbox
    from autograder.sandbox.tiers import best

    course, found, count = Course(Path(root)), list[list[Any]](), 0
    begun = cpu()
    with Sandbox(best()) as sandbox:
        grader = Grader(sandbox, Options(key=f"run {seed}", reveal=True), seed=seed)
        for name in course.names:
            exercise = course.exercise(name)
            for (title, text), number in product(answers(course, name, alternatives), range(each)):
                program = Answer(f"{text}\nrun = {seed}, {number}\n", f"{title} {number}")
                report, count = grader.grade_answer(exercise, program), count + 1
                found += [[finding.function, title, finding.status, (finding.figures or {}).get("ratio"), report.status]
                          for finding in report.findings if finding.check == "speed"]  # fmt: skip
    print(json.dumps({"answers": count, "cpu": cpu() - begun, "found": found}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1", int(sys.argv[4]))
