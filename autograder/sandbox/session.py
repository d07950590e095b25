"""Run the functions of implementations in one worker at a time, which is replaced after it ended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from autograder.errors import GraderFault
from autograder.implementation import Implementation, Outcome, Request, RequestBatch, Returned, Stopped
from autograder.sandbox.answers import answers, described, encode, loaded, outcome, progress_line
from autograder.sandbox.exchange import Reply, TimedOutcome
from autograder.sandbox.inside.frame import HEADER_SIZE, FrameKind, WireError, pack
from autograder.sandbox.limits import Limits, Total

if TYPE_CHECKING:
    from autograder.sandbox.spawned import SpawnedWorker
    from autograder.sandbox.worker import Worker

_ANSWER = 1 << 19
"""Most bytes of a reply with a signature, or of one that says that a source was loaded."""
_ROOM, _MOST_ROOM = 4, 1 << 26
Answer = TypeVar("Answer")


class WorkerSource(Protocol):
    """Part of `Sandbox` that a session uses; a protocol, because the module of `Sandbox` imports this one."""

    MOST_STOPS: int
    limits: Limits
    stops: dict[str, int]

    def new_worker(self) -> Worker | SpawnedWorker: ...

    def restart(self) -> None: ...

    def carrying(self, size: int) -> float: ...

    def timing_fault(self) -> str: ...


@dataclass(frozen=True)
class Message:
    """A request to a worker, and how its answer is read."""

    kind: FrameKind
    body: bytes
    read: Callable[[Reply], Any] = lambda reply: reply
    cap: int = _ANSWER
    """Most bytes of the reply."""


@dataclass
class _Text:
    """State of one source: the line where loading ended (None if it did not), and the final stop."""

    stopped_at: int | None = None
    ended: Stopped | None = None


class Session:
    """Context manager around one worker, which starts on first use and again after it ended.

    ended_workers: how many workers were ended by what they ran.
    """

    def __init__(self, sandbox: WorkerSource, total: Total | None = None) -> None:
        self.sandbox = sandbox
        self._total = total or Total()
        self._worker: Worker | SpawnedWorker | None = None
        self._loaded: dict[str, str] = {}
        self._texts: dict[tuple[str, str], _Text] = {}
        self._progress: bytes | None = None
        self._touched = 0
        self.ended_workers = 0

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Return the worker's pid in this process's view; None if there is no worker."""
        return self._worker.pid if self._worker else None

    def implementation(self, name: str, source: str) -> SandboxImplementation:
        """Return the implementation of `source`, which is loaded as module `name` when first needed."""
        return SandboxImplementation(self, name, source)

    def close(self) -> None:
        """End the worker if there is one."""
        try:
            self._drop()
        except GraderFault:
            self._recover()

    def ask(self, name: str, source: str, message: Message, seconds: float) -> Any:
        """Return the worker's answer to a message, with `source` loaded; a Stopped if the worker was ended."""
        return self.loaded(name, source, lambda: self._ask(message, seconds))

    def loaded(self, name: str, source: str, action: Callable[[], Any]) -> Any:
        """Return what `action` returns once the worker has this source; a Stopped if it cannot be loaded.

        After a GraderFault all of it is repeated once, in a fresh worker of a fresh zygote.
        """
        try:
            return self._load(name, source) or action()
        except GraderFault:
            self._recover()
            return self._load(name, source) or action()

    def time(self, body: bytes, seconds: float, read: Callable[[Reply], Outcome], cap: int) -> TimedOutcome | Outcome:
        """Make one call in three exchanges; return its outcome alone where the function did not return.

        body: of a HOLD request. seconds: of CPU time for each exchange. cap: most bytes of the result.
        """
        both = lambda reply: (reply, read(reply))  # noqa: E731
        before = self._touch(len(body))
        held = self._ask(Message(FrameKind.HOLD, body), seconds)
        if isinstance(held, Stopped):
            return held
        ran = self._ask(Message(FrameKind.RUN, b"", both), seconds)
        if isinstance(ran, Stopped):
            return ran
        run, returned = ran
        if not isinstance(returned, Returned):
            return self._ended(returned)
        fetched = self._ask(Message(FrameKind.FETCH, b"", both, cap), seconds)
        if isinstance(fetched, Stopped):
            return fetched
        last, result = fetched
        outside = before + held.before + (held.cpu or 0.0) + run.before + last.before + (last.cpu or 0.0)
        return TimedOutcome(self._ended(result), returned.cpu, outside, len(body) + len(last.body))

    def _ended(self, found: Answer) -> Answer:
        """Return the outcome; end the worker if it is a stop, such as a result too large to send."""
        if isinstance(found, Stopped):
            self._drop()
            self.ended_workers += 1
        return found

    def _touch(self, size: int) -> float:
        """Have the worker write to as much memory as a first call on arguments of `size` bytes may need.

        Return its CPU seconds since the reply before. Fresh pages would cost the first call several times its own time.
        """
        room = min(_ROOM * size, _MOST_ROOM)
        if self._worker is not None and room <= self._touched:
            return 0.0
        self._touched = room
        reply = self._ask(Message(FrameKind.TOUCH, encode(room)), self.sandbox.limits.import_seconds)
        return 0.0 if isinstance(reply, Stopped) else float(reply.before)

    def _load(self, name: str, source: str) -> Stopped | None:
        """Load the source unless the worker has it; return why loading is stopped. The first such line is left out."""
        stops = self.sandbox.stops
        text = self._texts.setdefault((name, source), _Text(stops.get(source)))
        if text.ended is not None:
            return text.ended
        if self._worker is not None and self._loaded.get(name) == source:
            return None
        while ended := self._ask(
            Message(FrameKind.LOAD, encode([name, source, text.stopped_at]), loaded), self.sandbox.limits.import_seconds
        ):
            if ended.reason == "total":
                return self._total.stopped
            if text.stopped_at == 0:
                text.ended = ended
                return text.ended
            text.stopped_at = (progress_line(self._progress) or 0) if text.stopped_at is None else 0
            if ended.reason == "time":
                stops[source] = text.stopped_at
                if len(stops) > self.sandbox.MOST_STOPS:
                    del stops[next(iter(stops))]
        self._loaded[name] = source
        return None

    def _ask(self, message: Message, seconds: float) -> Any:
        allowed = min(seconds, self.sandbox.limits.call_seconds, self._total.left)
        if not allowed:
            return self._total.stopped
        if self._worker is None:
            self._worker = self.sandbox.new_worker()
        started = monotonic()
        reply = self._worker.ask(message.kind, message.body, allowed, message.cap)
        self._progress = self._worker.progress
        if isinstance(reply, Reply):
            self._total.count(reply.before + (reply.cpu or 0.0), monotonic() - started)
            return self._ended(_read(reply, message.read))
        self._total.count(allowed if reply.reason == "time" else 0.0, monotonic() - started)
        return self._ended(self._total.stopped if reply.reason == "time" and not self._total.left else reply)

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        self._loaded, self._touched = {}, 0
        if worker is not None:
            worker.kill()

    def _recover(self) -> None:
        """End the worker and start a new zygote, unless the worker's zygote was replaced already."""
        outside_kill = self._worker is not None and self._worker.outside_kill
        with suppress(GraderFault):
            self._drop()
        if not outside_kill:
            self.sandbox.restart()


def _read(reply: Reply, read: Callable[[Reply], Any]) -> Any:
    """Return the reply as read by `read`; if reading raises, a Stopped for a broken protocol."""
    try:
        return read(reply)
    except WireError as error:
        return Stopped("protocol", str(error))
    except Exception as error:
        return Stopped("protocol", f"the reply cannot be read: {type(error).__name__}")


class SandboxImplementation(Implementation):
    """Implementation whose functions run in the session's worker."""

    def __init__(self, session: Session, name: str, source: str) -> None:
        self._session, self._name, self.source = session, name, source
        self.limits, self.timing_fault = session.sandbox.limits, session.sandbox.timing_fault  # type: ignore[method-assign]

    def with_source(self, source: str) -> SandboxImplementation:
        """Return the implementation of another source, which replaces this one in the worker when it is called."""
        return SandboxImplementation(self._session, self._name, source)

    def respond(self, request: Request, seconds: float | None) -> Any:
        """Return the response to one request, within `seconds` of CPU time.

        timed: `cpu` is that of the exchange that calls the function, and all that the worker uses from its reply before
        to the last one of this call, threads included, beyond what carrying the arrays may cost.
        """
        if not request.timed:
            allowed = self.limits.import_seconds if seconds is None else seconds
            return self._session.ask(self._name, self.source, self._message(request), allowed)
        found = self.time(request.function, request.args or (), request.kwargs, seconds or 0.0, request.expected)
        if not isinstance(found, TimedOutcome) or not isinstance(found.outcome, Returned):
            return found.outcome if isinstance(found, TimedOutcome) else found
        beyond = max(0.0, found.outside - self._session.sandbox.carrying(found.size))
        return replace(found.outcome, cpu=found.run + beyond)

    def time(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float, expected: int = 0
    ) -> TimedOutcome | Outcome:
        """Return outcome and times of a call in three exchanges, each of which may take `seconds` of CPU time."""
        cap = self.limits.reply_cap(expected)
        body = encode([self._name, function, args, kwargs, cap])
        read = lambda reply: outcome(reply, frozenset(), cap)  # noqa: E731
        found: TimedOutcome | Outcome = self._session.loaded(
            self._name, self.source, lambda: self._session.time(body, seconds, read, cap)
        )
        return found

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        """Return all answers in one exchange; None if the worker had to be ended."""
        if self._name not in request_batch.memo:
            messages = list(map(self._message, request_batch.requests))
            body = b"".join(pack(i, part.kind, len(part.body)) + part.body for i, part in enumerate(messages))
            readers, cap = [part.read for part in messages], sum(HEADER_SIZE + part.cap for part in messages)
            packed = Message(FrameKind.MANY, body, lambda reply: answers(reply, readers), min(cap, self.limits.reply))
            request_batch.memo[self._name] = packed
        found: list[Any] | Stopped = self._session.ask(self._name, self.source, request_batch.memo[self._name], seconds)
        return None if isinstance(found, Stopped) else found

    def _message(self, request: Request) -> Message:
        if request.args is None:
            return Message(FrameKind.DESCRIBE, encode([self._name, request.function]), described)
        cap, known = self.limits.reply_cap(request.expected), frozenset({*request.names, *request.kwargs})
        body = encode([self._name, request.function, request.args, request.kwargs, list(request.names), cap])
        return Message(FrameKind.CALL, body, lambda reply: outcome(reply, known, cap), cap)

    def renew(self) -> None:
        """End the worker; the next call starts another, which loads the source anew."""
        self._session.close()
