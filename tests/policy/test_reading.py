"""Reading course.toml, and the errors for invalid content."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course.policy.policy import Policy
from autograder.course.policy.read import line_of, read_policy
from autograder.errors import CourseError

UNITS = {"relu": "02_layers", "conv2d": "02_layers", "momentum": "04_optimizers"}

WHOLE = """\
title = "Deep learning by hand"

[weights]
"02_layers" = 2
conv2d = 1.5

[due]
default = 2026-12-01T23:59:00+01:00
"04_optimizers" = 2026-12-08T23:59:00Z

[late]
grace = "15 min"
per_day = 10
cap = 50
closes = "1 week, 12 hours"
of = "max"

[drop]
lowest = 1

[follow_through]
share = 0.5

[extensions]
alice = "2 days"
bob = { conv2d = "1 week" }

[key]
env = "COURSE_KEY"
file = "course.key"
"""


def read(tmp_path, text):
    """Return the policy of a course with this course.toml."""
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    return read_policy(tmp_path, UNITS)


def complaint(tmp_path, text):
    """Return the error for this course.toml, without the folder's name."""
    with pytest.raises(CourseError) as caught:
        read(tmp_path, text)
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_a_course_without_rules_has_the_plain_ones(tmp_path):
    """A course without course.toml has the default policy."""
    assert read_policy(tmp_path, UNITS) == Policy()


def test_all_that_can_be_said(tmp_path):
    """Each key of each table is read into its field."""
    policy = read(tmp_path, WHOLE)
    assert policy.title == "Deep learning by hand"
    assert policy.weight("02_layers", "conv2d") == 3
    assert policy.weight("04_optimizers", "momentum") == 1
    assert policy.late.grace == timedelta(minutes=15)
    assert policy.late.closes == timedelta(days=7, hours=12)
    assert (policy.late.per_day, policy.late.cap, policy.late.of) == (10, 50, "max")
    assert (policy.drop, policy.follow_through) == (1, 0.5)
    assert (policy.key_env, policy.key_file) == ("COURSE_KEY", tmp_path / "course.key")


def test_the_nearest_rule_counts(tmp_path):
    """An exercise's date precedes its unit's, and that the default; so do extensions."""
    policy = read(tmp_path, WHOLE)
    assert policy.due_at("zoe", "02_layers", "relu") == datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
    assert policy.due_at("zoe", "04_optimizers", "momentum") == datetime(2026, 12, 8, 23, 59, tzinfo=UTC)
    assert policy.due_at("alice", "02_layers", "relu") == datetime(2026, 12, 3, 22, 59, tzinfo=UTC)
    assert policy.due_at("bob", "02_layers", "relu") == datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
    assert policy.due_at("bob", "02_layers", "conv2d") == datetime(2026, 12, 8, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[weights]\nrelu = 1\nconv2 = 2\n",
         "course.toml, line 3: nothing is called 'conv2' here. Did you mean conv2d?"),
        ("[weight]\nrelu = 1\n", "course.toml, line 1: nothing is called 'weight' here. Did you mean weights?"),
        ("[weights]\nrelu = -1\n", "course.toml, line 2: relu is -1, expected a factor such as 1.5; 0 leaves it out."),
        ("[weights]\nrelu = true\n",
         "course.toml, line 2: relu is True, expected a factor such as 1.5; 0 leaves it out."),
        ("[weights]\nrelu = nan\n",
         "course.toml, line 2: relu is nan, expected a factor such as 1.5; 0 leaves it out."),
        ("weights = 3\n",
         "course.toml, line 1: weights is 3, expected a table. Write [weights] and its keys below it."),
        ("[due]\n\nrelu = 2026-12-01T23:59:00\n",
         "course.toml, line 3: relu is 2026-12-01 23:59:00, expected its offset from UTC too, such as "
         "2026-12-01T23:59:00+01:00 or 2026-12-01T23:59:00Z."),
        ("[due]\nrelu = 2026-12-01\n",
         "course.toml, line 2: relu is 2026-12-01, expected a time on 2026-12-01 with its offset from UTC, such as "
         "2026-12-01T23:59:00+01:00."),
        ("[late]\ngrace = 15\n",
         'course.toml, line 2: grace is 15, expected a length of time such as "15 min", "2 days" or "1 week".'),
        ('[late]\ngrace = "15 parsecs"\n',
         'course.toml, line 2: grace is "15 parsecs", expected a length of time such as "15 min", "2 days" or '
         '"1 week".'),
        ("[late]\nper_day = 110\n",
         "course.toml, line 2: per_day is 110, expected percent from 0 to 100, such as 10."),
        ('[late]\nof = "all"\n',
         'course.toml, line 2: of is "all", expected "score" (of what was earned) or "max" (of what could be).'),
        ("[drop]\nlowest = 1.5\n", "course.toml, line 2: lowest is 1.5, expected a whole number such as 1."),
        ("[drop]\nlow = 1\n", "course.toml, line 2: nothing is called 'low' here. Did you mean lowest?"),
        ("[drop]\nhighest = 1\n", "course.toml, line 2: nothing is called 'highest' here. Known here: lowest."),
        ("[follow_through]\nshare = 2\n",
         "course.toml, line 2: share is 2, expected a share from 0 to 1, such as 0.5."),
        ('[extensions]\nbob = { relo = "1 day" }\n',
         "course.toml, line 2: nothing is called 'relo' here. Did you mean relu?"),
        ('[extensions.bob]\nrelu = "soon"\n',
         'course.toml, line 2: relu is "soon", expected a length of time such as "15 min", "2 days" or "1 week".'),
        ('[key]\nenv = "my key"\n',
         'course.toml, line 2: env is "my key", expected the name of an environment variable, such as '
         '"HANDGRAD_KEY".'),
        ("[weights\n", "course.toml is no TOML: Expected ']' at the end of a table declaration (at line 1, column 9)."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_with_its_line(tmp_path, text, words):
    """The error names file, line, the value found and the value expected."""
    assert complaint(tmp_path, text) == words


def test_a_file_in_another_encoding(tmp_path):
    """A file that is not UTF-8 is refused with the repair."""
    (tmp_path / "course.toml").write_bytes('title = "Zürich"'.encode("latin-1"))
    with pytest.raises(CourseError, match="Save it as UTF-8"):
        read_policy(tmp_path, UNITS)


@given(st.text(alphabet='[]"=.#relu conv2d due\n0123456789-:TZ{}', max_size=80))
def test_any_text_is_a_policy_or_a_complaint(tmp_path_factory, text):
    """Any text gives a policy or a CourseError, and no other exception."""
    folder = tmp_path_factory.mktemp("course")
    try:
        assert isinstance(read(folder, text), Policy)
    except CourseError as error:
        assert "course.toml" in str(error)


def test_lines_of_keys():
    """Quoted, dotted and nested keys are found; for an absent key the line of its table is given."""
    text = 'a.b = 1\n\n[c."d e"]\n"f" = 2\n'
    assert line_of(text, ("a", "b")) == 1
    assert line_of(text, ("c", "d e", "f")) == 4
    assert line_of(text, ("c", "d e", "missing")) == 3
    assert line_of(text, ("nothing",)) is None


def test_the_key_comes_from_the_environment_or_a_file(tmp_path):
    """The environment precedes the file; a missing file is an error."""
    policy = read(tmp_path, WHOLE)
    assert policy.key({"COURSE_KEY": "from outside"}) == "from outside"
    with pytest.raises(CourseError, match="Or set COURSE_KEY"):
        policy.key({})
    (tmp_path / "course.key").write_text("from the file\n", encoding="utf-8")
    assert policy.key({}) == "from the file"
    assert Policy().key({}) == ""
