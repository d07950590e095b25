"""Commit and reveal: a release says by a hash which hidden inputs will be drawn; afterwards their keys can be shown.

Each exercise has a key of its own, made from the course's, so that showing one tells nothing of the others. It is the
key that the hidden seeds come from (grade.exercise_key), and its commitment is in record/release.json.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping

from autograder.errors import UsageError
from autograder.grading.pipeline import exercise_key, variant_code

SCHEMA = "handgrad/reveal/1"
LEAST = 16
_WORDS = b"handgrad commitment 1\0"


def commitment(exercise: str, key: str) -> str:
    """What is published beforehand of an exercise's key: 64 hex digits, from which the key cannot be found."""
    return hashlib.sha256(_WORDS + exercise.encode() + b"\0" + key.encode()).hexdigest()


def commit(course_key: str, exercises: Iterable[str]) -> dict[str, str]:
    """Exercise → commitment; empty without a key. UsageError for one that could be guessed: then so could be the
    hidden inputs, once a hash is published."""
    if course_key and len(course_key) < LEAST:
        words = f"the course's key has {len(course_key)} characters, at least {LEAST} random ones are needed: its hash"
        raise UsageError(f"{words} is published. Make one: python -c 'import secrets; print(secrets.token_hex(16))'")
    return {name: commitment(name, exercise_key(course_key, name)) for name in exercises} if course_key else {}


def reveal(course_key: str, exercises: Iterable[str]) -> dict[str, str]:
    """Exercise → its key, to be published when nobody hands it in any more."""
    return {name: exercise_key(course_key, name) for name in exercises}


def verify_commitment(published: Mapping[str, str], exercise: str, key: str) -> bool:
    """Whether this key is the one that was committed to. published: exercise → commitment."""
    return hmac.compare_digest(published.get(exercise, ""), commitment(exercise, key))


def verify_paper(exercise_key: str, identity: str, code: str) -> bool:
    """Whether this is the code of the inputs that a program of this identity has to meet, as the key says."""
    return hmac.compare_digest(variant_code(exercise_key, identity).encode(), code.encode("utf-8", "replace"))
