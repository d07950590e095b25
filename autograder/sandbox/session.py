"""Run the functions of implementations in one worker at a time, which is replaced after it ended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from autograder.errors import GraderFault
from autograder.implementation import (
    Absent,
    Notes,
    Outcome,
    Raised,
    Request,
    RequestBatch,
    Returned,
    Signature,
    Stopped,
)
from autograder.sandbox.exchange import TimedOutcome
from autograder.sandbox.inside.frame import HEADER_SIZE, FrameKind, WireError, pack
from autograder.sandbox.limits import Limits, LoadStops, Total

if TYPE_CHECKING:
    from autograder.sandbox.exchange import Reply
    from autograder.sandbox.spawned import SpawnedWorker
    from autograder.sandbox.worker import Worker

    AnyWorker = Worker | SpawnedWorker

_NO_NOTES = Notes()
_ANSWER = 1 << 19
"""Most bytes of a reply with a signature, or with the notes on loading a source."""
_ROOM, _MOST_ROOM = 4, 1 << 26
Answer = TypeVar("Answer")


class WorkerSource(Protocol):
    """Source of workers. stops: lines at which texts of all its sessions ended."""

    limits: Limits
    stops: LoadStops

    def new_worker(self) -> AnyWorker: ...

    def restart(self) -> None: ...

    def carrying(self, size: int) -> float: ...

    def timing_fault(self) -> str: ...


@dataclass
class _Text:
    """State of one source: the line where loading ended (None if it did not), the final stop, and the notes."""

    stopped_at: int | None = None
    ended: Stopped | None = None
    stopped_line: tuple[tuple[int, str], ...] = ()
    notes: Notes = _NO_NOTES


class Session:
    """Context manager around one worker, which starts on first use and again after it ended."""

    def __init__(self, pool: WorkerSource, total: Total | None = None) -> None:
        self._pool = pool
        self._total = total or Total()
        self._worker: AnyWorker | None = None
        self._loaded: dict[str, str] = {}
        self._texts: dict[tuple[str, str], _Text] = {}
        self._progress: bytes | None = None
        self._touched = 0
        self._log = bytearray()
        self.ended_workers = 0

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def log(self) -> bytes:
        """Return the first bytes that student code printed, of all workers of this session."""
        current = self._worker.log if self._worker else b""
        return bytes(self._log + current)[: self._pool.limits.log]

    @property
    def pid(self) -> int | None:
        """Return the worker's pid in this process's view; None if there is no worker."""
        return self._worker.pid if self._worker else None

    def implementation(self, name: str, source: str) -> SandboxImplementation:
        """Return the implementation of `source`, which is loaded as module `name` when first needed."""
        return SandboxImplementation(self, name, source)

    @property
    def limits(self) -> Limits:
        """Return the limits of the worker."""
        return self._pool.limits

    def carrying(self, size: int) -> float:
        """Return the CPU seconds that the worker may need to receive and send `size` bytes."""
        return self._pool.carrying(size)

    def timing_fault(self) -> str:
        """Return why calls cannot be timed, "" if they can."""
        return self._pool.timing_fault()

    def close(self) -> None:
        """End the worker if there is one."""
        try:
            self._drop()
        except GraderFault:
            self._recover()

    def notes(self, name: str, source: str) -> Notes:
        """Return the lines that were skipped when this source was loaded; load it if needed."""
        self._retried(lambda: self._load(name, source))
        text = self._text(name, source)
        return Notes(text.stopped_line + text.notes.skipped)

    def ask(
        self,
        name: str,
        source: str,
        kind: FrameKind,
        body: bytes,
        seconds: float,
        read: Callable[[Reply], Answer],
        cap: int = _ANSWER,
    ) -> Answer | Stopped:
        """Send a request to the worker, with this source loaded; `read` converts the reply, of at most `cap` bytes, to
        an answer."""

        def action() -> Answer | Stopped:
            ended = self._load(name, source)
            return self._ask(kind, body, seconds, read, cap) if ended is None else ended

        return self._retried(action)

    def time(
        self, name: str, source: str, body: bytes, seconds: float, read: Callable[[Reply], Outcome], cap: int
    ) -> TimedOutcome | Outcome:
        """Make one call in three exchanges; return its outcome alone where the function did not return.

        body: of a HOLD request. seconds: of CPU time for each exchange. cap: most bytes of the result.
        """

        def action() -> TimedOutcome | Outcome:
            ended = self._load(name, source)
            return self._time(body, seconds, read, cap) if ended is None else ended

        return self._retried(action)

    def _time(
        self, body: bytes, seconds: float, read: Callable[[Reply], Outcome], cap: int
    ) -> TimedOutcome | Outcome:
        before = self._touch(len(body))
        held = self._ask(FrameKind.HOLD, body, seconds, lambda reply: reply)
        if isinstance(held, Stopped):
            return held
        ran = self._ask(FrameKind.RUN, b"", seconds, lambda reply: (reply, read(reply)))
        if isinstance(ran, Stopped):
            return ran
        run, returned = ran
        if not isinstance(returned, Returned):
            return self._ended(returned)
        fetched = self._ask(FrameKind.FETCH, b"", seconds, lambda reply: (reply, read(reply)), cap)
        if isinstance(fetched, Stopped):
            return fetched
        last, outcome = fetched
        outside = before + held.before + (held.cpu or 0.0) + run.before + last.before + (last.cpu or 0.0)
        return TimedOutcome(self._ended(outcome), returned.cpu, outside, len(body) + len(last.body))

    def _ended(self, outcome: Outcome) -> Outcome:
        """Return the outcome; end the worker if it is a stop, such as a result too large to send."""
        if isinstance(outcome, Stopped):
            self._drop()
            self.ended_workers += 1
        return outcome

    def _touch(self, size: int) -> float:
        """Have the worker write to as much memory as a first call on arguments of `size` bytes may need.

        Return its CPU seconds since the reply before. Fresh pages would cost the first call several times its own time.
        """
        room = min(_ROOM * size, _MOST_ROOM)
        if self._worker is not None and room <= self._touched:
            return 0.0
        self._touched = room
        from autograder.sandbox.answers import encode

        reply = self._ask(FrameKind.TOUCH, encode(room), self._pool.limits.import_seconds, lambda reply: reply)
        return 0.0 if isinstance(reply, Stopped) else reply.before

    def _retried(self, action: Callable[[], Answer]) -> Answer:
        """Repeat `action` once with a fresh zygote after a GraderFault; a call starts anew in a fresh worker."""
        try:
            return action()
        except GraderFault:
            self._recover()
            return action()

    def _text(self, name: str, source: str) -> _Text:
        if (name, source) not in self._texts:
            self._texts[name, source] = _Text(self._pool.stops.get(source))
        return self._texts[name, source]

    def _load(self, name: str, source: str) -> Stopped | None:
        text = self._text(name, source)
        if text.ended is not None:
            return text.ended
        if self._worker is not None and self._loaded.get(name) == source:
            return None
        ended = self._try_load(name, source, text)
        while ended is not None and ended.reason != "total" and text.stopped_at != 0:
            text.stopped_at = self._stopped_at() if text.stopped_at is None else 0
            text.stopped_line += ((text.stopped_at, f"loading ended here: {ended.detail}"),)
            if ended.reason == "time":
                self._pool.stops.put(source, text.stopped_at)
            ended = self._try_load(name, source, text)
        if ended is None or ended.reason != "total":
            text.ended = ended
        return ended

    def _stopped_at(self) -> int:
        from autograder.sandbox.answers import progress_line

        return progress_line(self._progress) or 0

    def _try_load(self, name: str, source: str, text: _Text) -> Stopped | None:
        from autograder.sandbox.answers import encode, notes

        body = encode([name, source, text.stopped_at])
        found = self._ask(FrameKind.LOAD, body, self._pool.limits.import_seconds, notes)
        if isinstance(found, Stopped):
            return found
        self._loaded[name] = source
        text.notes = found
        return None

    def _ask(
        self, kind: FrameKind, body: bytes, seconds: float, read: Callable[[Reply], Answer], cap: int = _ANSWER
    ) -> Answer | Stopped:
        allowed = min(seconds, self._pool.limits.call_seconds, self._total.left)
        if not allowed:
            return self._total.stopped
        if self._worker is None:
            self._worker = self._pool.new_worker()
        worker, started = self._worker, monotonic()
        reply = worker.ask(kind, body, allowed, cap)
        self._progress = worker.progress
        if isinstance(reply, Stopped):
            used = allowed if reply.reason == "time" else 0.0
        else:
            used = reply.before + (reply.cpu or 0.0)
        self._total.count(used, monotonic() - started)
        if isinstance(reply, Stopped) and reply.reason == "time" and not self._total.left:
            reply = self._total.stopped
        found = reply if isinstance(reply, Stopped) else self._read(reply, read)
        if isinstance(found, Stopped):
            self._ended(found)
        return found

    def _read(self, reply: Reply, read: Callable[[Reply], Answer]) -> Answer | Stopped:
        """Read the reply; any failure of the reader is charged to the sender and never ends the batch."""
        try:
            return read(reply)
        except WireError as error:
            return Stopped("protocol", str(error))
        except Exception as error:
            return Stopped("protocol", f"the reply cannot be read: {type(error).__name__}")

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        self._loaded, self._touched = {}, 0
        if worker is not None:
            self._log = (self._log + worker.log)[: self._pool.limits.log]
            worker.kill()

    def _recover(self) -> None:
        """Start a new zygote, unless the worker's zygote was replaced already."""
        outside_kill = self._worker is not None and self._worker.outside_kill
        with suppress(GraderFault):
            self._drop()
        if not outside_kill:
            self._pool.restart()


class SandboxImplementation:
    """Implementation whose functions run in the session's worker."""

    def __init__(self, session: Session, name: str, source: str) -> None:
        self._session, self._name, self.source = session, name, source

    def with_source(self, source: str) -> SandboxImplementation:
        """Return the implementation of another source, which replaces this one in the worker when it is called."""
        return SandboxImplementation(self._session, self._name, source)

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """Return the signature of `function`, or why there is none."""
        kind, body, read, cap = self._request(Request(function))
        return self._session.ask(self._name, self.source, kind, body, self._session.limits.import_seconds, read, cap)

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float,
        expected: int = 0, timed: bool = False,
    ) -> Outcome:  # fmt: skip
        """Call within `seconds` of CPU time; see `Implementation.call`.

        timed: `cpu` is that of the exchange that calls the function, and all that the worker uses from its reply before
        to the last one of this call, threads included, beyond what carrying the arrays may cost.
        """
        if timed:
            found = self.time(function, args, kwargs, seconds, expected)
            if not isinstance(found, TimedOutcome) or not isinstance(found.outcome, Returned):
                return found.outcome if isinstance(found, TimedOutcome) else found
            beyond = max(0.0, found.outside - self._session.carrying(found.size))
            return replace(found.outcome, cpu=found.run + beyond)
        kind, body, read, cap = self._request(Request(function, tuple(args), dict(kwargs), names, expected))
        return self._session.ask(self._name, self.source, kind, body, seconds, read, cap)

    def time(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float, expected: int = 0
    ) -> TimedOutcome | Outcome:
        """Call in three exchanges, of which each may take `seconds` of CPU time."""
        from autograder.sandbox.answers import encode, outcome

        cap = self._session.limits.reply_cap(expected)
        body = encode([self._name, function, tuple(args), dict(kwargs), cap])
        return self._session.time(
            self._name, self.source, body, seconds, lambda reply: outcome(reply, frozenset(), cap), cap
        )

    def timing_fault(self) -> str:
        """Return why calls cannot be timed, "" if they can."""
        return self._session.timing_fault()

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        """Return all answers in one exchange; None if the worker had to be ended."""
        from autograder.sandbox.answers import answers

        if self._name not in request_batch.memo:
            request_batch.memo[self._name] = self._pack(request_batch)
        body, readers, cap = request_batch.memo[self._name]
        found = self._session.ask(
            self._name, self.source, FrameKind.MANY, body, seconds, lambda reply: answers(reply, readers), cap
        )
        return None if isinstance(found, Stopped) else found

    def _pack(self, request_batch: RequestBatch) -> tuple[bytes, list[Callable[[Reply], Any]], int]:
        """Pack all requests into one, with a reader for each answer and the most bytes of all answers."""
        requests = [self._request(ask) for ask in request_batch.requests]
        body = b"".join(pack(i, kind, len(part)) + part for i, (kind, part, _, _) in enumerate(requests))
        cap = sum(HEADER_SIZE + most for _, _, _, most in requests)
        return body, [read for _, _, read, _ in requests], min(cap, self._session.limits.reply)

    def _request(self, ask: Request) -> tuple[FrameKind, bytes, Callable[[Reply], Any], int]:
        """Return the kind and body of a request, the reader of its answer, and the most bytes of the answer."""
        from autograder.sandbox.answers import described, encode, outcome

        if ask.args is None:
            return FrameKind.DESCRIBE, encode([self._name, ask.function]), described, _ANSWER
        cap = self._session.limits.reply_cap(ask.expected)
        known = frozenset({*ask.names, *ask.kwargs})
        body = encode([self._name, ask.function, ask.args, ask.kwargs, list(ask.names), cap])
        return FrameKind.CALL, body, lambda reply: outcome(reply, known, cap), cap

    def renew(self) -> None:
        """End the worker; the next call starts another, which loads the source anew."""
        self._session.close()

    def notes(self) -> Notes:
        """Return the lines that were skipped while the source was loaded."""
        return self._session.notes(self._name, self.source)
