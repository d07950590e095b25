"""Tests of a student's progress and of the next exercise."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from autograder.frontends.watch.progress import Progress, following, load, save, seen_in, states
from autograder.report.report import ExerciseReport
from autograder.submission.source import Source, Submission

SHA = "ab" * 32


@dataclass(frozen=True)
class Named:
    """Exercise with a name and requirements only."""

    name: str
    requires: tuple[str, ...] = field(default=())


COURSE = (Named("dense"), Named("relu"), Named("mlp", ("dense", "relu")), Named("cnn", ("mlp", "elsewhere")))


def found(*done):
    """Return the states of the course where these exercises are done."""
    return states(COURSE, Progress(dict.fromkeys(done, SHA)))


def graded(status, score=0.0, source=SHA):
    """Return a verdict on dense."""
    return ExerciseReport("dense", "u", status, score, 10.0, source=source)


def test_an_exercise_opens_when_what_it_needs_is_done():
    """An exercise opens when its requirements are done; those outside the course are ignored."""
    assert found() == {"dense": "untouched", "relu": "untouched", "mlp": "locked", "cnn": "locked"}
    assert found("dense", "relu") == {"dense": "done", "relu": "done", "mlp": "untouched", "cnn": "locked"}
    assert found("dense", "relu", "mlp")["cnn"] == "untouched"


def test_what_is_begun_is_not_locked():
    """An exercise that was checked has the state of its latest verdict, whatever it requires."""
    progress = Progress(begun={"mlp": "failing"})
    assert states(COURSE, progress)["mlp"] == "failing"


def test_next_goes_on_from_here_and_round():
    """The next exercise is the following open one, then the first one, and None when all is done."""
    assert following(found(), "dense") == "relu"
    assert following(found("relu"), "mlp") == "dense"
    assert following(found("dense", "relu"), None) == "mlp"
    assert following(found(*(item.name for item in COURSE)), "dense") is None


def test_only_a_pass_is_done():
    """A later failure reopens an exercise; a broken report or a stub changes nothing."""
    progress = Progress()
    progress.note(graded("passed", 10.0))
    assert (progress.done, progress.points) == ({"dense": SHA}, {"dense": 10.0})
    progress.note(graded("broken"))
    progress.note(graded("skipped", source=None))
    assert progress.done == {"dense": SHA}
    progress.note(graded("failed", 4.0))
    assert (progress.done, progress.points, progress.begun) == ({}, {"dense": 4.0}, {"dense": "failing"})


def test_what_was_changed_since_is_open_again():
    """What was changed or removed since is unchecked, and so is what is written and was never checked."""
    progress = Progress({"dense": SHA, "relu": SHA, "mlp": SHA})
    texts = {"dense": ("def f(): ...", SHA), "relu": ("def g(): ...", "cd" * 32), "cnn": ("def h(): ...", SHA),
             "stub": ("raise NotImplementedError", SHA)}  # fmt: skip
    sources = {name: Source(text, sha, f"{name}.py") for name, (text, sha) in texts.items()}
    progress.compare(seen_in(Submission("ann", sources, {}), dict.fromkeys((*texts, "mlp"), ())))
    assert progress.done == {"dense": SHA}
    assert progress.begun == {"relu": "unchecked", "mlp": "unchecked", "cnn": "unchecked"}


def test_it_survives_a_restart(tmp_path):
    """Saved progress is loaded, and git ignores its file."""
    progress = Progress({"dense": SHA}, {"dense": 10.0, "relu": 2.5}, {"relu": "failing"}, "relu")
    save(tmp_path, progress)
    assert load(tmp_path) == progress
    assert (tmp_path / ".handgrad" / ".gitignore").read_text(encoding="utf-8") == "*\n"


@given(st.one_of(st.binary(max_size=60), st.sampled_from([
    b"[]", b'{"schema": "handgrad/progress/1", "done": [1], "points": {"a": "b"}, "current": 3}',
    b'{"schema": "handgrad/progress/1"}', b"[" * 100_000,
])))  # fmt: skip
def test_a_damaged_record_is_no_record(tmp_path_factory, data):
    """Any damaged file gives empty progress."""
    folder = tmp_path_factory.mktemp("work")
    (folder / ".handgrad").mkdir()
    (folder / ".handgrad" / "progress.json").write_bytes(data)
    assert load(folder) == Progress()


def test_a_folder_that_cannot_be_written_to_is_left_alone(tmp_path):
    """Saving does nothing where a file has the name of the record's folder."""
    (tmp_path / ".handgrad").write_text("mine", encoding="utf-8")
    save(tmp_path, Progress({"dense": SHA}))
    assert load(tmp_path) == Progress()
