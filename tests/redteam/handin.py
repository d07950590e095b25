"""What each case hands in: a folder with a hostile scale.py, in which one half is honest, and an honest mean_square.py.

Most hostile halves are files in submissions/; where the hostility lies in a file's bytes, kind or name, a function here
makes the folder, and its docstring says what it tries.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.submission.papers import notebook, zipped

SUBMISSIONS = Path(__file__).parent / "submissions"
FORWARD = "def scale_forward(x, w):\n    return x * w\n"
BACKWARD = "\n\ndef scale_backward(dout, x, w):\n    return dout * w, (dout * x).sum(axis=0)\n"
RIGHT = FORWARD + BACKWARD
SQUARE = """
def mean_square(x, y):
    return ((x - y) ** 2).mean()


def mean_square_backward(x, y):
    return 2 * (x - y) / x.size
"""


def hostile(name: str) -> str:
    """The hostile half."""
    return (SUBMISSIONS / f"{name}.py").read_text(encoding="utf-8")


def hand_in(name: str, root: Path) -> Path:
    """The case's folder, made in `root`."""
    maker = MAKERS.get(name)
    return maker(root) if maker else folder(root, (hostile(name) + BACKWARD).encode())


def folder(root: Path, scale: bytes | None, student: str = "student") -> Path:
    """A student's folder with these bytes as scale.py."""
    path = root / student
    path.mkdir()
    (path / "mean_square.py").write_text(SQUARE, encoding="utf-8")
    if scale is not None:
        (path / "scale.py").write_bytes(scale)
    return path


def syntax_error(root: Path) -> Path:
    """Forget a bracket."""
    return folder(root, (FORWARD.replace("x * w", "(x * w") + BACKWARD).encode())


def deep_nest(root: Path) -> Path:
    """Nest brackets deeper than any parser goes."""
    return folder(root, (FORWARD.replace("x * w", "(" * 3000 + "x" + ")" * 3000) + BACKWARD).encode())


def null_bytes(root: Path) -> Path:
    """A NUL byte in the source."""
    return folder(root, RIGHT.encode() + b"# \0\n")


def latin1(root: Path) -> Path:
    """A source in Latin-1."""
    return folder(root, "# café\n".encode("latin-1") + RIGHT.encode())


def huge_source(root: Path) -> Path:
    """A source of 10 MB, which takes seconds to parse."""
    return folder(root, RIGHT.encode() + b"x = [" + b"1," * 5_000_000 + b"]\n")


def symlink_submission(root: Path) -> Path:
    """A link to somebody else's solution in the place of the file."""
    (root / "other.py").write_text(RIGHT, encoding="utf-8")
    path = folder(root, None)
    (path / "scale.py").symlink_to(root / "other.py")
    return path


def nb_bad_json(root: Path) -> Path:
    """A notebook whose JSON breaks off."""
    path = folder(root, None)
    (path / "scale.ipynb").write_bytes(notebook(FORWARD, BACKWARD)[:-20])
    return path


def nb_magics(root: Path) -> Path:
    """A notebook with magics, shell lines, a shell cell and its own checks between right answers."""
    path = folder(root, None)
    noise = "%matplotlib inline\n!rm -rf *\nfiles = !ls\nscale_forward?\nfrom autograder import check\ncheck('scale')"
    (path / "scale.ipynb").write_bytes(notebook(noise, f"%%time\n{FORWARD}", "%%bash\nrm -rf *", BACKWARD, noise))
    return path


def zip_slip(root: Path) -> Path:
    """An archive with a member that points outside of it."""
    path = folder(root, None)
    (path / "hw.zip").write_bytes(zipped(("scale.py", RIGHT), ("../../scale.py", RIGHT)))
    return path


def zip_bomb(root: Path) -> Path:
    """An archive of 50 KB in which a source has 50 MB."""
    path = folder(root, None)
    (path / "hw.zip").write_bytes(zipped(("scale.py", RIGHT.encode() + b"#" * 50_000_000)))
    return path


def html_in_name(root: Path) -> Path:
    """A student's name that is HTML with a script; the code is right."""
    return folder(root, RIGHT.encode(), "<img src=x onerror=alert(1)>")


def csv_formula(root: Path) -> Path:
    """A student's name that a spreadsheet would compute; the code is right."""
    return folder(root, RIGHT.encode(), "=1+1")


def f_string(root: Path) -> Path:
    """An f-string of 240 KB, for which a parser may need quadratic time."""
    return folder(root, RIGHT.encode() + b"x = f'" + b"{a}" * 80_000 + b"'\n")


def some_broken_lines(root: Path) -> Path:
    """Five hundred lines none of which can be parsed, besides right functions."""
    return folder(root, RIGHT.encode() + b"\n\n" + b"x y\n" * 500)


def huge_number(root: Path) -> Path:
    """A number of 200,000 hexadecimal digits, besides right functions."""
    return folder(root, RIGHT.encode() + b"\n\nN = 0x" + b"f" * 200_000 + b"\n")


def long_elif(root: Path) -> Path:
    """A function with 800 branches, besides right functions."""
    branches = "".join(f"    elif n == {i}:\n        return {i}\n" for i in range(1, 800))
    return folder(root, f"{RIGHT}\n\ndef g(n):\n    if n == 0:\n        return 0\n{branches}".encode())


def attribute_chain(root: Path) -> Path:
    """An expression that is nested deeper than a compiler goes, besides right functions."""
    return folder(root, f"{RIGHT}\n\ndef never(a):\n    return a{'.b' * 2000}\n".encode())


def form_feeds(root: Path) -> Path:
    """Form feeds between the functions, and the soft keywords as names; right."""
    text = RIGHT.replace("\ndef", "\n\x0c\ndef") + "\nmatch = type = case = _ = 1\nif (n := 3):\n    pass\n"
    return folder(root, text.encode())


def json_of_lists(root: Path) -> Path:
    """A notebook of a few MB whose JSON is two million empty lists, each of which takes fifty times its bytes."""
    path = folder(root, None)
    (path / "scale.ipynb").write_bytes(b'{"cells": [' + b"[]," * 2_000_000 + b"[]]}")
    return path


_MADE = (
    syntax_error, deep_nest, null_bytes, latin1, huge_source, symlink_submission, nb_bad_json, nb_magics, zip_slip,
    zip_bomb, html_in_name, csv_formula, f_string, some_broken_lines, huge_number, long_elif,
    attribute_chain, form_feeds, json_of_lists,
)  # fmt: skip
MAKERS: dict[str, Callable[[Path], Path]] = {made.__name__: made for made in _MADE}
