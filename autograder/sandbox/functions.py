"""A candidate whose functions live in a session's worker, and the one that measures what the way there costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograder.implementation import (
    Absent,
    Request,
    RequestBatch,
    Notes,
    Outcome,
    Raised,
    Returned,
    Signature,
    Stopped,
)
from autograder.errors import GraderFault
from autograder.sandbox.inside.frame import FrameKind, pack

if TYPE_CHECKING:
    from autograder.sandbox.exchange import Reply
    from autograder.sandbox.session import Session


class Carrier:
    """A session of our own code, which measures what the wire costs."""

    _SOURCE = (
        "import numpy as np\ndef carry(shapes, *args, **kwargs):\n    return [np.empty(shape) for shape in shapes]\n"
    )

    def __init__(self, session: Session) -> None:
        self._candidate = session.candidate("carrier", self._SOURCE)

    def carry(self, args: tuple[Any, ...], kwargs: dict[str, Any], shapes: list[tuple[int, ...]]) -> float:
        """Seconds of CPU time for one call that does nothing with its arguments."""
        outcome = self._candidate.call("carry", (shapes, *args), kwargs, names=(), seconds=5.0)
        if not isinstance(outcome, Returned):
            raise GraderFault(f"the wire could not be timed: {outcome}")
        return outcome.cpu


class SandboxImplementation:
    """A Candidate whose functions live in the session's worker."""

    def __init__(self, session: Session, name: str, source: str) -> None:
        self._session, self._name, self._source = session, name, source

    def describe(self, function: str) -> Signature | Raised | Stopped | Absent:
        """The signature of `function`, or why there is none."""
        kind, body, read = self._request(Request(function))
        return self._session.ask(
            self._name, self._source, kind, body, self._session.limits.import_seconds, read
        )

    def call(
        self, function: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, names: tuple[str, ...], seconds: float
    ) -> Outcome:
        """One call within `seconds` of CPU time; without `names` nobody looks for changed arguments, to save time."""
        kind, body, read = self._request(Request(function, tuple(args), dict(kwargs), names))
        return self._session.ask(self._name, self._source, kind, body, seconds, read)

    def together(self, bundle: RequestBatch, seconds: float) -> list[Any] | None:
        """All answers in one exchange; None when the worker had to be ended on the way."""
        from autograder.sandbox.answers import answers

        if self._name not in bundle.memo:
            bundle.memo[self._name] = self._pack(bundle)
        body, readers = bundle.memo[self._name]
        found = self._session.ask(
            self._name, self._source, FrameKind.MANY, body, seconds, lambda reply: answers(reply, readers), len(readers)
        )
        return None if isinstance(found, Stopped) else found

    def _pack(self, bundle: RequestBatch) -> tuple[bytes, list[Callable[[Reply], Any]]]:
        """One request of all questions, and a reader for each answer."""
        requests = [self._request(ask) for ask in bundle.asks]
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
        """What carrying costs in a worker that has never seen a student's code, and so cannot be made to lie."""
        return self._session.carrier().carry(args, kwargs, shapes)

    def notes(self) -> Notes:
        """What was skipped while the source was loaded."""
        return self._session.notes(self._name, self._source)
