"""The parts of the reference's benchmark: the right functions on the right arrays, and sides that answer."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks.kernels import KERNELS, Kernel, prepare
from benchmarks.reference import DTYPES, run
from benchmarks.sides import Side, sampler
from benchmarks.usage import Failed, missing

EACH = pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.name)


def small(kernel: Kernel) -> Kernel:
    """The kernel with its small size for its only one, known to `prepare` by its name."""
    return Kernel(kernel.name, kernel.exercise, kernel.small, kernel.small, kernel.product)


def arrays(values: Any) -> list[Any]:
    """What functions returned, flat."""
    return [each for value in values for each in (value if isinstance(value, tuple) else (value,))]


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_loops_do_the_same_work_as_the_reference(kernel: Kernel, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the same arrays the naive functions return what the reference returns; random masks only in shape."""
    monkeypatch.setattr("benchmarks.kernels.KERNELS", (small(kernel),))
    (ours, once), (loops, times) = (prepare(kernel.name, dtype, what) for what in ("reference", "naive"))
    pairs = list(zip(arrays(ours()), arrays(loops()), strict=True))
    for mine, theirs in pairs[kernel.exercise == "dropout" :]:
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-4)
    assert [np.shape(mine) for mine, _ in pairs] == [np.shape(theirs) for _, theirs in pairs]
    assert (once, times) == (1, 1)


@EACH
def test_single_precision_stays_single(kernel: Kernel) -> None:
    """What is timed as float32 is float32, but for labels and for the mask that dropout_mask makes."""
    kept = {each.dtype.name for args, _ in kernel.calls(kernel.small, "float32").values() for each in args[:3] if
            isinstance(each, np.ndarray)}  # fmt: skip
    assert kept - {"int64"} == {"float32"}


def test_naive_time_is_scaled_by_the_products_of_the_layer() -> None:
    """256·1024·512 products against 8·16·16: that many times longer."""
    _, times = prepare("dense 256×1024→512", "float64", "naive")
    assert times == 256 * 1024 * 512 / (8 * 16 * 16)


def test_the_memory_limit_moves_what_a_layer_reads_and_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """ReLU reads x, writes out, reads dout and x, writes dx: five arrays, so the copy is of two and a half."""
    copied: list[int] = []
    action, times = prepare("relu 256×1024", "float32", "limit")
    monkeypatch.setattr("benchmarks.kernels.np.copyto", lambda target, source: copied.append(source.nbytes))
    action()
    assert (copied, times) == ([5 * 256 * 1024 * 4 // 2], 1)


def test_a_sample_is_the_time_of_one_call_times_the_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    """An action of 3 ms on a clock that it moves, done several times: 3 ms; scaled by 100: 300 ms."""
    now = [0.0]
    monkeypatch.setattr("benchmarks.sides.process_time", lambda: now[0])

    def action() -> None:
        now[0] += 0.003

    assert sampler(action)() == pytest.approx(3)
    assert sampler(action, 100)() == pytest.approx(300)


def test_a_side_answers_until_it_cannot(capfd: pytest.CaptureFixture[str]) -> None:
    """Every question gets a positive time from the other process; one that ends it raises, and says which it was."""
    with Side(sys.executable, "benchmarks.kernels") as side:
        assert side.sample("softmax_cross_entropy 1024×10", "float64", "reference") > 0
        with pytest.raises(Failed, match=r"ended over .'relu'"):
            side.sample("relu", "float64", "reference")
    assert "StopIteration" in capfd.readouterr().err


def test_without_torch_its_column_is_empty_and_a_note_says_how_to_fill_it(capfd: pytest.CaptureFixture[str]) -> None:
    """A Python that is not there has no torch either: the other ratios are measured all the same."""
    table = run(SimpleNamespace(kernel="conv2d E", rounds=1, torch_python="no-such-python"))  # type: ignore[arg-type]
    (row,) = table.rows
    assert [figure == "–" for figure in row] == [False, False, *[False, True, False, False] * 2]
    assert any("--torch-python" in note for note in table.notes)


def test_a_package_is_missing_with_the_reason() -> None:
    """The last line of the error; nothing for a package that is there."""
    assert missing(sys.executable, "json") == ""
    assert missing(sys.executable, "no_such_package") == "ModuleNotFoundError: No module named 'no_such_package'"
