"""Fingerprints of code do not depend on how it is written."""

from __future__ import annotations

import pytest

from autograder.authoring.fingerprints import of_code, parse, syntax_hashes, tokens_of, word_hashes

SECRET = '''
def conv(x, w, b, *, stride=1):
    """The statement."""
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    out = np.tensordot(windows, w, axes=([4, 5, 3], [0, 1, 2])) + b  # a comment
    return out
'''


def marks(text):
    """Return the fingerprints of a piece of code."""
    return of_code(text, "secret.py")


def known(found, secret):
    """Return the place of the first secret fingerprint among these, None without."""
    return next((secret[fingerprint] for fingerprint, _ in found if fingerprint in secret), None)


def syntax_of(text):
    """Return the place of secret syntax in a text, None without."""
    return known(syntax_hashes(parse(text)), marks(SECRET))


def words_of(text):
    """Return the place of secret words in a text, None without."""
    return known(word_hashes(tokens_of(text)), marks(SECRET))


DISGUISED = {
    "as it is": SECRET,
    "other names": SECRET.replace("windows", "patches").replace("out", "y").replace("w,", "kernel,"),
    "another function": "def mine(img, kernel, bias, *, stride=3):\n    y = np.tensordot(img, kernel, "
                        "axes=([4, 5, 3], [0, 1, 2])) + bias\n    return y",
    "without layout": "y=np.lib.stride_tricks.sliding_window_view(a,k.shape[:2],axis=(1,2))[:,::s,::s]",
    "spread over lines": "y = np.tensordot(\n    a,\n    k,\n    axes=([4, 5, 3], [0, 1, 2]),\n) + c",
    "with types": "def f(x: np.ndarray, k: int, c: float):\n"
                  "    y: np.ndarray = np.tensordot(x, k, axes=([4, 5, 3], [0, 1, 2])) + c\n    return y",
    "in a lambda": "f = lambda a, k, c: np.tensordot(a, k, axes=([4, 5, 3], [0, 1, 2])) + c",
}  # fmt: skip


@pytest.mark.parametrize("text", DISGUISED.values(), ids=DISGUISED)
def test_syntax_sees_through_names_and_layout(text):
    """Renamed and reformatted code is found, with its line in the secret."""
    assert syntax_of(text).startswith("secret.py:")


@pytest.mark.parametrize("text", [
    "y = np.tensordot(a, k, axes=([3, 4, 5], [0, 1, 2])) + c", "def conv(x, w, b): raise NotImplementedError",
    "return_value = x + 1",
])  # fmt: skip
def test_other_code_is_not_taken_for_it(text):
    """Code with another constant or operation has other fingerprints."""
    assert syntax_of(text) is None


def test_words_are_found_in_what_is_no_python():
    """Words are found in prose, in part of a line, and after line numbers."""
    assert words_of("Hint: take np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, and so on")
    assert words_of("12: out = np.tensordot(windows, w,\n13:   axes=([4, 5, 3], [0, 1, 2])) + b") is None
    assert words_of("The windows of x are multiplied by w and summed over rows, columns and channels, plus b.") is None


def test_a_table_of_numbers_is_no_code():
    """A run of numbers without names has no fingerprint."""
    found = of_code("x = literal([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]])", "spec.py")
    assert known(word_hashes(tokens_of('{"x": [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12], [13, 14, 15, 16]]}')),
                 found) is None  # fmt: skip


def test_a_short_answer_is_told_by_its_name():
    """A one-line function is found by its name and body; the expression alone is not secret."""
    short = marks("def relu_forward(x):\n    return np.maximum(x, 0)")
    assert known(syntax_hashes(parse("def relu_forward(a):\n    return np.maximum(a, 0)")), short)
    assert known(syntax_hashes(parse("def clip(a):\n    return np.maximum(a, 0)")), short) is None


def test_what_is_free_is_taken_out():
    """Code in the statement of a secret is not secret."""
    free = marks("y = np.tensordot(a, k, axes=([4, 5, 3], [0, 1, 2])) + c")
    left = {fingerprint: place for fingerprint, place in marks(SECRET).items() if fingerprint not in free}
    assert known(syntax_hashes(parse("q = np.tensordot(m, n, axes=([4, 5, 3], [0, 1, 2])) + o")), left) is None
    assert known(syntax_hashes(parse(SECRET)), left)


def test_what_is_no_python_has_no_syntax():
    """Text that is not Python raises SyntaxError."""
    with pytest.raises(SyntaxError):
        marks("def f(:")
