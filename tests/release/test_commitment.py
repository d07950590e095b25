"""Commitments reveal no key, revealed keys are verified, and a key says nothing about other exercises."""

from __future__ import annotations

import pytest

from autograder.errors import UsageError
from autograder.grading.identity import identity
from autograder.grading.pipeline import exercise_key, variant_code
from autograder.release.commitment import commit, commitment

KEY = "0123456789abcdef0123"


def test_what_is_revealed_is_what_was_committed_to():
    """The revealed key of each exercise matches its commitment."""
    published, keys = commit(KEY, ["relu", "conv2d"]), {name: exercise_key(KEY, name) for name in ("relu", "conv2d")}
    assert all(published[name] == commitment(name, key) for name, key in keys.items())


def test_another_key_or_another_exercise_s_is_seen():
    """Another key, another exercise's key and an exercise without commitment do not match."""
    published, keys = commit(KEY, ["relu", "conv2d"]), {name: exercise_key(KEY, name) for name in ("relu", "conv2d")}
    assert published["relu"] != commitment("relu", exercise_key(KEY + "x", "relu"))
    assert published["relu"] != commitment("relu", keys["conv2d"])
    assert "dense" not in published


def test_nothing_published_tells_the_key():
    """The commitments are hashes of derived keys, and all are different."""
    published = commit(KEY, ["relu", "conv2d"])
    assert KEY not in str(published) and len(set(published.values())) == 2
    assert all(len(code) == 64 for code in published.values())
    assert exercise_key(KEY, "relu") not in str(published)
    assert commitment("relu", "k") != commitment("rel", "uk")


def test_a_key_that_could_be_guessed_is_refused():
    """A short key is refused, because it could be found from its hash."""
    with pytest.raises(UsageError, match=r"has 6 characters, at least 16 random ones are needed.+secrets\.token_hex"):
        commit("secret", ["relu"])
    assert commit("", ["relu"]) == {}


def test_the_code_of_a_graded_report_follows_from_the_revealed_key():
    """The code in a graded report is computed from the program's identity and the exercise's key."""
    who = identity("def relu(x):\n    return x\n")
    code = variant_code(exercise_key(KEY, "relu"), who)
    assert variant_code(exercise_key(KEY, "conv2d"), who) != code
    assert variant_code(exercise_key(KEY, "relu"), identity("x = 1")) != code
