"""Only a sound zygote is handed on, and only to a sandbox of its tier and limits."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from autograder.implementation import Returned
from autograder.sandbox import worker
from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from tests import zygotes


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Keep zygotes in this test."""
    with zygotes.kept():
        yield
    zygotes.end_all()


def used(sandbox: Sandbox) -> int:
    """Run an answer in a worker of the sandbox; return the pid of its zygote."""
    with sandbox.session() as session:
        done = session.implementation("one", "def one():\n    return 1\n").call("one", (), {}, names=(), seconds=5)
    assert isinstance(done, Returned) and done.value == 1
    return sandbox._source.pid


def zygote_of(tier: str = "local", limits: Limits = Limits()) -> int:
    """Use a sandbox and close it."""
    with Sandbox(tier, limits) as sandbox:
        return used(sandbox)


def test_the_next_sandbox_of_its_kind_takes_a_zygote_over() -> None:
    """A sandbox takes over the last one's zygote; other limits, or a second sandbox at once, start another."""
    first = zygote_of()
    assert zygote_of() == first != zygote_of(limits=replace(Limits(), call_seconds=0.7))
    with Sandbox("local") as one, Sandbox("local") as other:
        assert used(one) == first != used(other)


def test_a_tier_is_what_was_started() -> None:
    """A zygote of the local tier is not handed to a guarded sandbox, even if its own was renamed."""
    with Sandbox("local") as sandbox:
        first = used(sandbox)
        sandbox.tier = "guarded"
    assert ("guarded", Limits()) not in [kind[:2] for kind in zygotes.waiting()]
    assert zygote_of() == first


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP])
def test_a_zygote_that_something_happened_to_is_not_handed_on(
    sent: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zygote that was killed or stopped, before or after its sandbox was closed, is not used again."""
    monkeypatch.setattr(worker, "ANSWER_SECONDS", 0.2)  # how long a closing sandbox waits for a stopped one
    with Sandbox("local") as sandbox:
        first = used(sandbox)
    os.kill(first, sent)
    with Sandbox("local") as sandbox:
        second = used(sandbox)
        os.kill(second, sent)
    assert len({first, second, zygote_of()}) == 3


def test_a_zygote_with_a_worker_is_not_handed_on() -> None:
    """A zygote that still has a worker ends with its sandbox."""
    with Sandbox("local") as sandbox:
        session = sandbox.session()
        session.implementation("one", "def one():\n    return 1\n").call("one", (), {}, names=(), seconds=5)
    assert zygotes.waiting() == []
    session.close()
