"""A session: one worker at a time, replaced after its death, and the candidates that live in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from autograder.candidate import Absent, GraderFault, Notes, Outcome, Raised, Returned, Signature, Stopped
from autograder.sandbox.inside.frame import Kind, WireError, reply_cap
from autograder.sandbox.limits import Limits

if TYPE_CHECKING:
    from autograder.sandbox.exchange import Reply

_NO_NOTES = Notes()
Answer = TypeVar("Answer")


class AnyWorker(Protocol):
    """A worker process, forked or spawned."""

    log: bytearray
    alive: bool

    @property
    def progress(self) -> bytes | None: ...

    @property
    def orphaned(self) -> bool: ...

    def ask(self, kind: Kind, body: bytes, seconds: float, cap: int) -> Reply | Stopped: ...

    def kill(self) -> int: ...


class Workshop(Protocol):
    """Where workers come from."""

    limits: Limits

    def new_worker(self) -> AnyWorker: ...

    def restart(self) -> None: ...

    def carrier(self) -> Carrier: ...


@dataclass
class _Text:
    """One source in this session: where loading it ended (None: nowhere), whether it is beyond help, its notes."""

    stopped_at: int | None = None
    hopeless: Stopped | None = None
    culprit: tuple[tuple[int, str], ...] = ()
    notes: Notes = _NO_NOTES


class Session:
    """A context manager around one worker process, which is forked on first use and again after a death."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._worker: AnyWorker | None = None
        self._loaded: dict[str, str] = {}
        self._texts: dict[tuple[str, str], _Text] = {}
        self._progress: bytes | None = None
        self._log = bytearray()
        self.deaths = 0

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def log(self) -> bytes:
        """The beginning of what the student's code printed, of all workers of this session."""
        current = self._worker.log if self._worker else b""
        return bytes(self._log + current)[: self._workshop.limits.log]

    @property
    def unused(self) -> bool:
        """Whether no source was ever loaded here, so that nothing else can disturb the next one."""
        return not self._texts

    def candidate(self, name: str, source: str) -> SandboxCandidate:
        """The functions of `source`, which is loaded as module `name` when first needed."""
        return SandboxCandidate(self, name, source)

    def close(self) -> None:
        """End the worker, if there is one."""
        try:
            self._drop()
        except GraderFault:
            self._recover()

    def notes(self, name: str, source: str) -> Notes:
        """What loading this source skipped; loads it if need be."""
        self._retried(lambda: self._load(name, source))
        text = self._text(name, source)
        return Notes(text.culprit + text.notes.skipped)

    def ask(
        self, name: str, source: str, kind: Kind, body: bytes, seconds: float, read: Callable[[Reply], Answer]
    ) -> Answer | Stopped:
        """One request to the worker that has this source loaded; `read` turns its reply into an answer."""

        def action() -> Answer | Stopped:
            ended = self._load(name, source)
            return self._ask(kind, body, seconds, read) if ended is None else ended

        return self._retried(action)

    def _retried(self, action: Callable[[], Answer]) -> Answer:
        """Once more with a fresh zygote when the machinery failed; every call starts anew in a fresh worker."""
        try:
            return action()
        except GraderFault:
            self._recover()
            return action()

    def _text(self, name: str, source: str) -> _Text:
        return self._texts.setdefault((name, source), _Text())

    def _load(self, name: str, source: str) -> Stopped | None:
        text = self._text(name, source)
        if text.hopeless is not None:
            return text.hopeless
        if self._worker is not None and self._loaded.get(name) == source:
            return None
        ended = self._try_load(name, source, text)
        if ended is not None and text.stopped_at is None:
            text.stopped_at = self._stopped_at()
            text.culprit = ((text.stopped_at, f"loading ended here: {ended.detail}"),)
            ended = self._try_load(name, source, text)
        text.hopeless = ended
        return ended

    def _stopped_at(self) -> int:
        from autograder.sandbox.answers import progress_line

        return progress_line(self._progress) or 0

    def _try_load(self, name: str, source: str, text: _Text) -> Stopped | None:
        from autograder.sandbox.answers import encode, notes

        body = encode([name, source, text.stopped_at])
        found = self._ask(Kind.LOAD, body, self._workshop.limits.import_seconds, notes)
        if isinstance(found, Stopped):
            return found
        self._loaded[name] = source
        text.notes = found
        return None

    def _ask(self, kind: Kind, body: bytes, seconds: float, read: Callable[[Reply], Answer]) -> Answer | Stopped:
        if self._worker is None:
            self._worker = self._workshop.new_worker()
        worker = self._worker
        reply = worker.ask(kind, body, seconds, reply_cap(len(body), self._workshop.limits.reply))
        self._progress = worker.progress
        found = reply if isinstance(reply, Stopped) else self._read(reply, read)
        if isinstance(found, Stopped):
            self._drop()
            self.deaths += 1
        return found

    def _read(self, reply: Reply, read: Callable[[Reply], Answer]) -> Answer | Stopped:
        try:
            return read(reply)
        except WireError as error:
            return Stopped("protocol", str(error))

    def _drop(self) -> None:
        worker, self._worker = self._worker, None
        self._loaded = {}
        if worker is not None:
            self._log += worker.log
            worker.kill()

    def _recover(self) -> None:
        """A new zygote, unless the worker's own was replaced already."""
        orphaned = self._worker is not None and self._worker.orphaned
        with suppress(GraderFault):
            self._drop()
        if not orphaned:
            self._workshop.restart()


class Carrier:
    """A session of our own code, which measures what the wire costs."""

    _SOURCE = (
        "import numpy as np\ndef carry(shapes, *args, **kwargs):\n    return [np.ones(shape) for shape in shapes]\n"
    )

    def __init__(self, session: Session) -> None:
        self._candidate = session.candidate("carrier", self._SOURCE)

    def carry(self, args: tuple[Any, ...], kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> float:
        """Seconds of CPU time for one call that does nothing with its arguments."""
        outcome = self._candidate.call("carry", (shapes, *args), kwargs, names=(), seconds=5.0)
        if not isinstance(outcome, Returned):
            raise GraderFault(f"the wire could not be timed: {outcome}")
        return outcome.cpu


class SandboxCandidate:
    """A Candidate whose functions live in the session's worker."""

    def __init__(self, session: Session, name: str, source: str) -> None:
        self._session, self._name, self._source = session, name, source

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """The signature of `function`, or why there is none."""
        from autograder.sandbox.answers import described, encode

        seconds = self._session._workshop.limits.import_seconds
        body = encode([self._name, function])
        return self._session.ask(self._name, self._source, Kind.DESCRIBE, body, seconds, described)

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float
    ) -> Outcome:
        """One call within `seconds` of CPU time; without `names` nobody looks for changed arguments, to save time."""
        from autograder.sandbox.answers import encode, outcome

        most = self._session._workshop.limits.reply
        body = encode([self._name, function, tuple(args), dict(kwargs), list(names), most])
        known = frozenset({*names, *kwargs})
        return self._session.ask(
            self._name, self._source, Kind.CALL, body, seconds, lambda reply: outcome(reply, known)
        )

    def transport(self, args: tuple[Any, ...], kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> float:
        """What carrying costs in a worker that has never seen a student's code, and so cannot be made to lie."""
        return self._session._workshop.carrier().carry(args, kwargs, shapes)

    def notes(self) -> Notes:
        """What was skipped while the source was loaded."""
        return self._session.notes(self._name, self._source)
