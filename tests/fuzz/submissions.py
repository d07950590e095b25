"""Random and damaged submissions for everything that reads a stranger's bytes. Each case follows from its seed alone.

`submissions(cases, seed)` reads that many and gives back how they ended; whatever is neither text nor a reason passes
through to the caller as the exception that it is.
"""

from __future__ import annotations

import io
import json
import random
import struct
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from autograder.report.escape import show
from autograder.sandbox.inside.loader import parse
from autograder.submission.archive import Archive, unpacked
from autograder.submission.choice import Choice, choose
from autograder.submission.file import CODE, File, Limit, Tree, Unreadable
from autograder.submission.folder import STAMP, submission_time
from autograder.submission.listing import read_name
from autograder.submission.notebook import plain
from autograder.submission.places import CellMap
from autograder.submission.source import Entry, Refused, Source, decode, slug

NAMES = {
    "dense": ("dense_forward", "dense_backward"), "relu": ("relu_forward",), "train_mlp": ("train",),
    "train_cnn": ("train",),
}  # fmt: skip

_LINES = (
    "import numpy as np", "def dense_forward(x, w, b):", "    return x @ w + b", "def relu_forward(x):",
    "def train(x):", "    raise NotImplementedError", '    """Doc # string."""', "x = (1,", "  2)", "'''", '"""',
    "%matplotlib inline", "!ls \\", "  -la", "%%bash", "%%time", "y = !ls", "np.sum?", "# %% [cell 3]",
    "# exercise: dense",
    "## relu",
    "from autograder import check", "check('dense')", "\\", "@", "async def f(): pass", "", "\t", "    ", "é\u202e",
    "\0",
)  # fmt: skip
_WORDS = (
    "dense.py", "relu.ipynb", "Dense.PY", "unit.ipynb", "hw.zip", "data.tar.gz", "../x.py", "/dense.py", "a/b/dense.py",
    "__MACOSX/._dense.py", ".git/HEAD", "con.py", "C:\\dense.py", "a\\relu.py", "timestamp.txt", "x" * 300, "", ".",
    "..",
    "doejane_1_2_dense.py", "Jane Doe_12_assignsubmission_file_", "a\nb\x1b[31m.py", "dense.py\0.txt", "\u202eyp.esned"
)  # fmt: skip
_KEYS = ("cells", "cell_type", "source", "outputs", "metadata", "nbgrader", "grade_id", "id", "worksheets", "input")
_VALUES = (
    "code", "markdown", "raw", "## dense", "### train_mlp", "dense-a", "train_cnn-check", None, True, 0, -1, 1e308,
    "\ud800", "\0",
)  # fmt: skip
_NUMBERS = (0, 1, 2, 8, 9, 14, 255, 256, 65535, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 62, (1 << 64) - 1)


class Draw:
    """Texts, notebooks, archives and damage from one seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self) -> str:
        """Lines that occur in answers."""
        return "\n".join(self.random.choice(_LINES) for _ in range(self.random.randrange(9)))

    def source(self) -> bytes:
        """A file's bytes in some encoding."""
        encoding = self.random.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"))
        return self.damaged(self.text().encode(encoding, "replace"))

    def notebook(self) -> bytes:
        """A notebook, with accidents in its structure or its bytes."""
        cells = [self.cell() for _ in range(self.random.randrange(5))]
        made: Any = {"cells": cells, "metadata": {}, "nbformat": 4}
        while self.random.random() < 0.3:
            made = self.bent(made)
        ascii_only = self.random.random() < 0.5
        return self.damaged(json.dumps(made, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))

    def cell(self) -> dict[str, Any]:
        """A cell of one of the kinds, with outputs."""
        r, text = self.random, self.text()
        source = text if r.random() < 0.5 else text.splitlines(keepends=True)
        outputs = [{"text": [text, "]}"]}]
        made = {"cell_type": r.choice(_VALUES[:3]), "source": source, "outputs": outputs, "metadata": {}}
        if r.random() < 0.3:
            made["metadata"] = {"nbgrader": {"grade_id": r.choice(_VALUES)}}
        return made | ({"id": r.choice(_VALUES)} if r.random() < 0.3 else {})

    def bent(self, value: Any) -> Any:
        """The value with one part of it replaced, somewhere."""
        r = self.random
        if isinstance(value, dict) and value and r.random() < 0.8:
            key = r.choice(list(value))
            return {**value, key: self.bent(value[key])} | ({r.choice(_KEYS): self.leaf()} if r.random() < 0.2 else {})
        if isinstance(value, list) and value and r.random() < 0.8:
            at = r.randrange(len(value))
            return [*value[:at], self.bent(value[at]), *value[at + r.randrange(2) :]]
        return self.leaf()

    def leaf(self) -> Any:
        """Something else."""
        value = self.random.choice(_VALUES)
        return self.random.choice((value, [], {}, [value], {self.random.choice(_KEYS): value}, self.text()))

    def archive(self, depth: int = 0) -> bytes:
        """A zip archive, with accidents in its members' facts or its bytes."""
        r, made = self.random, io.BytesIO()
        with warnings.catch_warnings(), ZipFile(made, "w") as archive:
            warnings.simplefilter("ignore")  # a name may come twice
            for _ in range(r.randrange(5)):
                member = ZipInfo(self.name() or "x", (r.randrange(1980, 2108), r.randrange(1, 13), 1, 0, 0, 0))
                member.compress_type = r.choice((ZIP_STORED, ZIP_DEFLATED))
                member.external_attr = r.choice((0, 0, 0o120777 << 16, 0o100644 << 16, 0o010644 << 16, 0x10))
                stamp = struct.pack("<HHBi", 0x5455, 5, r.randrange(4), r.getrandbits(31))
                member.extra = r.choice((b"", b"", stamp, b"\1\0"))
                archive.writestr(member, self.content(member.filename, depth + 1))
        return self.damaged(made.getvalue(), 0.7)

    def content(self, name: str, depth: int = 0) -> bytes:
        """What may stand in a file of this name."""
        if name.casefold().endswith(".zip") and depth < 3:
            return self.archive(depth)
        if name.casefold().endswith(".ipynb"):
            return self.notebook()
        if name.endswith(STAMP):
            return self.damaged(b"2026-11-20 10:00:00 UTC\n")
        return self.source()

    def name(self) -> str:
        """A file's name."""
        r = self.random
        name = r.choice(_WORDS)
        return name if r.random() < 0.8 else "".join(r.choice("aE_1.-/\\\0é\u202e") for _ in range(r.randrange(12)))

    def damaged(self, data: bytes, chance: float = 0.4) -> bytes:
        """The bytes after a few accidents, or as they are."""
        changed = bytearray(data)
        while self.random.random() < chance:
            self._damage(changed)
        return bytes(changed)

    def _damage(self, data: bytearray) -> None:
        r, at = self.random, self.random.randrange(len(data) + 1)
        match r.randrange(8):
            case 0 if at < len(data):
                data[at] = r.randrange(256)
            case 1 if at < len(data):
                data[at] ^= 1 << r.randrange(8)
            case 2:
                data[at : at + 2] = struct.pack("<H", r.choice(_NUMBERS) & 0xFFFF)
            case 3:
                data[at : at + 4] = struct.pack("<I", r.choice(_NUMBERS) & 0xFFFFFFFF)
            case 4:
                data[at : at + 8] = struct.pack("<Q", r.choice(_NUMBERS))
            case 5:
                del data[at : at + r.randrange(40)]
            case 6:
                data[at:at] = data[r.randrange(len(data) + 1) :][:40]
            case 7:
                data[at:at] = r.choice((b"PK\5\6", b"PK\1\2", b"PK\6\6", b'"outputs":[', b"[", b'"', b"\\", b"\xff"))

    def tree(self) -> Tree:
        """A submission's files, as a folder would give them."""
        tree = Tree()
        for _ in range(self.random.randrange(5)):
            name = self.name()
            parts = tuple(part for part in name.split("/") if part not in ("", ".", "..")) or ("x",)
            tree.files[parts] = _file(self.content(name), self.random.choice((None, 0.0, -1e30, 1e12, float("nan"))))
        return tree


def _file(data: bytes, changed: float | None) -> File:
    def read(limit: Limit) -> bytes:
        if len(data) > limit.most:
            raise Unreadable(limit.exceeded(len(data)))
        return data

    return File(read, changed)


def submissions(cases: int, seed: int = 0) -> Counter[str]:
    """How so many cases ended, by what was read and whether it was taken."""
    ended: Counter[str] = Counter()
    for number in range(cases):
        draw = Draw(seed + number)
        name, read = READERS[(seed + number) % len(READERS)]
        try:
            ended[f"{name} {_taken(read, draw)}"] += 1
        except Exception as error:
            error.add_note(f"case {seed + number}")
            raise
    return ended


def _taken(read: Callable[[Draw], bool], draw: Draw) -> str:
    try:
        return "taken" if read(draw) else "refused"
    except Unreadable as error:
        assert str(error).isprintable()
        return "refused"


def _source(draw: Draw) -> bool:
    found = decode(draw.source(), "dense.py")
    _sound(found)
    return isinstance(found, Source)


def _lines(draw: Draw) -> bool:
    """Cells lose no line, and whatever parts a text falls into, no line is in two of them."""
    text = draw.text().replace("\0", "")
    code, foreign = plain(text)
    assert foreign or len(code.split("\n")) == len(text.split("\n"))
    places, last = CellMap(text), 0
    assert all(places.place(line)[1] > 0 for line in range(1, 9))
    for piece in parse(text, "cells.py"):
        first = getattr(piece, "first", None) or piece.lineno  # type: ignore[union-attr]
        assert first >= last
        last = first
    return not foreign


def _archive(draw: Draw) -> bool:
    tree = Archive(draw.archive()).tree()
    sizes = []
    for parts, file in tree.files.items():
        assert ".." not in parts
        try:
            sizes.append(len(file.read(CODE)))
        except Unreadable as error:
            assert str(error).isprintable()
    assert all(size <= CODE.most for size in sizes)
    return bool(sizes)


def _tree(draw: Draw) -> bool:
    tree = unpacked(draw.tree())
    when, _, _ = submission_time(Entry("alice", Path("/nowhere")), tree)
    assert when is None or isinstance(when, datetime)
    return _chosen(choose(tree, NAMES))


def _chosen(choice: Choice) -> bool:
    """An exercise has a text or a reason, and never both; every word can be shown."""
    assert choice.sources.keys().isdisjoint(choice.refused)
    assert all(note.isprintable() for note in choice.notes)
    for found in (*choice.sources.values(), *choice.refused.values(), *filter(None, [choice.module])):
        _sound(found)
    return bool(choice.sources or choice.module)


def _sound(found: Source | Refused) -> None:
    assert found.origin == show(found.origin)
    if isinstance(found, Refused):
        assert found.reason.isprintable() and found.reason.endswith(".")
        return
    assert "\0" not in found.text and "\r" not in found.text
    assert len(found.text.encode("utf-8")) <= CODE.most


def _names(draw: Draw) -> bool:
    name = draw.name()
    said = read_name(name, draw.random.random() < 0.3)
    assert slug(name) and "/" not in slug(name)
    assert said is None or (said.student == show(said.student) and bool(said.student))
    return said is not None


READERS: tuple[tuple[str, Callable[[Draw], bool]], ...] = (
    ("source", _source), ("lines", _lines), ("archive", _archive), ("tree", _tree),
    ("names", _names),
)  # fmt: skip
