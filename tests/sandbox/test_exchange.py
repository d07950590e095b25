"""One exchange over real pipes, with given readings of the worker's clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from autograder.implementation import Stopped
from autograder.sandbox import exchange
from autograder.sandbox.exchange import Ends, Exchange, ExchangeEnded, Reply, WorkerEnded
from autograder.sandbox.inside.frame import FrameKind, pack
from autograder.sandbox.limits import Limits

SEQ, CAP = 1, 1 << 16
FORGED = pack(SEQ, FrameKind.RETURNED, 2) + b"ok"
QUESTION = pack(SEQ, FrameKind.CALL, 0)


class Pipes:
    """Pipes of a worker with both ends in the test; the worker is this process, which never ends."""

    def __init__(self) -> None:
        pairs = [os.pipe() for _ in range(3)]
        (self.asked, request), (reply, self.reply), (log, self.log) = pairs
        for fd in (request, reply, log):
            os.set_blocking(fd, False)
        self.ends = Ends(os.getpid(), os.pidfd_open(os.getpid()), request, reply, log)
        self.held = {fd for pair in pairs for fd in pair} | {self.ends.pidfd}

    def close(self, fd: int) -> None:
        self.held.remove(fd)
        os.close(fd)

    def run(self, question: bytes, seconds: float = 1.0) -> Reply:
        return Exchange(self.ends, Limits(), SEQ, CAP).run(question, seconds)


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    made = Pipes()
    yield made
    for fd in list(made.held):
        made.close(fd)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Provide readings(a, b, …): the readings of the worker's CPU clock, of which the last repeats."""

    def say(*seconds: float) -> None:
        left = list(seconds)
        monkeypatch.setattr(exchange, "cpu_time", lambda pid: left.pop(0) if len(left) > 1 else left[0])
        monkeypatch.setattr(exchange, "settle", lambda pid: None)

    say(0.0)
    return say


@pytest.mark.parametrize("early", [FORGED, FORGED[:1], FORGED[:-1], b"\0"], ids=["whole", "a byte", "cut", "no frame"])
def test_bytes_before_the_question_are_no_part_of_its_answer(pipes, readings, early):
    """Bytes before the request end the worker, even a frame with the next request's number."""
    os.write(pipes.reply, early)
    with pytest.raises(ExchangeEnded) as broken:
        pipes.run(QUESTION)
    assert broken.value.stopped == Stopped("protocol", "the process wrote to the grader without being asked")


def test_a_worker_that_has_closed_its_pipe_is_gone(pipes, readings):
    """A worker that closed its pipe before the request is reported as ended."""
    pipes.close(pipes.reply)
    with pytest.raises(WorkerEnded):
        pipes.run(QUESTION)


def test_the_greeting_needs_no_question(pipes, readings):
    """The first reply needs no request."""
    os.write(pipes.reply, FORGED)
    assert pipes.run(b"") == Reply(FrameKind.RETURNED, b"ok", 0.0)


def test_an_answer_that_took_too_long_does_not_count_because_it_is_complete(pipes, readings):
    """A complete reply that took more CPU time than allowed is not accepted."""
    readings(10.0, 10.9, 11.25)
    os.write(pipes.reply, FORGED)
    with pytest.raises(ExchangeEnded) as broken:
        pipes.run(b"", seconds=1.0)
    assert broken.value.stopped == Stopped("time", "more than 1 s of CPU time")


def test_an_answer_that_took_all_its_time_counts(pipes, readings):
    """A reply that took exactly the allowed time is accepted."""
    readings(10.0, 10.9, 11.0)
    os.write(pipes.reply, FORGED)
    assert pipes.run(b"", seconds=1.0) == Reply(FrameKind.RETURNED, b"ok", 1.0)
