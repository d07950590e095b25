"""Limits: what one worker may use."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1 << 10
MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True)
class Limits:
    """Bounds on one worker; sizes in bytes, times in seconds.

    CPU time is what a call is judged by, so a busy machine harms nobody; wall time only ends sleepers.
    worker_cpu: of a worker's whole life. kernel_cpu: the kernel's own bound on it, should no grader be left to end it.
    It is far above worker_cpu, because the kernel's clock for it is coarse and the grader must be the first.
    threads: of all workers of one user; not enforced where the grader's own user runs them outside a namespace.
    call_seconds: the most CPU time that one request is ever given. sleep_seconds: wall time on top of what a busy
    machine may need for a call.
    log: printed bytes of one call. reply: the most a reply may ever have, whatever the request's size.
    """

    import_seconds: float = 2.5
    call_seconds: float = 900.0
    sleep_seconds: float = 2.0
    worker_cpu: int = 900
    kernel_cpu: int = 1800
    address_space: int = GIB
    file_size: int = MIB
    open_files: int = 32
    threads: int = 128
    log: int = 256 * KIB
    reply: int = 256 * MIB
    tmp_size: int = 16 * MIB
    tmp_files: int = 4096

    def wall(self, seconds: float) -> float:
        """Wall time after which a call of `seconds` of CPU time is taken for asleep."""
        return 4 * seconds + self.sleep_seconds
