"""The runtime that CPU times depend on: BLAS threads, the C library's memory, NumPy's choice of instructions.

An answer's process gets them with its environment. This process, in which the reference is timed, is given the same,
whatever it inherited: a grader's answer must not depend on the shell, the cluster or the notebook that started it.
What is read only while a process starts cannot be changed afterwards: the command line starts itself again without it
(`restart_clean`), and elsewhere nothing is timed.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache

# Two threads and one differ in the last bits, and starting them costs more than they save.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
                            "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")  # fmt: skip
# They choose other instructions or other memory pages.
_OTHERS = ("OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES", "NUMPY_MADVISE_HUGEPAGE",
           "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "MKL_DEBUG_CPU_TYPE", "BLIS_ARCH_TYPE")  # fmt: skip
# The loader, the C library and Python read them while a process starts: another malloc, other pages, slower objects.
_AT_START = ("GLIBC_TUNABLES", "LD_PRELOAD", "LD_AUDIT", "PYTHONMALLOC", "PYTHONTRACEMALLOC", "PYTHONDEVMODE")
_RESTARTED = "HANDGRAD_RESTARTED"
_SETTERS = ("scipy_openblas_set_num_threads64_", "scipy_openblas_set_num_threads", "openblas_set_num_threads64_",
            "openblas_set_num_threads", "MKL_Set_Num_Threads", "bli_thread_set_num_threads")  # fmt: skip
# Parameters of glibc's mallopt, and the bytes to keep: before 2.35 it accepts at most 32 MiB for the second.
_TRIM, _MMAP = -1, -3
_KEPT = 1 << 28, 1 << 25
# Parameters that variables may have changed, with glibc's own values: top pad, number of mapped blocks, perturbation.
_USUAL = {-2: 1 << 17, -4: 1 << 16, -6: 0}


@cache
def fix_runtime() -> str:
    """Set one BLAS thread for this process and let it keep freed memory; return why that is impossible, "" if done.

    Called before NumPy is imported it sets the environment, which NumPy reads then; later it sets the loaded BLAS.
    """
    if started := _started_with():
        return f"{', '.join(started)} was set when this process started. Start it without."
    loaded, known = "numpy" in sys.modules, os.environ.items() >= ONE_THREAD.items()
    others = [name for name in _OTHERS if os.environ.pop(name, None) is not None]
    os.environ.update(ONE_THREAD)
    if loaded and others:
        return f"{', '.join(others)} was set when NumPy was imported. Unset it first."
    if loaded and not _tell_blas() and not known:
        words = " ".join(f"{name}=1" for name in ONE_THREAD)
        return f"NumPy was imported before, and its BLAS may use several threads. Set first: {words}"
    return "" if keep_memory() is not None else "the C library refuses to keep freed memory (mallopt)."


def restart_clean() -> None:
    """Start this process anew without the settings of _AT_START, in its place; return if it has none of them."""
    names = _started_with()
    if names and _RESTARTED not in os.environ:
        kept = {name: value for name, value in os.environ.items() if name not in names}
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**kept, _RESTARTED: "1"})


def _started_with() -> list[str]:
    """Return the settings of _AT_START that this process was started with, whatever its environment is now."""
    try:
        with open("/proc/self/environ", "rb") as file:
            lines = file.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return []
    given = {name for name, _, value in (line.partition("=") for line in lines) if value}
    return [name for name in _AT_START if name in given]


@cache
def keep_memory() -> int | None:
    """Make glibc keep freed memory; return up to how many bytes, None if it refuses, 0 for another C library.

    Otherwise a fresh array may or may not need fresh pages, which cost several times what is calculated in it.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return 0
    for parameter, value in _USUAL.items():
        mallopt(parameter, value)
    return next((size for size in _KEPT if mallopt(_TRIM, size) and mallopt(_MMAP, size)), None)


def _tell_blas() -> bool:
    """Set the BLAS that NumPy is linked to to one thread; return whether it could be set."""
    import numpy.linalg._umath_linalg as linked

    library = ctypes.CDLL(linked.__file__)
    setter = next((getattr(library, name) for name in _SETTERS if hasattr(library, name)), None)
    if setter is not None:
        setter(1)
    return setter is not None


def cores() -> int:
    """Return the number of cores that this process may use, after the limits of a scheduler or a container."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
