"""The README's samples are what the commands print about answers with one mistake each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli import forked
from tests.house.sources import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SAMPLES = re.findall(r"^\$ handgrad (.+)\n((?:(?!\$ |```).*\n)+)", README, re.MULTILINE)
OVERWRITTEN = '''
def max_pool2d_backward(dout, x, *, window, stride):
    dx = np.zeros_like(x)
    for b, i, j, c in np.ndindex(dout.shape):
        part = x[b, i * stride : i * stride + window, j * stride : j * stride + window, c]
        row, column = np.unravel_index(np.argmax(part), part.shape)
        dx[b, i * stride + row, j * stride + column, c] = dout[b, i, j, c]
    return dx
'''
HALVED = '''
def dense_backward(dout, x, w, b):
    flat = x.reshape(len(x), -1)
    return (dout @ w.T).reshape(x.shape), flat.T @ dout / 2, dout.sum(axis=0)
'''


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a max_pool2d that overwrites and a dense whose dw is half of what it should be."""
    folder = tmp_path_factory.mktemp("answers")
    for name, wrong in (("max_pool2d", OVERWRITTEN), ("dense", HALVED)):
        right = (ROOT / "solutions" / "02_layers" / name / "solution.py").read_text("utf-8")
        (folder / f"{name}.py").write_text(right + wrong, encoding="utf-8")
    return folder


def plain(text: str) -> list[str]:
    """Return the lines, without the numbers of those that hold drawn values, rounding errors or ratios of time."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return [re.sub(r"-?\d+(\.\d+)?(e-\d+)?", "#", line) if re.search("expected|numerical|×", line) else line
            for line in lines]  # fmt: skip


def test_the_samples_are_found() -> None:
    """The README shows a check, a hint and a comparison of gradients."""
    assert ["check", "hint", "gradcheck"] == [words.split()[0] for words, _ in SAMPLES]


@pytest.mark.parametrize(("words", "shown"), SAMPLES, ids=[words for words, _ in SAMPLES])
def test_a_sample_is_what_the_command_prints(words: str, shown: str, answers: Path) -> None:
    """The command prints every line of the sample; `…` stands for lines that are left out."""
    done = forked.run(*words.split(), "--path", answers, "--course", ROOT, cwd=answers, COLUMNS="118")
    printed = plain(done.stdout)
    missing = [line for line in plain(shown) if line != "…" and line not in printed]
    assert not missing, "\n".join([*missing, "", done.stdout, done.stderr])
