"""A class as a platform hands it over, graded from the command line."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.cli.forked import run
from tests.cli.test_commands import RIGHT, TINY, WRONG
from tests.cli.test_grade import QUICK
from tests.submission.papers import notebook, zipped


def test_a_download_is_graded_as_it_came(tmp_path: Path) -> None:
    """One zip for all: files, a student's own archive, a notebook, something unreadable; nobody is dropped."""
    download = zipped(
        ("doejane_123_456_scale.py", RIGHT),
        ("doejohn_LATE_124_457_hw.zip", zipped(("hw/scale.py", WRONG))),
        ("leemin_125_458_unit.ipynb", notebook("%matplotlib inline", f"%%time\n{RIGHT}", "scale_forward(1, 2)")),
        ("o_brien_126_459_essay.pdf", b"%PDF"),
        ("readme.txt", "made by the platform"),
    )
    (tmp_path / "submissions.zip").write_bytes(download)

    done = run("grade", tmp_path / "submissions.zip", "-o", tmp_path / "out", *QUICK)

    assert 1 == done.returncode, done.stderr
    assert "nobody's submission, so not graded: readme.txt" in done.stderr
    rows = csv.DictReader((tmp_path / "out" / "grades.csv").read_text(encoding="utf-8-sig").splitlines())
    assert {row["student"]: row["status"] for row in rows} == {
        "doejane_123": "passed", "doejohn_124": "failed", "leemin_125": "passed", "o_brien_126": "skipped",
    }  # fmt: skip
    feedback = (tmp_path / "out" / "feedback" / "doejohn_124.txt").read_text(encoding="utf-8")
    assert "note: The platform marked it as late." in feedback


def test_an_exception_in_a_notebook_names_its_cell(tmp_path: Path) -> None:
    """`check` takes a notebook, and its messages lead to the cell."""
    broken = RIGHT.replace("return x * w", "return x * w + undefined")
    (tmp_path / "unit.ipynb").write_bytes(notebook("import numpy as np", broken))

    done = run("check", "scale", "--path", tmp_path / "unit.ipynb", "--course", TINY)

    assert 1 == done.returncode
    assert "raises NameError in cell 2, line 3" in done.stdout
