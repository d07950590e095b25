"""Commitments to the hidden inputs: a release publishes a hash of each exercise's key, which can be revealed later.

Each exercise has its own key, derived from the course's key, so that one revealed key says nothing about the others.
The hidden seeds are derived from it (grading.pipeline.exercise_key); the commitment is in record/release.json.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from autograder.errors import UsageError
from autograder.grading.pipeline import exercise_key

SCHEMA = "handgrad/reveal/1"
LEAST = 16
_WORDS = b"handgrad commitment 1\0"


def commitment(exercise: str, key: str) -> str:
    """Return the published hash of an exercise's key: 64 hex digits, from which the key cannot be computed."""
    return hashlib.sha256(_WORDS + exercise.encode() + b"\0" + key.encode()).hexdigest()


def commit(course_key: str, exercises: Iterable[str]) -> dict[str, str]:
    """Return exercise → commitment; empty without a key.

    UsageError for a short key: it could be guessed from the published hash, and the hidden inputs computed from it.
    """
    if course_key and len(course_key) < LEAST:
        words = f"the course's key has {len(course_key)} characters, at least {LEAST} random ones are needed: its hash"
        raise UsageError(f"{words} is published. Make one: python -c 'import secrets; print(secrets.token_hex(16))'")
    return {name: commitment(name, exercise_key(course_key, name)) for name in exercises} if course_key else {}
