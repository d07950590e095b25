"""Submissions as they arrive: under changed names, packed, copied, damaged. Each class is listed, read and graded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.course.catalog import Course
from autograder.grading.grader import Grader
from autograder.grading.pipeline import Options
from autograder.report.report import Report
from autograder.sandbox import Sandbox
from autograder.submission.folder import find_submissions, read_submission
from tests.submission.papers import notebook, text, zipped

RELU = """\
import numpy as np

def relu_forward(x):
    return np.maximum(x, 0.0)

def relu_backward(dout, x):
    return dout * (x > 0)
"""
SIGMOID = """\
import numpy as np

def sigmoid_forward(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))

def sigmoid_backward(dout, x):
    out = sigmoid_forward(x)
    return dout * out * (1 - out)
"""
STUB = RELU.replace("return np.maximum(x, 0.0)", "raise NotImplementedError").replace(
    "return dout * (x > 0)", "raise NotImplementedError"
)
WRONG = RELU.replace("np.maximum(x, 0.0)", "x")
BACKWARD = "import numpy as np\n\ndef relu_backward(dout, x):\n    return dout * (x > 0)\n"
FORWARD = "def relu_forward(x):\n    return np.maximum(x, 0.0)\n"
USES = RELU.replace("import numpy as np", "import numpy as np\nfrom utils import positive").replace(
    "np.maximum(x, 0.0)", "positive(x)"
)
UTILS = "import numpy as np\n\n\ndef positive(x):\n    return np.maximum(x, 0.0)\n"
TQDM = RELU.replace("import numpy as np", "import numpy as np\nfrom tqdm{} import {}").replace(
    "return np.maximum(x, 0.0)",
    "out = x.copy()\n    for row in {}(range(len(x)), desc='relu'):\n"
    "        out[row] = np.maximum(x[row], 0.0)\n    return out",
)
PLOT = RELU.replace("import numpy as np", "import numpy as np\nimport matplotlib.pyplot as plt").replace(
    "    return np.maximum", "{}\n    return np.maximum"
)


def raw(source: str) -> dict[str, object]:
    """Return a raw cell."""
    return {"cell_type": "raw", "metadata": {}, "source": source}


FULL, HALF, NONE = 1.0, 0.5, 0.0


@dataclass(frozen=True)
class Case:
    """One student's hand-in, what it earns in each exercise as a share, and a word that the feedback must say."""

    files: dict[str, str | bytes]
    relu: float | None = FULL
    sigmoid: float | None = None
    said: str = ""


CASES: dict[str, dict[str, Case]] = {
    "v02 a copy beside the untouched notebook": {
        "copy-of": Case({"02_layers.ipynb": notebook(STUB), "Copy of 02_layers.ipynb": notebook(RELU)}),
        "copy1": Case({"02_layers.ipynb": notebook(STUB), "02_layers-Copy1.ipynb": notebook(RELU)}),
        "browser": Case({"02_layers.ipynb": notebook(STUB), "02_layers (1).ipynb": notebook(RELU)}),
        "same-twice": Case({"02_layers.ipynb": notebook(RELU), "02_layers (1).ipynb": notebook(RELU)}, said="same"),
        "own name": Case({"02_layers.ipynb": notebook(STUB), "doe_v2.ipynb": notebook(RELU)}),
        "grown": Case(
            {"a.ipynb": notebook(RELU, "x = 1"), "b.ipynb": notebook(RELU, SIGMOID)}, FULL, FULL, said="same",
        ),
        "half in each": Case({"a.ipynb": notebook(RELU), "b.ipynb": notebook(SIGMOID)},
                             FULL, FULL),
        "two-answers": Case({"02_layers.ipynb": notebook(RELU), "02_layers (1).ipynb": notebook(WRONG)}, NONE,
                            said="more than one"),
        "forward only": Case({"02_layers.ipynb": notebook(STUB), "n.ipynb": notebook(FORWARD, RELU)}),
    },
    "v03 names with something added": {
        "student-id": Case({"relu_s123.py": RELU, "sigmoid_s123.py": SIGMOID}, FULL, FULL),
        "beside-stub": Case({"relu.py": STUB, "relu (1).py": RELU, "sigmoid.py": SIGMOID}, FULL, FULL),
        "browser": Case({"relu (1).py": RELU, "sigmoid (2).py": SIGMOID}, FULL, FULL),
        "copy": Case({"relu copy.py": RELU, "sigmoid.py": SIGMOID}, FULL, FULL),
        "unit-file": Case({"02_layers.py": RELU + SIGMOID, "plots_of_mine.py": "TITLE = 'loss'\n"}, FULL, FULL),
        "case": Case({"ReLU.py": RELU, "Sigmoid.PY": SIGMOID}, FULL, FULL),
        "version": Case({"relu_v2.py": RELU, "final_sigmoid.py": SIGMOID}, FULL, FULL),
        "exact wins": Case({"relu.py": RELU, "relu (1).py": WRONG}, FULL, said="relu.py counts; relu (1).py defines"),
        "two versions": Case({"relu_v1.py": WRONG, "relu_v2.py": RELU}, NONE, said="more than one"),
        "swapped": Case({"relu.py": SIGMOID, "sigmoid.py": RELU}, FULL, FULL),
        "damaged name": Case({"r\\xe9lu.py": RELU, "s.py": SIGMOID}, FULL, FULL),
        "stub alone": Case({"relu (1).py": STUB, "sigmoid.py": SIGMOID}, NONE, FULL),
        "given code stays where it is": Case({"sigmoid.py": SIGMOID + RELU}, NONE, FULL),
    },
    "v04 endings added": {
        "py-txt": Case({"relu.py.txt": RELU}, said="relu.py.txt"),
        "ipynb-txt": Case({"02_layers.ipynb.txt": notebook(RELU)}, said="02_layers.ipynb.txt"),
        "ipynb-json": Case({"02_layers.ipynb.json": notebook(RELU)}, said="02_layers.ipynb.json"),
        "py-html": Case({"relu.py.html": RELU}, said="relu.py.html"),
        "twice": Case({"relu.py.py": RELU}),
        "two notebooks": Case({"a.ipynb.txt": notebook(RELU), "b.ipynb": notebook(SIGMOID)}, FULL, FULL),
    },
    "v06 modules beside": {
        "py": Case({"relu.py": USES, "utils.py": UTILS}),
        "notebook": Case({"02_layers.ipynb": notebook(USES), "utils.py": UTILS}),
        "live-passes": Case({"02_layers.ipynb": notebook("from my_layers import *"), "my_layers.py": RELU}),
        "package": Case({"relu.py": USES.replace("utils", "own.tools"), "own/__init__.py": "", "own/tools.py": UTILS}),
        "relative": Case({
            "relu.py": USES.replace("utils", "own"), "own/__init__.py": "from .a import positive\n",
            "own/a.py": "from . import b\npositive = b.positive\n", "own/b.py": UTILS,
        }),
        "zip": Case({"hw.zip": zipped(("hw/relu.py", USES), ("hw/utils.py", UTILS))}),
        "chain": Case({"relu.py": USES, "utils.py": "import deeper\npositive = deeper.positive\n", "deeper.py": UTILS}),
        "inside a function": Case({"relu.py": RELU.replace("return np.max", "import utils\n    return np.max"),
                                   "utils.py": UTILS}),
        "at the top": Case({"code/relu.py": USES, "utils.py": UTILS}),
        "another exercise": Case({"relu.py": "from sigmoid import relu_forward, relu_backward\n",
                                  "sigmoid.py": SIGMOID + RELU}, FULL, FULL),
        "gone": Case({"relu.py": USES}, HALF, said="utils"),
        "broken": Case({"relu.py": USES, "utils.py": "def positive(x:\n"}, HALF),
        "named like the library": Case({"relu.py": RELU, "numpy.py": "raise SystemExit\n"}),
    },
    "v10 code in a text cell": {
        "markdown": Case({"02_layers.ipynb": notebook(BACKWARD, text(FORWARD))}, HALF, said="Markdown"),
        "raw": Case({"02_layers.ipynb": notebook(BACKWARD, raw(FORWARD))}, HALF, said="raw"),
        "fenced": Case({"02_layers.ipynb": notebook(BACKWARD, text(f"Mine:\n```python\n{FORWARD}```"))}, HALF,
                       said="Markdown"),
        "both": Case({"02_layers.ipynb": notebook(RELU, text(FORWARD))}, FULL),
    },
    "v11 a merge that was not finished": {
        "inside": Case({"relu.py": RELU.replace("    return np", "<<<<<<< HEAD\n    return np").replace(
            "0.0)\n", "0.0)\n=======\n    return x\n>>>>>>> main\n")}, HALF, said="line 4"),
        "cell": Case({"n.ipynb": notebook(BACKWARD, FORWARD.replace("    return", "<<<<<<< HEAD\n    return").replace(
            "0.0)\n", "0.0)\n=======\n    return x\n>>>>>>> main\n"))}, HALF, said="cell 2, line 2"),
        "notebook": Case({"n.ipynb": notebook(RELU).replace(b', "metadata"', b',\n<<<<<<< HEAD\n "metadata"', 1)}, NONE,
                         said="merge"),
    },
    "v12 a progress bar or a plot": {
        "tqdm": Case({"relu.py": TQDM.format("", "tqdm", "tqdm")}),
        "auto": Case({"relu.py": TQDM.format(".auto", "tqdm as bar", "bar")}),
        "notebook": Case({"relu.py": TQDM.format(".notebook", "tqdm", "tqdm")}),
        "trange": Case({"relu.py": TQDM.format("", "trange", "trange").replace("(range(len(x))", "(len(x)")}),
        "plot": Case({"relu.py": PLOT.format("    plt.plot(np.ravel(x))\n    plt.show()")}),
        "subplots": Case({"relu.py": PLOT.format(
            "    fig, (a, b) = plt.subplots(1, 2)\n    a.hist(x.ravel())\n    line, = b.plot(x.ravel())\n"
            "    counts, edges, bars = plt.hist(x.ravel())\n    with plt.style.context('x'):\n"
            "        fig.savefig('y')")}),
        "grid": Case({"relu.py": PLOT.format(
            "    fig, axes = plt.subplots(2, 2)\n    for ax in axes.flat:\n        ax.imshow(x)\n"
            "    axes[0, 1].set(title='t')")}),
        "display": Case({"relu.py": "from IPython.display import display\n" + RELU.replace(
            "    return np.m", "    display(x)\n    return np.m")}),
        "in a module": Case({"relu.py": USES, "utils.py": "from tqdm import tqdm\n" + UTILS}),
        "no library for numbers": Case({"relu.py": RELU.replace("np.maximum(x, 0.0)", "torch.relu(x)").replace(
            "import numpy", "import torch\nimport numpy")}, HALF, said="torch"),
    },
    "v17 a result under the function's name": {
        "alice": Case({"n.ipynb": notebook(RELU, "x = np.ones(2)\nrelu_forward = relu_forward(x)")}, HALF,
                      said="cell 2, line 2"),
        "file": Case({"relu.py": RELU + "\nrelu_forward = relu_forward(np.ones(2))\n"}, HALF, said="line 9"),
        "vectorized": Case({"relu.py": RELU + "\nrelu_forward = np.vectorize(relu_forward)\n"}),
    },
    "v18 the same file twice": {
        "same": Case({"a/relu.py": RELU, "b/relu.py": RELU}, said="same"),
        "same-notebook": Case({"a/02_layers.ipynb": notebook(RELU), "b/02_layers.ipynb": notebook(RELU)}),
        "line ends": Case({"a/relu.py": RELU, "b/relu.py": RELU.replace("\n", "\r\n")}),
        "different": Case({"a/relu.py": RELU, "b/relu.py": WRONG}, NONE, said="more than once"),
        "in an archive": Case({"relu.py": RELU, "relu.zip": zipped(("relu.py", RELU))}),
    },
    "encodings": {
        "utf-16": Case({"relu.py": RELU.encode("utf-16")}, said="UTF-16"),
        "utf-16 notebook": Case({"n.ipynb": notebook(RELU).decode().encode("utf-16")}),
        "mark": Case({"relu.py": b"\xef\xbb\xbf" + RELU.encode()}),
        "line ends": Case({"relu.py": RELU.replace("\n", "\r\n")}),
        "latin": Case({"relu.py": ("# für\n" + RELU).encode("latin-1")}, NONE, said="not UTF-8"),
    },
    "archives": {
        "zip in zip": Case({"hw.zip": zipped(("inner.zip", zipped(("relu.py", RELU))))}),
        "three deep": Case({"a.zip": zipped(("b.zip", zipped(("c.zip", zipped(("relu.py", RELU))))))}),
        "too deep": Case({"a.zip": zipped(("b.zip", zipped(("c.zip", zipped(("d.zip", zipped(("relu.py", RELU))))))))},
                         NONE, said="archive"),
        "mac": Case({"hw.zip": zipped(("hw/relu.py", RELU), ("__MACOSX/hw/._relu.py", b"\0\5\26\7"))}),
        "rar": Case({"relu.rar": b"Rar!", "sigmoid.py": SIGMOID}, NONE, FULL, said="relu.rar"),
        "7z": Case({"relu.7z": b"7z"}, NONE, said="relu.7z"),
        "document": Case({"relu.docx": b"PK", "sigmoid.py": SIGMOID}, NONE, FULL, said="relu.docx"),
    },
    "other content under the right name": {
        "notebook in .py": Case({"relu.py": notebook(RELU)}, NONE, said="is a notebook"),
        "code in .ipynb": Case({"02_layers.ipynb": RELU}, NONE, said="Python code"),
        "web page": Case({"relu.py": "<!DOCTYPE html>\n<html></html>"}, NONE, said="web page"),
        "page in .ipynb": Case({"n.ipynb": "<html></html>"}, NONE, said="web page"),
        "pdf": Case({"relu.py": b"%PDF-1.7"}, NONE, said="PDF"),
        "archive": Case({"relu.py": zipped(("relu.py", RELU))}, NONE, said="archive"),
        "empty": Case({"relu.py": ""}, NONE),
    },
    "syntax": {
        "newer": Case({"relu.py": RELU + "\ntype Matrix = list[float]\n"}, FULL),
        "generic": Case({"relu.py": RELU.replace("relu_forward(x)", "relu_forward[T](x: T)")}, HALF, said="3.12"),
        "quotes": Case({"relu.py": RELU.replace("return np.m", "print(f'{x['a']}')\n    return np.m")}, HALF,
                       said="3.12"),
        "damaged line": Case({"relu.py": RELU.replace("np.maximum(x, 0.0)", "np.maximum(x, 0.0")}, HALF, said="line 4"),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def grade() -> Iterator[Callable[[Path], dict[str, Report]]]:
    """Grade a class as the command does, in the local tier and without speed."""
    course = Course(Path(__file__).parents[2])
    exercises = [course.exercise(name) for name in ("relu", "sigmoid")]
    with Sandbox("local") as sandbox:
        grader = Grader(sandbox, Options(skip=frozenset({"speed"})))

        def run(root: Path) -> dict[str, Report]:
            read = [read_submission(entry, course.functions) for entry in find_submissions(root)]
            return {each.student: grader.grade(each, exercises) for each in read}

        yield run


def write(root: Path, files: dict[str, str | bytes]) -> Path:
    """Write the files below a folder."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


def words(report: Report) -> str:
    """Return all that the feedback says."""
    found = [finding for exercise in report.exercises for finding in exercise.findings]
    places = [f"cell {each.cell}, line {each.line}" if each.cell else f"line {each.line}" for each in found]
    return "\n".join([*report.notes, *(exercise.why or "" for exercise in report.exercises), *places,
                      *(each.message for each in found)])  # fmt: skip


IDS = [(kind, student) for kind, cases in CASES.items() for student in cases]


@pytest.mark.parametrize(("kind", "student"), IDS, ids=[f"{kind}: {student}" for kind, student in IDS])
def test_a_hand_in_gets_what_its_code_deserves(
    tmp_path: Path, grade: Callable[[Path], dict[str, Report]], kind: str, student: str
) -> None:
    """Each case earns its share of each exercise, and the feedback names what was done about its form."""
    case = CASES[kind][student]
    write(tmp_path / "class" / student, case.files)
    (report,) = grade(tmp_path / "class").values()
    shares = {each.name: each.score / each.max_score for each in report.exercises}
    for name, expected in (("relu", case.relu), ("sigmoid", case.sigmoid)):
        if expected is not None:
            share = shares[name]
            assert (0.3 < share < 0.7) if expected == HALF else share == expected, words(report)
    assert case.said in words(report)


@dataclass(frozen=True)
class Room:
    """Files of a class, the shares of relu and sigmoid that each student earns, and words of the feedback."""

    files: dict[str, str | bytes]
    shares: dict[str, tuple[float, float]]
    said: dict[str, str] = field(default_factory=dict)


RECEIPT = "Name: Jane Doe ({})\nAssignment: Lab 1\n"
METADATA = """\
---
submission_90001:
  :submitters:
  - :name: Jane Doe
    :sid: "S1"
    :email: jane@uni.example
  :created_at: 2026-11-01 10:00:00.000000000 Z
submission_90002:
  :submitters:
  - :name: Max Muster
    :sid: "S2"
    :email: max@uni.example
  - :name: Pat Roe
    :sid: "S3"
    :email: pat@uni.example
"""
CLASSES: dict[str, Room] = {
    "v05 nobody vanishes": Room(
        {"alice.py": RELU, "bob.ipynb.txt": notebook(RELU), "carol.pdf": b"%PDF", "dave.docx": b"PK", "erin.rtf": "x",
         "frank.ipynb.json": notebook(RELU), "gus.7z": "x", "alice.pdf": b"%PDF", "desktop.ini": "", "roster.csv": ""},
        {"alice": (1, 0), "bob": (1, 0), "carol": (0, 0), "dave": (0, 0), "erin": (0, 0), "frank": (1, 0),
         "gus.7z": (0, 0)},
        {"carol": "carol.pdf", "dave": "dave.docx", "gus.7z": "archive"},
    ),
    "v07 numbered parts in Canvas": Room(
        {"doe_101_9001_part-1.ipynb": notebook(RELU), "doe_101_9002_part-2.ipynb": notebook(SIGMOID),
         "poe_103_9005_relu.py": WRONG, "poe_103_9006_relu-2.py": RELU, "poe_103_9007_sigmoid.py": SIGMOID,
         "poe_103_9008_relu-1.py": WRONG, "roe_102_9003_lab-1.zip": zipped(("relu.py", RELU)),
         "roe_102_9004_lab-2.zip": zipped(("sigmoid.py", SIGMOID)),
         "zoe_104_9009_lab.zip": zipped(("relu.py", WRONG), ("sigmoid.py", SIGMOID)),
         "zoe_104_9010_lab-1.zip": zipped(("relu.py", RELU)), "new_105_1_relu.py": RELU, "new_105_2_relu-1.py": STUB},
        {"doe_101": (1, 1), "poe_103": (1, 1), "roe_102": (1, 1), "zoe_104": (1, 1), "new_105": (1, 0)},
        {"poe_103": "handed in again: relu-1.py, relu.py", "zoe_104": "handed in again: lab.zip/relu.py"},
    ),
    "v09 Blackboard": Room(
        {"Lab 1_s1_attempt_2026-11-02-10-00-00.txt": RECEIPT.format("s1"),
         "Lab 1_s1_attempt_2026-11-01-10-00-00_relu.py": WRONG, "Lab 1_s1_attempt_2026-11-02-10-00-00_relu.py": RELU,
         "Lab 1_s1_attempt_2026-11-02-10-00-00_sigmoid.py": SIGMOID,
         "Lab 1_o_b_attempt_2026-11-02-10-00-00.txt": RECEIPT.format("o_b"),
         "Lab 1_o_b_attempt_2026-11-02-10-00-00_relu.py": RELU,
         "Lab 1_o_b_attempt_2026-11-02-10-00-00_sigmoid.py": SIGMOID,
         "Lab 1_none_attempt_2026-11-02-10-00-00.txt": RECEIPT.format("none")},
        {"s1": (1, 1), "o_b": (1, 1), "none": (0, 0)},
        {"s1": "handed in again: Lab 1_s1_attempt_2026-11-01"},
    ),
    "Brightspace": Room(
        {"11-34 - Jane Doe - Nov 2, 2026 1000 AM/relu.py": WRONG,
         "11-35 - Jane Doe - Nov 2, 2026 1000 PM/relu.py": RELU,
         "11-33 - Jane Doe - Nov 1, 2026 1000 AM/sigmoid.py": SIGMOID,
         "12-36 - Jörg Müller-Roe - Nov 2, 2026 1000 AM/hw.zip": zipped(("relu.py", RELU)), "index.html": "x"},
        {"Jane Doe_11": (1, 1), "Jörg Müller-Roe_12": (1, 0)}, {"Jane Doe_11": "handed in again: submission-2/relu.py"},
    ),
    "v20 Gradescope": Room(
        {"submission_90001/relu.py": RELU, "submission_90002/relu.py": RELU, "submission_metadata.yml": METADATA},
        {"Jane Doe": (1, 0), "Max Muster + Pat Roe": (1, 0)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("kind", CLASSES)
def test_a_class_as_it_is_downloaded(
    tmp_path: Path, grade: Callable[[Path], dict[str, Report]], kind: str, packed: bool
) -> None:
    """Each student is one row under the name that leads back to the platform; nobody vanishes."""
    room, root = CLASSES[kind], tmp_path / "class"
    if packed:
        root = tmp_path / "class.zip"
        root.write_bytes(zipped(*room.files.items()))
    else:
        write(root, room.files)
    found = grade(root)
    said = {student: words(report) for student, report in found.items()}
    shares = {name: tuple(each.score / each.max_score for each in report.exercises) for name, report in found.items()}
    assert shares == room.shares, said
    assert all(word in said[student] for student, word in room.said.items()), said
