"""Only submissions that fail pay for the diagnosis."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "tiny"
RIGHT = "def softplus(x):\n    import numpy as np\n    return np.logaddexp(0, x)\n"
CODE = """
import sys
from autograder.cli.main import main
status = main(["check", "softplus", "--course", sys.argv[1], "--path", sys.argv[2]])
print(status, "autograder.diagnosis.diagnosis" in sys.modules)
"""


@pytest.mark.parametrize(("text", "end"), [(RIGHT, "0 False"), (RIGHT.replace("(0,", "(1,"), "1 True")])
def test_a_right_submission_does_not_import_it(tmp_path, text, end):
    """A right submission does not import the diagnosis; a wrong one does."""
    (tmp_path / "softplus.py").write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", CODE, str(TINY), str(tmp_path)], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == end, done.stderr
