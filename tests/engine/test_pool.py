"""The pool: real processes, and no task is ever lost."""

from __future__ import annotations

import multiprocessing

import pytest

from autograder.batch.pool import Died, _give, _start, _stop, run
from tests.engine.work import prepare, refuse


def results(tasks, jobs=2):
    """Index → result, each index exactly once."""
    done = list(run(prepare, (100,), tasks, jobs))
    assert sorted(index for index, _ in done) == list(range(len(tasks)))
    return dict(done)


@pytest.mark.parametrize(("count", "jobs"), [(7, 2), (1, 3), (0, 2)])
def test_every_task_has_its_own_result(count, jobs):
    """In whatever order they come, with more jobs than tasks or none at all."""
    assert results(list(range(count)), jobs) == {i: i + 100 for i in range(count)}


def test_a_task_that_kills_its_grader_twice_is_told_apart(tmp_path):
    """It gets a second try and then a Died; one that fails once succeeds; all others complete."""
    once = str(tmp_path / "once")
    found = results([1, ("exit", 3), 2, ("exit once", once), 3, 4])
    assert {i: found[i] for i in (0, 2, 4, 5)} == {0: 101, 2: 102, 4: 103, 5: 104}
    assert found[3] == "at the second try"
    assert isinstance(found[1], Died)
    assert str(found[1]) == "the grader process ended with code 3"


def test_an_exception_in_the_work_is_a_death_too(capfd):
    """The machinery does not guess what an exception left behind: the process ends, and says why on stderr."""
    found = results([("raise", "a defect of ours"), 5], jobs=1)
    assert isinstance(found[0], Died) and found[1] == 105
    assert capfd.readouterr().err.count("ValueError: a defect of ours") == 2


def test_a_preparation_that_fails_fails_every_task(capfd):
    """No endless restarting: each task has its two tries."""
    done = dict(run(refuse, (), ["one", "two"], 2))
    assert {index: str(result) for index, result in done.items()} == {
        0: "the grader process ended with code 1", 1: "the grader process ended with code 1"
    }  # fmt: skip
    assert "no course here" in capfd.readouterr().err


def test_a_grader_serves_many_tasks():
    """A process is prepared once and not once per task."""
    found = results([("pid",)] * 4, jobs=1)
    assert len(set(found.values())) == 1


def test_a_grader_that_ended_just_before_it_is_given_a_task_costs_nothing():
    """The broken pipe is noticed by the next wait, not by an exception that ends the batch."""
    grader = _start(prepare, (0,))
    grader.process.kill()
    grader.process.join()
    tries = [0]
    _give(grader, [0], [1], tries)
    assert (grader.task, tries) == (0, [1])
    _stop(grader)


def test_no_process_is_left_behind():
    """Neither after the last result nor when the reader stops early."""
    before = set(multiprocessing.active_children())
    graders = run(prepare, (0,), list(range(5)), 2)
    next(graders)
    assert len(set(multiprocessing.active_children()) - before) == 2
    graders.close()
    assert set(multiprocessing.active_children()) <= before
