"""Tests of the mutation operators: each makes exactly the small defects that it is named after."""

from __future__ import annotations

import ast
import textwrap

import pytest

from tests.mutants.mutants import Mutant, make_mutants
from tests.mutants.operators import OPERATORS


def solution(answer: str, parameters: str = "x, w, *, lr=1") -> str:
    """Return a solution whose function f has this answer."""
    lines = ('"""What f is."""', "# BEGIN SOLUTION", answer, "# END SOLUTION")
    return f"import numpy as np\n\n\ndef f({parameters}):\n" + textwrap.indent("\n".join(lines), "    ") + "\n"


def made(answer: str, operator: str | None = None, parameters: str = "x, w, *, lr=1") -> list[str]:
    """Return the answers of the mutants that this operator makes, each on one line."""
    mutants = make_mutants(solution(answer, parameters), ["f"])
    return [body(mutant) for mutant in mutants if operator in (None, mutant.operator)]


def body(mutant: Mutant) -> str:
    """Return the mutated answer, with statements joined by a semicolon."""
    (function,) = (node for node in ast.parse(mutant.text).body if isinstance(node, ast.FunctionDef))
    return "; ".join(ast.unparse(node).replace("\n    ", " ") for node in function.body)


EXAMPLES = {
    "arithmetic": ("q = x + 5", ["q = x - 5"]),
    "comparison": ("return x > w", ["return x >= w", "return x < w"]),
    "minus": ("return -x, w", ["return (-x, -w)", "return (x, w)"]),
    "boolean": ("q = x and not w", ["q = x or not w", "q = x and w"]),
    "constant": ("return x[1]", ["return x[2]", "return x[0]"]),
    "axis": ("return x.sum(axis=(0, 1))", ["return x.sum(axis=(1,))", "return x.sum(axis=(0,))"]),
    "keyword": ("return f(x, keepdims=True)", ["return f(x)"]),
    "term": ("return x - w", ["return x", "return -w"]),
    "accumulation": ("q += x", ["q = x"]),
    "bounds": ("return x[1:2:3]", ["return x[:2:3]", "return x[1::3]", "return x[1:2]"]),
    "deletion": ("q = x\nreturn q", ["return q"]),
    "order": ("return x @ q", ["return q @ x"]),
    "transpose": ("return x.T, w.transpose(0, 1)", ["return (x, w.transpose(0, 1))", "return (x.T, w)"]),
    "parameter": ("return x", ["return w"]),
    "branch": ("return x if q else w", ["return x if True else w", "return x if False else w"]),
    "precision": ("return x * w", [
        "return np.clip(x * w, -10, 10)", "return np.round(x * w, 4)", "return np.float64(np.float32(x * w))",
        "return x * w * (np.abs(x * w) >= 0.0001)",
    ]),
    "nearly": ("return x == w", ["return np.isclose(x, w)"]),
    "rounding": ("return x // w", ["return round(x / w)", "return int(x / w + 0.5)", "return -(-x // w)"]),
    "sentinel": ("return x.max()", [
        "return x.max(initial=0.0)", "return x.max(initial=-100.0)", "return x.max(initial=-1000000000.0)",
        "return np.abs(x).max()",
    ]),
    "epsilon": ("return x / np.sqrt(w + 1e-5)", [
        "return x / (np.sqrt(w + 1e-05) + 1e-08)", "return x / np.sqrt(w + 1e-05 + 1e-08)",
        "return x / (np.sqrt(w) + 1e-05)",
    ]),
    "generator": ("return q", []),
    "memory": ("return np.zeros(3)", ["return np.zeros(3, dtype=int)"]),
    "mean": ("return x.mean(axis=0)", ["return x.mean(axis=0, where=x != 0)", "return np.median(x, axis=0)"]),
    "early": ("for i in range(3):\n    q = q / 2\nreturn q", [
        "for i in range(3): q = q / 2 break; return q",
        "for i in range(3): q = q / 2 if np.max(np.abs(q)) < 1e-06:     break; return q",
        "for i in range(3 - 1): q = q / 2; return q",
    ]),
}


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_makes_its_slips_and_no_others(operator):
    """Each operator makes exactly the expected mutants of an example line."""
    answer, expected = EXAMPLES[operator]
    assert expected == made(answer, operator)


@pytest.mark.parametrize(
    ("answer", "operator", "expected"),
    [
        ("q = x * 5", "arithmetic", ["q = x / 5"]),
        ("q = x / 5", "arithmetic", ["q = x * 5", "q = x // 5"]),
        ("q = x // 5", "arithmetic", ["q = x / 5", "q = x * 5"]),
        ("q = x ** 5", "arithmetic", ["q = x * 5"]),
        ("q = x @ y", "arithmetic", ["q = x * y"]),
        ("q += x", "arithmetic", ["q -= x"]),
        ("return 0.0", "constant", ["return 1.0", "return -1.0"]),
        ("return 3.0", "constant", ["return 4.0", "return 2.0", "return 1.5", "return 0.0"]),
        ("return f(x, y=True)", "constant", ["return f(x, y=False)"]),
        ("return x.sum(axis=0)", "axis", ["return x.sum(axis=1)", "return x.sum(axis=-1)"]),
        ("return x.sum(axis=0)", "keyword", ["return x.sum()"]),
        ("return x + y + z", "term", ["return x + y", "return x + z", "return y + z"]),
        ("return x / y", "term", ["return x"]),
        ("return x < w", "nearly", ["return x < w - 1e-06"]),
        ("return np.sqrt(x) + w", "epsilon", [
            "return np.sqrt(x + w)", "return np.maximum(np.sqrt(x), w)", "return np.sqrt(x + 1e-08) + w"]),
        ("return x / len(x)", "epsilon", []),
        ("return x // w + 1", "rounding", [
            "return round(x / w + 1)", "return (x + 1) // w", "return round(x / w) + 1", "return int(x / w + 0.5) + 1",
            "return -(-x // w) + 1"]),
        ("return len(x), x.T", "precision", []),
        ("return x.swapaxes(0, 1)", "transpose", ["return x"]),
        ("for i in x:\n    w += i\nreturn w", "deletion", ["return w", "for i in x: pass; return w"]),
        ("if x:\n    return w\nreturn q", "branch", ["if True: return w; return q", "if False: return w; return q"]),
    ],
)
def test_its_other_forms(answer, operator, expected):
    """Each operator also makes the mutants that its first example does not show."""
    assert expected == made(answer, operator)


def test_minus_is_not_added_to_zeros():
    """Zeros are not negated, because -0.0 equals 0.0."""
    assert [] == made("q = np.zeros(x)\nr = 0.0", "minus")


def test_a_parameter_is_only_taken_for_one_of_its_kind():
    """A parameter is not replaced by a hyperparameter or by one with another annotation."""
    assert ["return dout"] == made("return x", "parameter", "dout: float, x: float, n: int, *, lr: float")
    assert [] == made("return n", "parameter", "x: float, n: int")


def test_only_the_answer_is_mutated():
    """Text outside the markers, other functions, annotations, docstrings, strings and guards are not mutated."""
    answer = 'def g(a: "0 + 1"):\n    """Why."""\n    return a\nfor a in zip(x, w, strict=True):\n    return f"{x + 1}"'
    text = solution(answer) + "\n\ndef other(x):\n    # BEGIN SOLUTION\n    return x + 1\n    # END SOLUTION\n"
    text = text.replace('    """What f is."""\n', '    """What f is."""\n    x = x + 5\n')
    mutants = make_mutants(text, ["f"])
    assert {"f"} == {mutant.function for mutant in mutants}
    assert all("x = x + 5" in mutant.text for mutant in mutants)
    assert all("strict=True" in mutant.text for mutant in mutants if mutant.operator != "deletion")
    assert all("def other(x):\n    # BEGIN SOLUTION\n    return x + 1" in mutant.text for mutant in mutants)
    assert {"minus", "deletion", "parameter", "early"} == {mutant.operator for mutant in mutants}


def test_a_mutant_s_name_says_the_change_and_the_line():
    """A mutant's name does not depend on other lines, comments or spaces; equal names are numbered."""
    names = [mutant.id for mutant in make_mutants(solution("return x * x + 1"), ["f"])]
    assert "f: `+ 1` dropped in `return x * x + 1`" in names
    assert {"f: `x` → `w` in `return x * x + 1`", "f: `x` → `w` in `return x * x + 1` (2)"} <= set(names)
    assert "f: `q = 5` deleted" in [mutant.id for mutant in make_mutants(solution("q = 5"), ["f"])]
    renumbered = make_mutants(solution("lr = 7\n\n# why\nreturn x*x  +  1"), ["f"])
    assert names == [mutant.id for mutant in renumbered if "return" in mutant.id]


def test_mutants_are_different_from_each_other_and_from_the_answer(tiny):
    """The mutants' texts are pairwise different, and all of them parse."""
    for name in tiny.names:
        text = tiny.solution(name)
        functions = [function.name for function in tiny.exercise(name).functions]
        mutants = make_mutants(text, functions)
        codes = [ast.dump(ast.parse(mutant.text)) for mutant in mutants]
        assert len(set(codes)) == len(codes) > 0
        assert len({mutant.id for mutant in mutants}) == len(codes)
        assert mutants == make_mutants(text, functions)


def test_another_generator_takes_the_place_of_the_given_one():
    """A hyperparameter that is annotated as a generator becomes NumPy's global state, and one of a seed of its own."""
    expected = ["return np.random.random()", "return np.random.default_rng(0).random()"]
    assert expected == made("return rng.random()", "generator", "x, *, rng: np.random.Generator")
