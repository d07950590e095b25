"""Tests of the stubs: a stub is the solution without its answer, and a solution that could leak is refused."""

from __future__ import annotations

import ast

import pytest

from autograder.authoring.build.stub import add_check, make_stub

SOLUTION = '''"""Dense layer: out = x @ w + b."""

from __future__ import annotations

import numpy as np


def flat(x):
    """Given: rows of features."""
    return x.reshape(len(x), -1)


def dense(x, w, b):
    """Shapes: x (B, D), w (D, M), b (M,).   """
    # BEGIN SOLUTION
    secret = flat(x)
    if b is None:
        # a remark on the way

        return secret @ w
    return secret @ w + b
    # END SOLUTION


class Layer:
\tdef backward(self, dout):
\t\tdx = None
\t\t# BEGIN SOLUTION
\t\tdx = dout @ self.secret_w
\t\t# END SOLUTION
\t\treturn dx   # "# BEGIN SOLUTION" in a string is no marker
'''.replace('   # "# BEGIN SOLUTION" in a string is no marker', '')

STUB = '''"""Dense layer: out = x @ w + b."""

from __future__ import annotations

import numpy as np


def flat(x):
    """Given: rows of features."""
    return x.reshape(len(x), -1)


def dense(x, w, b):
    """Shapes: x (B, D), w (D, M), b (M,).   """
    raise NotImplementedError("write dense")


class Layer:
\tdef backward(self, dout):
\t\tdx = None
\t\traise NotImplementedError("write backward")
\t\treturn dx
'''


def test_blocks_become_one_raise_and_the_rest_stays() -> None:
    """Statement, given code, spacing and tabs stay byte for byte; nothing of the answer does."""
    assert make_stub(SOLUTION) == STUB
    assert "secret" not in STUB


def test_a_function_may_have_several_blocks() -> None:
    """Given code around two blocks is kept, and an inner function is named in its own block."""
    text = '''
def outer(x):
    for i in x:
        # BEGIN SOLUTION
        a(i)
        # END SOLUTION
    match x:
        case _:
            # BEGIN SOLUTION
            b()
            # END SOLUTION

    async def inner():
        # BEGIN SOLUTION
        c()
        # END SOLUTION
'''
    raised = [line.strip() for line in make_stub(text).split("\n") if "raise" in line]

    assert raised == [f'raise NotImplementedError("write {name}")' for name in ("outer", "outer", "inner")]


def test_a_marker_inside_a_string_is_text() -> None:
    """Only a comment is a marker; a docstring may contain its text."""
    text = 'def f():\n    """# BEGIN SOLUTION"""\n    # BEGIN SOLUTION\n    answer()\n    # END SOLUTION\n'

    assert make_stub(text) == 'def f():\n    """# BEGIN SOLUTION"""\n    raise NotImplementedError("write f")\n'


def function(*lines: str) -> str:
    return "def f(x):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "line 1: there is no '# BEGIN SOLUTION', so students would hold the answer. Mark the answer."),
        (
            function("# BEGIN SOLUTION", "return x"),
            "line 2: '# BEGIN SOLUTION' without '# END SOLUTION'. Add the end.",
        ),
        (
            function("return x", "# END SOLUTION"),
            "line 3: '# END SOLUTION' without '# BEGIN SOLUTION'. Add the beginning or delete the end.",
        ),
        (
            function("# BEGIN SOLUTION", "# BEGIN SOLUTION", "return x", "# END SOLUTION"),
            "line 3: '# BEGIN SOLUTION' inside the block of line 2. End that one first.",
        ),
        (
            function("if x:", "    # BEGIN SOLUTION", "    y = 1", "# END SOLUTION", "return x"),
            "line 5: '# END SOLUTION' is indented by 4, its beginning by 8. Indent them alike.",
        ),
        (
            "# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n",
            "line 1: '# BEGIN SOLUTION' is not inside a function. Move it into one.",
        ),
        (
            "class A:\n    # BEGIN SOLUTION\n    x = 1\n    # END SOLUTION\n",
            "line 2: '# BEGIN SOLUTION' is not inside a function. Move it into one.",
        ),
        (
            "def f(x):\n    y = x\n# BEGIN SOLUTION\n    return y\n# END SOLUTION\n",
            "line 3: no statement of the block is indented like it. Indent them alike.",
        ),
        (
            function("y = 1  # BEGIN SOLUTION", "return y", "# END SOLUTION"),
            "line 2: '# BEGIN SOLUTION' stands behind code. Give it a line of its own.",
        ),
        (
            function("### BEGIN SOLUTION", "return x", "### END SOLUTION"),
            "line 2: '### BEGIN SOLUTION' is no marker. Write '# BEGIN SOLUTION' or '# END SOLUTION'.",
        ),
        (
            function("# BEGIN SOLUTION", "return x", "# end solution"),
            "line 4: '# end solution' is no marker. Write '# BEGIN SOLUTION' or '# END SOLUTION'.",
        ),
        (
            function("if x:", "    # BEGIN SOLUTION", "    # END SOLUTION", "    y = 1", "return x"),
            "line 3: no statement of the block is indented like it. Indent them alike.",
        ),
        (
            function("y = (", "    # BEGIN SOLUTION", "    x", "    # END SOLUTION", ")", "return y"),
            "line 3: no statement of the block is indented like it. Indent them alike.",
        ),
        (
            function("y = (", "    1,", "# BEGIN SOLUTION", ")", "z = 1", "# END SOLUTION", "return y"),
            "line 4: the block cuts the statement of line 2. Take all of it.",
        ),
        (
            function("# BEGIN SOLUTION", "y = 1", "if x:", "    y = 2", "# END SOLUTION", "    y = 3", "return y"),
            "line 2: the block cuts the statement of line 4. Take all of it.",
        ),
        ("def f(:\n", "line 1: invalid syntax. Make it valid Python."),
    ],
)
def test_a_solution_that_does_not_fit_names_the_line(text: str, message: str) -> None:
    """Whatever could leak an answer or break the stub is an error with line and repair."""
    with pytest.raises(ValueError) as caught:
        make_stub(text)

    assert str(caught.value) == message


def test_a_stub_that_is_no_python_is_refused() -> None:
    """A block that removes the beginning of the remaining code is an error."""
    text = function("try:", "    # BEGIN SOLUTION", "    y = 1", "except OSError:", "    # END SOLUTION", "    y = 2")

    with pytest.raises(ValueError, match=r"^the stub's line \d+: .*\. Make it valid Python\.$"):
        make_stub(text)


CHECK = "# Check it:  handgrad check dense"


@pytest.mark.parametrize(
    ("stub", "expected"),
    [
        ('"""One line."""\n\nx = 1\n', f'"""One line."""\n\n{CHECK}\n\nx = 1\n'),
        ('"""Two\nlines.\n"""\n\nx = 1\n', f'"""Two\nlines.\n"""\n\n{CHECK}\n\nx = 1\n'),
        ("x = 1\n", f"{CHECK}\n\nx = 1\n"),
        ('# remark\n"""Doc."""\n\nfrom __future__ import annotations\n', None),
    ],
)
def test_the_check_line_follows_the_docstring(stub: str, expected: str | None) -> None:
    """The comment with the command follows the docstring; future imports keep their position."""
    result = add_check(stub, "dense")

    assert result == (expected or result)
    assert ast.get_docstring(ast.parse(result)) == ast.get_docstring(ast.parse(stub))
    compile(result, "stub", "exec")
    assert [line for line in result.split("\n") if line and line != CHECK] == [
        line for line in stub.split("\n") if line
    ]
