"""The benchmarks can be run; what they measure is never tested, because time is not a property of the code."""

from __future__ import annotations

import importlib

import pytest

from benchmarks.__main__ import NAMES, main, parser
from benchmarks.cells import PREAMBLE, cells
from benchmarks.repetition import interleave, ratio
from benchmarks.usage import Failed, measure


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_can_be_asked_for_by_its_name(name: str) -> None:
    """Every name is a module with run, and the command line takes the name with the options of all."""
    benchmark = importlib.import_module(f"benchmarks.{name}")
    args = parser({name: benchmark}).parse_args([name, "--rounds", "2"])
    assert callable(benchmark.run)
    assert (args.names, args.rounds) == ([name], 2)


def test_an_unknown_name_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelled name ends with code 2 and says which benchmarks there are."""
    with pytest.raises(SystemExit) as ended:
        main(["grad"])
    assert ended.value.code == 2
    assert "no benchmark grad; there are grading, notebooks, cold" in capsys.readouterr().err


def test_ten_checks_pass_the_reference_and_fail_a_wrong_answer() -> None:
    """What nbgrader and pytest are given is ten checks that accept right code and reject wrong code."""
    import reference.activations
    import reference.convolution
    import reference.dense
    import reference.losses
    import reference.pooling

    modules = (reference.activations, reference.convolution, reference.dense, reference.losses, reference.pooling)
    right = {name: code for module in modules for name, code in vars(module).items()}
    checks = cells()
    assert len(checks) == 10
    for name, check in checks.items():
        exec(f"{PREAMBLE}\n{check}", dict(right))
        with pytest.raises(AssertionError):
            exec(f"{PREAMBLE}\n{check}", right | {name: lambda *args, **options: 1.0})


def test_a_round_does_everything_once() -> None:
    """Repetitions are interleaved, and a ratio is taken between samples of the same round."""
    done: list[str] = []
    found = interleave({name: lambda name=name: done.append(name) for name in "ab"}, 2)
    assert (done, found) == (["a", "b", "a", "b"], {"a": [None, None], "b": [None, None]})
    assert ratio([1.0, 10.0, 30.0], [1.0, 5.0, 10.0]) == 2.0


def test_a_failed_command_is_no_measurement() -> None:
    """A command that exits with another code than 0 raises, with its last words."""
    import sys

    with pytest.raises(Failed, match="ended with 3:\nwhy"):
        measure([sys.executable, "-c", "print('why'); raise SystemExit(3)"])
