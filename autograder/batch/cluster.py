"""Executor that runs jobs on a Dask cluster, which may run on Slurm, Kubernetes or HTCondor.

Workers have the engine and the course at the same paths as here, and never the journal. Dask counts a lost worker
against every task that it held, so a task that Dask gives up is submitted once more before it counts as failed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from autograder.batch.worker import forget_batch
from autograder.errors import UsageError

LIMIT = 128
"""Largest number of submitted tasks: enough for the scheduler to keep every worker busy."""

_TRIES = 2
_PATIENCE = 60
_CONNECTING = 10


class Cluster(Executor):
    """Workers of the scheduler at `address`, or of the scheduler that wrote its address into this .json file.

    UsageError: it does not answer, or has no worker within `patience` seconds.
    """

    def __init__(self, address: str, patience: float = _PATIENCE) -> None:
        self._client = _connect(address, patience)
        try:
            self._client.wait_for_workers(1, timeout=patience)
        except TimeoutError as error:
            self._client.close()
            raise UsageError(f"{address} has no worker. Start one with: dask worker {address} --nthreads 1") from error

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Shut down; after an exception, without waiting for running tasks."""
        self.shutdown(cancel_futures=kind is not None)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Submit fn(*args, **kwargs) to one of the workers."""
        future: Future[Any] = Future()
        future.set_running_or_notify_cancel()
        self._try(future, lambda: self._client.submit(fn, *args, **kwargs, pure=False), _TRIES)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Disconnect, after the workers have forgotten the course and its key. Workers and scheduler keep running."""
        with suppress(Exception):
            workers = self._client.nthreads()
            last = [self._client.submit(forget_batch, workers=[worker], pure=False) for worker in workers]
            self._client.gather(last if wait and not cancel_futures else [])
        self._client.close()

    def _try(self, future: Future[Any], submit: Callable[[], Any], tries: int) -> None:
        def done(remote: Any) -> None:
            fault = remote.exception() if remote.status == "error" else None
            if remote.status == "finished":
                future.set_result(remote.result())
            elif tries > 1:
                self._try(future, submit, tries - 1)
            else:
                future.set_exception(fault or RuntimeError(f"the cluster's word is {remote.status}"))

        submit().add_done_callback(done)


def _connect(address: str, patience: float) -> Any:
    try:
        from distributed import Client
        from distributed.comm.addressing import parse_address
        from distributed.comm.registry import get_backend
    except ImportError as error:
        raise UsageError("a cluster needs Dask. Install it with: pip install distributed") from error
    try:
        where = _written_down(Path(address), patience) if address.endswith(".json") else address
        get_backend(parse_address(where)[0])  # a Client with an invalid address takes minutes to close
        return Client(where, timeout=_CONNECTING, set_as_default=False)
    except (OSError, ValueError, KeyError) as error:
        raise UsageError(f"no scheduler answers at {address}: {error}. Start one with: dask scheduler") from error


def _written_down(path: Path, patience: float) -> str:
    """Read the file of `dask scheduler --scheduler-file`; wait for it, because its job may have just begun."""
    end = monotonic() + patience
    while not path.exists() and monotonic() < end:
        sleep(0.2)
    return str(json.loads(path.read_text(encoding="utf-8"))["address"])
