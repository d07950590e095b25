"""Who handed in: entries under the ids of students.csv, who is missing, and doubts."""

from __future__ import annotations

from pathlib import Path

from autograder.course.policy.policy import Student
from autograder.platforms.roster import Roster, attendance, identifiers
from autograder.submission.source import Entry

CLASS = (
    Student("101", "Müller, Anna", "A", "amueller", "hw1-amueller"),
    Student("102", "Jane Doe", "B", "jdoe"),
    Student("103", "Lee Ng"),
)


def entries(*names: str) -> list[Entry]:
    return [Entry(name, Path(name)) for name in names]


def students(*names: str) -> list[str]:
    """Return the students under whom these entries are graded."""
    return [entry.student for entry in attendance(entries(*names), CLASS).entries]


def test_an_entry_is_known_by_id_login_repository_name_or_number() -> None:
    """As folders, clones and downloads of Canvas and Moodle are named."""
    assert students("101", "jdoe", "Lee Ng") == ["101", "102", "103"]
    assert students("hw1-amueller", "Jane Doe") == ["101", "102"]
    assert students("mülleranna_101", "doejane_102") == ["101", "102"]
    assert students("Anna Müller_90001", "Jane Doe_90002") == ["101", "102"]


def test_who_handed_in_nothing_is_missing() -> None:
    """In the order of the list; without a list nobody is."""
    found = attendance(entries("jdoe"), CLASS)
    assert found.missing == ("101", "103") and found.students == ["101", "102", "103"] and not found.remarks
    assert attendance(entries("jdoe"), ()).students == ["jdoe"]


def test_an_unlisted_name_keeps_the_name_and_is_told_with_the_nearest() -> None:
    """The same for two entries of one person, of which neither is chosen."""
    found = attendance(entries("jdeo", "101", "amueller"), CLASS)
    assert [entry.student for entry in found.entries] == ["jdeo", "101", "amueller"]
    assert any(words.startswith("jdeo is not in students.csv") and "Jane Doe" in words for words in found.remarks)
    assert sum("101, amueller are one person" in words for words in found.remarks) == 2


def test_copies_of_a_name_are_one_doubt() -> None:
    """As browsers, people and GitHub Classroom number them; numbered names without a plain one are none."""
    found = attendance(entries("anna", "anna (1)", "anna v2", "bob", "bob-1", "group-1", "group-2"), ())
    assert [words.partition(":")[0] for words in found.remarks] == ["anna, anna (1), anna v2", "bob, bob-1"]


def test_a_platform_knows_a_student_by_the_first_word_that_it_has() -> None:
    """By login where its table has no such id, by name where it has neither."""
    table = Roster()
    table.add("login", ["amueller", "102"])
    table.add("name", ["Anna", "Jane", "Lee Ng"])
    assert identifiers(CLASS, table) == {"101": "amueller", "102": "102", "103": "Lee Ng"}
