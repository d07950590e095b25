"""Code cells of notebooks become sources, in the order that each exercise needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.catalog import Course
from autograder.submission.choice import Names
from autograder.submission.file import CODE, Unreadable
from autograder.submission.folder import read_submission
from autograder.submission.notebook import read_cells
from autograder.submission.source import Source, Submission
from tests.submission.papers import code, graded, notebook, origins, reasons, text

NAMES = {
    "dense": ("dense_forward", "dense_backward"),
    "relu": ("relu_forward", "relu_backward"),
    "train_mlp": ("train", "predict"),
    "train_cnn": ("train", "predict"),
}


def handed_in(root: Path, *cells: object) -> Submission:
    """Return the submission of alice's one notebook."""
    (root / "alice.ipynb").write_bytes(notebook(*cells))  # type: ignore[arg-type]
    return read_submission(root / "alice.ipynb", NAMES)


def module(root: Path, *cells: object) -> Source:
    """Return the text that the notebook offers for every exercise."""
    found = handed_in(root, *cells).module
    assert found is not None
    return found


def test_code_cells_become_one_text_in_their_order(tmp_path: Path) -> None:
    """Markdown, raw and empty cells are skipped; each other cell is below a comment with its number."""
    raw = {"cell_type": "raw", "source": "raw", "metadata": {}}
    submission = handed_in(tmp_path, text("# Title"), "a = 1", "  \n", raw, "b = 2\nc = 3")

    assert submission.module is not None
    assert submission.module.text == "# %% [cell 1]\na = 1\n# %% [cell 2]\nb = 2\nc = 3\n"
    assert (submission.student, submission.module.origin) == ("alice", "alice.ipynb")
    assert (submission.refused, submission.notes) == ({}, ())


def test_a_source_may_be_a_string_or_a_list(tmp_path: Path) -> None:
    """A source may be a string or a list of lines."""
    as_list = module(tmp_path, code(["def f():\n", "    return 1"]))

    assert as_list == module(tmp_path, code("def f():\n    return 1"))


def test_outputs_metadata_and_counts_do_not_count(tmp_path: Path) -> None:
    """Running, clearing or stripping a notebook does not change its text or hash."""
    run = code("a = 1", execution_count=7, outputs=[{"output_type": "stream", "text": ["1\n"]}])
    stripped = {"cell_type": "code", "source": "a = 1"}

    assert module(tmp_path, run) == module(tmp_path, stripped)


SAVE = "Open it in Jupyter, save it, and hand it in again."


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"cells": [', "its JSON breaks off or is wrong in line 1"),
        (b"import numpy as np\n", "its JSON breaks off or is wrong in line 1"),
        (b"", "its JSON breaks off or is wrong in line 1"),
        (b"\xff\xfe{", "it is not UTF-8"),
        (b"[]", "it has no cells"),
        (b"{}", "it has no cells"),
        (b'{"cells": {"a": 1}}', "it has no cells"),
        (b'{"worksheets": [{"cells": []}]}', "it has no cells"),
        (b"[" * 100_000 + b"]" * 100_000, "its JSON holds something that no notebook has"),
        (b'{"cells": ' + b"9" * 100_000 + b"}", "its JSON holds something that no notebook has"),
    ],
    ids="cut, python, empty, utf-16, list, no cells, cells no list, format 3, deep, digits".split(", "),
)
def test_what_is_no_notebook_is_refused_with_the_reason(tmp_path: Path, data: bytes, why: str) -> None:
    """A file that is no notebook is refused with reason and repair for every exercise."""
    (tmp_path / "alice.ipynb").write_bytes(data)

    sentence = f"alice.ipynb is no notebook that can be read: {why}. {SAVE}"
    assert dict.fromkeys(NAMES, sentence) == reasons(read_submission(tmp_path / "alice.ipynb", NAMES))


def test_json_that_only_python_knows_is_no_reason_to_refuse(tmp_path: Path) -> None:
    """NaN among the outputs, and a repeated key, are accepted, because Jupyter opens such notebooks."""
    data = notebook("a = 1").replace(b'"metadata": {}', b'"metadata": {"loss": NaN}, "metadata": {}', 1)
    (tmp_path / "alice.ipynb").write_bytes(b"\xef\xbb\xbf" + data)

    assert read_submission(tmp_path / "alice.ipynb", NAMES).module is not None


@pytest.mark.parametrize(
    "cells", [[7, None, "x"], [{"cell_type": "code", "source": {"a": 1}}], [{"cell_type": "code", "source": [1, "a"]}]]
)
def test_cells_of_another_shape_are_passed_over(tmp_path: Path, cells: list[object]) -> None:
    """Cells and sources of another type are skipped and the rest is read."""
    (tmp_path / "alice.ipynb").write_bytes(json.dumps({"cells": [*cells, code("b = 2")]}).encode())

    found = read_submission(tmp_path / "alice.ipynb", NAMES).module

    assert found and "b = 2" in found.text


@pytest.mark.parametrize(
    ("source", "trouble"),
    [("a = '\0'", "it contains a NUL character"), ("a = '\ud800'", "it contains half a character")],
)
def test_a_cell_that_is_no_text_costs_only_itself(tmp_path: Path, source: str, trouble: str) -> None:
    """A cell that cannot be code is left out with a note that names it."""
    submission = handed_in(tmp_path, "b = 1", source, "c = 3")

    assert submission.notes == (f"alice.ipynb, cell 2 is left out: {trouble}.",)
    assert submission.module
    assert submission.module.text == "# %% [cell 1]\nb = 1\n# %% [cell 2]\n\n# %% [cell 3]\nc = 3\n"


def test_too_much_code_is_refused_with_its_size(tmp_path: Path) -> None:
    """The limit on sources holds for the code of a notebook, not for the size of the file."""
    submission = handed_in(tmp_path, "#" * CODE.most)

    fact = "alice.ipynb has 262,159 bytes of code; at most 262,144 are read."
    assert dict.fromkeys(NAMES, f"{fact} Hand in only the cells that the exercises need.") == reasons(submission)


def test_a_notebook_past_the_limit_is_refused_unread(tmp_path: Path) -> None:
    """A notebook above the limit is refused unread with the repair."""
    with (tmp_path / "alice.ipynb").open("wb") as file:
        file.truncate(121 << 20)

    said = set(reasons(read_submission(tmp_path / "alice.ipynb", NAMES)).values())

    assert said == {
        "alice.ipynb has 126,877,696 bytes; at most 125,829,120 are read. "
        "Clear its outputs, save it, and hand it in again."
    }


def test_outputs_of_any_form_are_dropped(tmp_path: Path) -> None:
    """Logs that look like JSON, a picture of ten megabytes and nested lists change nothing."""
    logs = [{"output_type": "stream", "text": ['{"outputs": [] }] \\"'] * 1000}, {"data": {"image/png": "A" * 10**7}}]
    cells = code("a = 1", outputs=logs), code("b = 2", outputs=[[{}, []], "]"])

    assert module(tmp_path, *cells) == module(tmp_path, "a = 1", "b = 2")


@pytest.mark.parametrize("piece", ["[],", "{},", "1,", "["])
def test_a_notebook_of_too_many_values_is_refused(tmp_path: Path, piece: str) -> None:
    """Before anything is made of them; a string with as many commas is no value."""
    (tmp_path / "alice.ipynb").write_text('{"cells": [{"outputs": [' + piece * ((2 << 20) + 1))

    said = set(reasons(read_submission(tmp_path / "alice.ipynb", NAMES)).values())

    assert said == {"alice.ipynb holds more than 2,097,152 values. Clear its outputs, save it, and hand it in again."}
    assert module(tmp_path, code("a = 1", outputs=[piece * (2 << 20)])).text == "# %% [cell 1]\na = 1\n"


def test_a_notebook_named_after_an_exercise_is_that_exercise(tmp_path: Path) -> None:
    """A notebook named after an exercise counts for it, unless a .py file of that name exists."""
    (tmp_path / "alice").mkdir()
    for name in ("dense.ipynb", "relu.ipynb"):
        (tmp_path / "alice" / name).write_bytes(notebook("a = 1", "%%bash\nls"))
    (tmp_path / "alice" / "relu.py").write_text("b = 2")

    submission = read_submission(tmp_path / "alice", NAMES)

    assert origins(submission) == {"dense": "dense.ipynb", "relu": "relu.py"}
    assert submission.notes == (
        "dense.ipynb, cell 2 is left out: %%bash is not Python.",
        "relu.py counts; relu.ipynb does not.",
    )


def test_a_file_goes_before_the_notebook(tmp_path: Path) -> None:
    """An exercise with its own file is read from it; the notebook counts for the others."""
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "unit.ipynb").write_bytes(notebook("def dense_forward(): pass", "def relu_forward(): pass"))
    (tmp_path / "alice" / "relu.py").write_text("b = 2")

    submission = read_submission(tmp_path / "alice", NAMES)

    assert origins(submission) == {"relu": "relu.py"}
    assert submission.module and submission.module.origin == "unit.ipynb"


STUB = 'def dense_forward():\n    raise NotImplementedError("write dense_forward")\n'


@pytest.mark.parametrize(
    ("file", "cell", "taken"),
    [
        (STUB, "def dense_forward(): return 1", "unit.ipynb"),
        (STUB, STUB, "dense.py"),
        ("def dense_forward(): return 2", STUB, "dense.py"),
        ("def dense_forward(): return 2", "def dense_forward(): return 1", "dense.py"),
        (STUB, "def other(): return 1", "dense.py"),
        (f"{STUB}    return 2\n", "def dense_forward(): return 1", "unit.ipynb"),
        (STUB + STUB, f"{STUB}\ndef dense_backward(): return 1", "unit.ipynb"),
    ],
)
def test_a_stub_does_not_hide_the_notebook(tmp_path: Path, file: str, cell: str, taken: str) -> None:
    """Of a file and a notebook the one with less unwritten code counts, and the file if both are equal."""
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "dense.py").write_text(file)
    (tmp_path / "alice" / "unit.ipynb").write_bytes(notebook(cell))

    submission = read_submission(tmp_path / "alice", NAMES)

    source = submission.sources.get("dense") or submission.module
    assert source and source.origin == taken
    words = "dense.py counts; unit.ipynb defines dense_forward too and does not."
    if taken == "unit.ipynb":
        loses = "defines dense_forward too and does not" if "return 2" in file and "raise" not in file else "does not"
        words = f"unit.ipynb counts, because more is written in it; dense.py {loses}."
    silent = taken == "dense.py" and ("NotImplemented" in file + cell or "dense" not in cell)
    assert submission.notes == (() if silent else (words,))


def test_what_a_file_and_a_notebook_define_is_told_once(tmp_path: Path) -> None:
    """One sentence names what counts and every function that the other defines too; equal answers need no word."""
    (tmp_path / "alice").mkdir()
    cells = ("def dense_forward(): return 1", "def relu_forward(): return 1")
    (tmp_path / "alice" / "unit.ipynb").write_bytes(notebook(*cells))
    (tmp_path / "alice" / "dense.py").write_text("def dense_forward(): return 2")
    (tmp_path / "alice" / "relu.py").write_text("def relu_forward(): return 2")

    told = "dense.py, relu.py count; unit.ipynb defines dense_forward, relu_forward too and does not."
    assert read_submission(tmp_path / "alice", NAMES).notes == (told,)
    (tmp_path / "alice" / "relu.py").write_text(cells[1])
    told = "dense.py counts; unit.ipynb defines dense_forward too and does not."
    assert read_submission(tmp_path / "alice", NAMES).notes == (told,)


MORE = STUB.replace("dense_forward", "train") + STUB.replace("dense_forward", "loss_and_gradients")
DONE = MORE.replace("raise NotImplementedError", "return print")


@pytest.mark.parametrize(("cell", "taken"), [(MORE, "train_mlp.py"), (DONE, "unit.ipynb")])
def test_an_exercise_s_own_cells_are_counted_whole(tmp_path: Path, cell: str, taken: str) -> None:
    """Helper functions of an exercise's cells are counted, and functions of the same name in other exercises are
    not."""
    (tmp_path / "alice").mkdir()
    (tmp_path / "alice" / "train_mlp.py").write_text(MORE)
    cells = [f"# exercise: train_mlp\n{cell}", f"# exercise: train_cnn\n{STUB.replace('dense_forward', 'train')}"]
    (tmp_path / "alice" / "unit.ipynb").write_bytes(notebook(*map(code, cells)))

    submission = read_submission(tmp_path / "alice", NAMES)

    source = submission.sources.get("train_mlp") or submission.module
    assert source and source.origin == taken


def test_what_students_receive_is_taken_from_its_files_without_a_word() -> None:
    """Stubs in files and notebooks have equally much unwritten code, in every unit."""
    course = Course(Path(__file__).parents[2])
    for unit in sorted((course.root / "assignments").glob("[0-9]*")):
        submission = read_submission(unit, course.functions)
        assert submission.notes == ()
        assert submission.sources.keys() == {path.stem for path in unit.glob("*.py")}


def two(root: Path, one: bytes, other: bytes, names: Names = NAMES) -> Submission:
    """Make alice's folder with two notebooks."""
    (root / "alice" / "sub").mkdir(parents=True, exist_ok=True)
    (root / "alice" / "one.ipynb").write_bytes(one)
    (root / "alice" / "two.ipynb").write_bytes(other)
    return read_submission(root / "alice", names)


def test_of_several_notebooks_each_exercise_finds_its_own(tmp_path: Path) -> None:
    """Of several notebooks, the one that defines an exercise's functions counts for it."""
    submission = two(tmp_path, notebook("def dense_forward(): pass"), notebook("relu_backward = lambda: 1"))

    assert origins(submission) == {"dense": "one.ipynb", "relu": "two.ipynb"}
    assert (submission.refused, submission.module) == ({}, None)


def test_without_functions_names_tell(tmp_path: Path) -> None:
    """If the functions are unknown, `dense_forward` belongs to dense."""
    one, other = notebook("def dense_forward(): pass"), notebook("def relu(): pass")
    submission = two(tmp_path, one, other, {"dense": (), "relu": ()})

    assert origins(submission) == {"dense": "one.ipynb", "relu": "two.ipynb"}


def test_the_notebook_with_the_section_goes_before_a_copy(tmp_path: Path) -> None:
    """A notebook with the exercise's section precedes one with a copy of the function."""
    own = notebook(text("### dense"), "def dense_forward(): pass")

    assert origins(two(tmp_path, notebook("def dense_forward(): pass"), own)) == {"dense": "two.ipynb"}


def test_the_same_exercise_in_two_notebooks_is_refused(tmp_path: Path) -> None:
    """An exercise in two notebooks is refused; other exercises are read."""
    copy = notebook("def dense_forward(): return 1")
    submission = two(tmp_path, copy, notebook("def dense_forward(): return 2", "def relu_forward(): pass"))

    assert reasons(submission) == {
        "dense": "dense is in more than one notebook: one.ipynb, two.ipynb. Keep it in one of them."
    }
    assert origins(submission) == {"relu": "two.ipynb"}


def test_an_unreadable_notebook_is_no_silent_zero(tmp_path: Path) -> None:
    """Exercises that an unreadable notebook may hold are refused with the reason."""
    submission = two(tmp_path, b"{", notebook("def dense_forward(): pass"))

    said = f"one.ipynb is no notebook that can be read: its JSON breaks off or is wrong in line 1. {SAVE}"
    assert origins(submission) == {"dense": "two.ipynb"}
    assert dict.fromkeys(["relu", "train_mlp", "train_cnn"], said) == reasons(submission)
    assert submission.notes == (said,)


def order(submission: Submission, name: str) -> list[str]:
    """Return the first line of each cell in the text for this exercise."""
    source = submission.sources.get(name) or submission.module
    assert source is not None
    return [part.split("\n")[1] for part in source.text.split("# %% ")[1:]]


TRAIN = (
    "import numpy as np",
    text("## train_mlp"),
    "def train(): 'mlp'",
    "x = 1",
    text("## train_cnn"),
    "def train(): 'cnn'",
    text("## Afterthoughts"),
    "y = 2",
)


def test_two_exercises_with_one_function_name_each_get_their_own(tmp_path: Path) -> None:
    """A section of another exercise that defines the same name is moved before this exercise's section."""
    submission = handed_in(tmp_path, *TRAIN)

    plain = ["import numpy as np", "def train(): 'mlp'", "x = 1", "def train(): 'cnn'", "y = 2"]
    assert order(submission, "train_cnn") == order(submission, "dense") == plain
    assert order(submission, "train_mlp") == [plain[0], plain[3], plain[1], plain[2], plain[4]]


def test_the_last_definition_wins_below_the_section(tmp_path: Path) -> None:
    """A definition at the end of the notebook, outside all sections, replaces the first."""
    submission = handed_in(tmp_path, *TRAIN, "def train(): 'again'")

    assert order(submission, "train_mlp")[-1] == "def train(): 'again'"


@pytest.mark.parametrize(
    "own",
    [
        graded("train_mlp-train", "def train(): 'mlp'"),
        code("def train(): 'mlp'", id="train_mlp-train"),
        "# exercise: train_mlp\ndef train(): 'mlp'",
    ],
    ids=["grade_id", "cell id", "comment"],
)
def test_a_cell_may_say_itself_where_it_belongs(tmp_path: Path, own: object) -> None:
    """A cell can name its exercise by nbgrader's id, its own id or a comment."""
    other = graded("train_cnn-train", "def train(): 'cnn'")

    submission = handed_in(tmp_path, own, other)

    assert submission.sources["train_mlp"].text.endswith("def train(): 'mlp'\n")
    assert "train_cnn" not in submission.sources


def test_without_any_sign_the_last_wins_for_all(tmp_path: Path) -> None:
    """Without ids and headings the last definition counts, as when the notebook is run."""
    submission = handed_in(tmp_path, "def train(): 'mlp'", "def train(): 'cnn'")

    assert (submission.sources, len(order(submission, "train_mlp"))) == ({}, 2)


@pytest.mark.parametrize(
    ("markdown", "exercise"),
    [
        ("### dense", "dense"),
        ("text\n\n## 3. The `relu` function", "relu"),
        ("## dense and relu", ""),
        ("## Dense", ""),
        ("dense", ""),
        ("```\n# dense\n```", ""),
        ("## dense\n### Backward pass", "dense"),
        ("### dense\n## Next", ""),
        ("### dense\n### Next", ""),
        ("## dense\n### relu", "relu"),
        ("#dense", ""),
    ],
)
def test_a_heading_begins_a_section(markdown: str, exercise: str) -> None:
    """A heading with one exercise begins a section, and a heading of its level or above ends it."""
    ((cell,), _) = read_cells(notebook(text(markdown), "a = 1"), NAMES)

    assert exercise == cell.exercise


def test_nothing_in_a_notebook_is_executed(tmp_path: Path) -> None:
    """No cell is executed."""
    proof = tmp_path / "proof"
    attack = f"open({str(proof)!r}, 'w')"

    handed_in(tmp_path, attack, f"!touch {proof}", f"%%bash\ntouch {proof}")

    assert not proof.exists()


WORDS = st.sampled_from("cells cell_type source metadata nbgrader grade_id id worksheets input".split())
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=12))
def test_any_json_is_read_or_refused(value: object) -> None:
    """Any JSON in the parts that are used is read or refused."""
    for found in (value, {"cells": [value, {"cell_type": "code", "source": value}]}):
        try:
            cells, _ = read_cells(json.dumps(found).encode(), NAMES)
        except Unreadable as error:
            assert str(error).isprintable()
        else:
            assert [cell.number for cell in cells] == list(range(1, len(cells) + 1))
