"""No file, page or command that a student reads holds a seed of hidden inputs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.checks.variant import Variant
from autograder.course.catalog import Course
from autograder.grading.feedback import SEEDS
from autograder.grading.grader import Answer, Grader
from autograder.grading.pipeline import VARIANTS, Options, exercise_key, seed_from, seed_of, variant_code, without
from autograder.report.json import from_dict
from autograder.sandbox.sandbox import Sandbox
from tests.firewall.test_renderers import RENDERERS

TINY = Path(__file__).parents[1] / "tiny"
KEY = "a key that no student knows"
WRONG = (
    "import numpy as np\ndef scale_forward(x, w):\n    return x + w\ndef scale_backward(dout, x, w):\n    return x\n"
)

pytestmark = pytest.mark.slow


def seeds(exercise: str) -> set[int]:
    """The seeds of all papers of an exercise."""
    found = {seed_of(KEY, exercise, f"{number:064x}") for number in range(100 * VARIANTS)}
    assert len(found) == VARIANTS
    return found


def spellings(exercise: str) -> set[str]:
    """Each seed in the ways that a number is written in; its leading digits, where a float would cut it."""
    return {words for seed in seeds(exercise) for words in (str(seed)[:15], f"{seed:x}", f"{seed:X}")}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of one, graded with a key."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "in" / "ann").mkdir(parents=True)
    (folder / "in" / "ann" / "scale.py").write_text(WRONG, encoding="utf-8")
    words = ["grade", folder / "in", "-o", folder / "out", "--only", "scale", "--skip", "speed", "--course", TINY]
    command = [sys.executable, "-m", "autograder", *map(str, words)]
    assert subprocess.run(command, env={"HANDGRAD_KEY": KEY}, capture_output=True).returncode == 1
    return folder / "out"


def test_only_the_journal_holds_the_seed(results: Path) -> None:
    """Every other file of the results is free of it, in whichever spelling."""
    words = [word.encode() for word in spellings("scale")]
    files = [path for path in results.rglob("*") if path.is_file()]
    holders = {path.name.partition("-")[0] for path in files if any(word in path.read_bytes() for word in words)}
    assert holders == {"journal.sqlite"} and len(files) >= 7


@pytest.mark.parametrize("name", [name for name in RENDERERS if name != "replay"])
def test_no_renderer_shows_a_seed(results: Path, name: str) -> None:
    """The graded report through each of them; `explain`, which only an instructor can run, is the exception."""
    report = from_dict(json.loads((results / "reports" / "ann.json").read_text(encoding="utf-8")))
    assert report.exercises[0].variant
    rendered = RENDERERS[name][0](report)
    assert not [words for words in spellings("scale") if words in rendered]


def test_two_programs_on_one_paper_bear_two_codes() -> None:
    """So a code does not say who met the same inputs."""
    key = exercise_key(KEY, "scale")
    first, second = (f"{number:064x}" for number in _twins(key))
    assert seed_from(key, first) == seed_from(key, second)
    assert variant_code(key, first) != variant_code(key, second)


def _twins(key: str) -> tuple[int, int]:
    same = [number for number in range(1, 1000) if seed_from(key, f"{number:064x}") == seed_from(key, "0" * 64)]
    return same[0], same[1]


TABLE = """
import numpy as np
TABLE = {table!r}
def look(*arrays):
    return TABLE[" ".join("%.9g" % float(np.ravel(a)[0]) for a in arrays)]
def scale_forward(x, w):
    return np.array(look(x, w))
def scale_backward(dout, x, w):
    return tuple(np.array(part) for part in look(dout, x, w))
"""


@pytest.mark.parametrize(("known", "score"), [(SEEDS, 0.0), (None, 8.0)], ids=["shown variants", "the graded variant"])
def test_a_table_of_all_that_is_told_earns_nothing(
    tiny: Course, known: tuple[int, ...] | None, score: float
) -> None:
    """Shown inputs may be known to anybody: their right answers, handed in as a table, are none of the graded ones. A
    table of the graded ones would earn everything, if anybody could draw them."""
    exercise = without(tiny.exercise("scale"), {"speed"})
    identity = f"{0:064x}"
    drawn = seed_of(KEY, "scale", identity)
    table = {}
    for seed in known or (drawn,):
        variant = Variant(exercise, seed)
        for function in exercise.functions:
            for case in function.cases:
                for call in variant.calls(function, case):
                    key = " ".join(f"{float(np.ravel(call.inputs[name])[0]):.9g}" for name in function.positional)
                    values = [np.asarray(value).tolist() for value in call.expected.values()]
                    table[key] = values if len(values) > 1 else values[0]
    with Sandbox() as sandbox:
        grader = Grader(sandbox, Options(KEY, frozenset({"speed"})))
        graded = grader.grade_answer(exercise, Answer(TABLE.format(table=table), identity))
    assert graded.score == score
