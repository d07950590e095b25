"""Run the functions of implementations in one worker at a time, which is replaced after it ended."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
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
from autograder.sandbox.inside.frame import FrameKind, WireError, pack, reply_cap
from autograder.sandbox.limits import Limits

if TYPE_CHECKING:
    from autograder.sandbox.exchange import Reply

_NO_NOTES = Notes()
Answer = TypeVar("Answer")


class AnyWorker(Protocol):
    """Worker, forked or spawned."""

    log: bytearray
    alive: bool

    @property
    def pid(self) -> int: ...

    @property
    def progress(self) -> bytes | None: ...

    @property
    def outside_kill(self) -> bool: ...

    def ask(self, kind: FrameKind, body: bytes, seconds: float, cap: int) -> Reply | Stopped: ...

    def kill(self) -> int: ...


class LoadStops:
    """Cache of the lines at which loading a text ended, so that an endless text is waited for only once."""

    def __init__(self, most: int = 64) -> None:
        self._most, self._lines = most, dict[str, int]()

    def get(self, source: str) -> int | None:
        """Return the line, 0 if it is unknown; None if loading this text never ended early."""
        return self._lines.get(source)

    def put(self, source: str, line: int) -> None:
        """Store the line; the oldest entry is removed when there are too many."""
        self._lines[source] = line
        if len(self._lines) > self._most:
            del self._lines[next(iter(self._lines))]


class WorkerSource(Protocol):
    """Source of workers. stops: lines at which texts of all its sessions ended."""

    limits: Limits
    stops: LoadStops

    def new_worker(self) -> AnyWorker: ...

    def restart(self) -> None: ...

    def transport_timer(self) -> TransportTimer: ...


@dataclass
class _Text:
    """State of one source: the line where loading ended (None if it did not), the final stop, and the notes."""

    stopped_at: int | None = None
    ended: Stopped | None = None
    stopped_line: tuple[tuple[int, str], ...] = ()
    notes: Notes = _NO_NOTES


class Session:
    """Context manager around one worker, which starts on first use and again after it ended."""

    def __init__(self, pool: WorkerSource) -> None:
        self._pool = pool
        self._worker: AnyWorker | None = None
        self._loaded: dict[str, str] = {}
        self._texts: dict[tuple[str, str], _Text] = {}
        self._progress: bytes | None = None
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

    def transport_timer(self) -> TransportTimer:
        """Return the timer of transport."""
        return self._pool.transport_timer()

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
        parts: int = 1,
    ) -> Answer | Stopped:
        """Send a request to the worker, with this source loaded; `read` converts the reply, of `parts`, to an
        answer."""

        def action() -> Answer | Stopped:
            ended = self._load(name, source)
            return self._ask(kind, body, seconds, read, parts) if ended is None else ended

        return self._retried(action)

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
        while ended is not None and text.stopped_at != 0:
            text.stopped_at = self._stopped_at() if text.stopped_at is None else 0
            text.stopped_line += ((text.stopped_at, f"loading ended here: {ended.detail}"),)
            if ended.reason == "time":
                self._pool.stops.put(source, text.stopped_at)
            ended = self._try_load(name, source, text)
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
        self, kind: FrameKind, body: bytes, seconds: float, read: Callable[[Reply], Answer], parts: int = 1
    ) -> Answer | Stopped:
        if self._worker is None:
            self._worker = self._pool.new_worker()
        worker = self._worker
        allowed = min(seconds, self._pool.limits.call_seconds)
        reply = worker.ask(kind, body, allowed, self._cap(len(body), parts))
        self._progress = worker.progress
        found = reply if isinstance(reply, Stopped) else self._read(reply, read)
        if isinstance(found, Stopped):
            self._drop()
            self.ended_workers += 1
        return found

    def _cap(self, request: int, parts: int) -> int:
        """Return the most bytes of a reply in `parts` parts."""
        most = self._pool.limits.reply
        return min(parts * reply_cap(request, most), most)

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
        self._loaded = {}
        if worker is not None:
            self._log += worker.log
            worker.kill()

    def _recover(self) -> None:
        """Start a new zygote, unless the worker's zygote was replaced already."""
        outside_kill = self._worker is not None and self._worker.outside_kill
        with suppress(GraderFault):
            self._drop()
        if not outside_kill:
            self._pool.restart()


class TransportTimer:
    """Timer of the transport of arguments and results, in a session that runs trusted code only."""

    _SOURCE = (
        "import numpy as np\ndef carry(shapes, *args, **kwargs):\n    return [np.empty(shape) for shape in shapes]\n"
    )

    def __init__(self, session: Session) -> None:
        self._implementation = session.implementation("carrier", self._SOURCE)

    def time(self, args: tuple[Any, ...], kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> float:
        """Return the seconds of CPU time of one call that does nothing with its arguments."""
        outcome = self._implementation.call("carry", (shapes, *args), kwargs, names=(), seconds=5.0)
        if not isinstance(outcome, Returned):
            raise GraderFault(f"the wire could not be timed: {outcome}")
        return outcome.cpu


class SandboxImplementation:
    """Implementation whose functions run in the session's worker."""

    def __init__(self, session: Session, name: str, source: str) -> None:
        self._session, self._name, self._source = session, name, source

    @property
    def source(self) -> str:
        """Return the source."""
        return self._source

    def with_source(self, source: str) -> SandboxImplementation:
        """Return the implementation of another source, which replaces this one in the worker when it is called."""
        return SandboxImplementation(self._session, self._name, source)

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """Return the signature of `function`, or why there is none."""
        kind, body, read = self._request(Request(function))
        return self._session.ask(self._name, self._source, kind, body, self._session.limits.import_seconds, read)

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float
    ) -> Outcome:
        """Call within `seconds` of CPU time; without `names`, changed arguments are not detected, to save time."""
        kind, body, read = self._request(Request(function, tuple(args), dict(kwargs), names))
        return self._session.ask(self._name, self._source, kind, body, seconds, read)

    def call_many(self, request_batch: RequestBatch, seconds: float) -> list[Any] | None:
        """Return all answers in one exchange; None if the worker had to be ended."""
        from autograder.sandbox.answers import answers

        if self._name not in request_batch.memo:
            request_batch.memo[self._name] = self._pack(request_batch)
        body, readers = request_batch.memo[self._name]
        found = self._session.ask(
            self._name, self._source, FrameKind.MANY, body, seconds, lambda reply: answers(reply, readers), len(readers)
        )
        return None if isinstance(found, Stopped) else found

    def _pack(self, request_batch: RequestBatch) -> tuple[bytes, list[Callable[[Reply], Any]]]:
        """Pack all requests into one, with a reader for each answer."""
        requests = [self._request(ask) for ask in request_batch.requests]
        body = b"".join(pack(i, kind, len(part)) + part for i, (kind, part, _) in enumerate(requests))
        return body, [read for _, _, read in requests]

    def _request(self, ask: Request) -> tuple[FrameKind, bytes, Callable[[Reply], Any]]:
        from autograder.sandbox.answers import described, encode, outcome

        if ask.args is None:
            return FrameKind.DESCRIBE, encode([self._name, ask.function]), described
        most = self._session.limits.reply
        known = frozenset({*ask.names, *ask.kwargs})
        body = encode([self._name, ask.function, ask.args, ask.kwargs, list(ask.names), most])
        return FrameKind.CALL, body, lambda reply: outcome(reply, known)

    def transport(self, args: tuple[Any, ...], kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> float:
        """Return the transport time, measured in a worker that never runs student code, which could distort it."""
        return self._session.transport_timer().time(args, kwargs, shapes)

    def notes(self) -> Notes:
        """Return the lines that were skipped while the source was loaded."""
        return self._session.notes(self._name, self._source)
