"""Let a sandbox of this process use the zygote of a sandbox that was closed.

Starting a zygote costs as much CPU time as grading several answers, and most tests ask nothing of the start. What a
start, an end or a failure does is tested in FRESH, where each sandbox has a zygote of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.sandbox.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.spawned import SpawnedWorker
from autograder.sandbox.worker import Zygote

FRESH = ("sandbox", "redteam", "firewall", "fuzz")
"""Folders of tests whose sandboxes start zygotes of their own."""

_MOST = 500  # workers forked from one zygote, fewer than a sandbox itself accepts

_idle: dict[tuple[str, Limits], list[Zygote]] = defaultdict(list)
_kinds: dict[int, tuple[str, Limits]] = {}
"""Tier and limits of each zygote, by pid, as it was started; a test may rename the tier of its sandbox."""

_start, _close = Sandbox._start, Sandbox.close


def _take_over(self: Sandbox) -> Zygote | SpawnedWorker:
    zygotes = _idle[self.tier, self.limits]
    while zygotes:
        if _is_sound(found := zygotes.pop()):
            return found
        found.close()
    started = _start(self)
    _kinds[started.pid] = self.tier, self.limits
    return started


def _hand_on(self: Sandbox) -> None:
    """Close a sandbox; keep its zygote if that is alive and has no worker."""
    source = self._source
    if self._closed or not isinstance(source, Zygote) or not source._ready or not _is_sound(source):
        _close(self)
        return
    self._closed = True
    _idle[_kinds[source.pid]].append(source)


def _is_sound(zygote: Zygote) -> bool:
    """Return whether a zygote is alive, has no worker, and has no answer left to read."""
    try:
        state = Path(f"/proc/{zygote.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return zygote.pid in _kinds and not zygote.closed and not zygote.live and zygote.spawned < _MOST and state in "SR"


def keep() -> None:
    """Replace the start and the end of sandboxes: a closed sandbox leaves its zygote to the next one."""
    Sandbox._start, Sandbox.close = _take_over, _hand_on  # type: ignore[method-assign]


@contextmanager
def kept() -> Iterator[None]:
    """Let sandboxes hand on their zygotes inside the block."""
    keep()
    try:
        yield
    finally:
        Sandbox._start, Sandbox.close = _start, _close  # type: ignore[method-assign]


def waiting() -> list[tuple[str, Limits, int, int, bool]]:
    """Return tier, limits, pid, number of workers so far and readiness of each zygote that no sandbox uses."""
    return [(*kind, z.pid, z.spawned, z._ready) for kind, zygotes in _idle.items() for z in zygotes if _is_sound(z)]


def take_back(found: Iterable[tuple[str, Limits, int, int, bool]]) -> None:
    """Take over the zygotes that a fork of this process left unused; start those anew that the fork had started."""
    ours = {zygote.pid: zygote for zygotes in _idle.values() for zygote in zygotes}
    _idle.clear()
    for tier, limits, pid, spawned, ready in found:
        zygote = ours.pop(pid, None) or Zygote(tier, limits)
        if zygote.pid == pid:
            zygote.spawned, zygote._ready = spawned, ready
        _kinds[zygote.pid] = tier, limits
        _idle[tier, limits].append(zygote)
    for zygote in ours.values():  # what came of them is unknown
        zygote.close()


def end_all() -> None:
    """End the zygotes that no sandbox uses."""
    for zygotes in _idle.values():
        while zygotes:
            zygotes.pop().close()
