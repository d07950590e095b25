"""The red team's table: what each case tries and how it must end, tier by tier.

It is also the documentation: `python -m tests.redteam.table` writes it into docs/security.md, and a test holds the two
together. What a case tries is told by the first line of its own file, or of the function in handin.py that makes it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from tests.redteam import handin

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "security.md"
MARKS = "<!-- the red team's table, written by tests/redteam/table.py -->", "<!-- end of the table -->"

# A verdict's word → the status in the record and what the student reads.
VERDICTS = {
    "passed": ("passed", r""),
    "flagged": ("failed", r"changes its argument x in place"),
    "wrong value": ("failed", r"entries differ|has wrong values"),
    "wrong shape": ("failed", r"has shape"),
    "wrong type": ("failed", r"has dtype|is an object of type|is '|is an array of object|returns None|does not return"
                   r"|is a (list|dict|tuple) of \d+, expected|is not an array"),
    "too large": ("failed", r"which is too large to be right"),
    "not finite": ("failed", r"is (nan|-?inf), expected"),
    "exception": ("error", r"raises \w+|needs (\w+, which|a module that) is not available"),
    "missing": ("skipped", r"is not defined"),
    "unreadable": ("error", r"cannot be read: .* at line \d+"),
    "refused": ("error", r""),
    "time": ("error", r"did not finish in the time allowed"),
    "output": ("error", r"prints without end"),
    "crash": ("error", r"ended the Python process"),
    "protocol": ("error", r"the grader's own channel"),
    "slow": ("slow", r"times the reference's time"),
}

FORWARD, BACKWARD, SQUARE, SPEED = 2.5, 5.5, 5.5, 0.5


@dataclass(frozen=True)
class Case:
    """One submission: a hostile scale_forward, an honest scale_backward and an honest mean_square.

    verdict: on the hostile half, several words where it depends on the machine. says: words that the student reads.
    guarded: the verdict there, where it differs. earned: what the hostile half is honestly worth. waits: whether the
    grader waits for it, until a limit of time is reached; these are graded with shorter limits.
    """

    number: int
    name: str
    verdict: str
    says: str = ""
    guarded: str = ""
    earned: float = 0.0
    waits: bool = False

    def verdicts(self, tier: str) -> tuple[str, ...]:
        """The words, one of which must hold."""
        return tuple(((self.guarded if tier == "guarded" else "") or self.verdict).split(" or "))

    @property
    def timed(self) -> bool:
        """Whether the speed check is a part of it."""
        return self.verdict == "slow"

    @property
    def honest(self) -> float:
        """The points it deserves: a file that is refused takes its honest half with it."""
        whole_file = self.verdict == "refused"
        return SQUARE + (0.0 if whole_file else BACKWARD) + self.earned

    @property
    def tries(self) -> str:
        """What it does, in its own words."""
        maker = handin.MAKERS.get(self.name)
        text = maker.__doc__ if maker else ast.get_docstring(ast.parse(handin.hostile(self.name)))
        return re.sub(r"\s+", " ", (text or "").strip().split("\n\n")[0]).removesuffix(".")


CASES = (
    Case(1, "honest", "passed", earned=FORWARD),
    Case(2, "legit_imports", "passed", earned=FORWARD),
    Case(3, "noisy_ok", "passed", earned=FORWARD),
    Case(4, "mutates_input", "flagged", earned=2.0),
    Case(5, "float32", "wrong type", "has dtype float32, expected float64"),
    Case(6, "zeros", "wrong value"),
    Case(7, "nan", "not finite"),
    Case(8, "inf", "not finite"),
    Case(9, "extra_axis", "wrong shape", "only the shape is not"),
    Case(10, "none", "wrong type", "scale_forward returns None: is `return out` missing?"),
    Case(11, "string", "wrong type", "out is 'correct'"),
    Case(12, "object_array", "wrong type", "has dtype object"),
    Case(13, "masked_all", "wrong value"),
    Case(14, "eq_subclass", "wrong value"),
    Case(15, "ufunc_subclass", "wrong value"),
    Case(16, "duck", "wrong type", "an object of type object"),
    Case(17, "patch_np_testing", "wrong value"),
    Case(18, "patch_perf_counter", "slow", earned=2.5),
    Case(19, "import_reference", "exception", "needs tiny_oracle"),
    Case(20, "import_grader", "exception", "needs autograder"),
    Case(21, "stack_walk", "wrong value"),
    Case(22, "gc_walk", "wrong value"),
    Case(23, "sys_exit0", "exception", "raises SystemExit"),
    Case(24, "os_exit0_import", "wrong value"),
    Case(25, "os_exit0_call", "crash"),
    Case(26, "atexit", "wrong value"),
    Case(27, "keyboard_interrupt", "exception", "raises KeyboardInterrupt"),
    Case(28, "fake_pytest_skip", "exception", "raises BaseException"),
    Case(29, "stdout_json", "missing"),
    Case(30, "results_file", "exception", "nothing can be written"),
    Case(31, "forge_reply", "wrong value"),
    Case(32, "presend_replies", "protocol"),
    Case(33, "huge_claim", "protocol"),
    Case(34, "garbage_frame", "protocol"),
    Case(35, "truncated", "crash"),
    Case(36, "drip", "time", waits=True),
    Case(37, "pickle_on_pipe", "protocol"),
    Case(38, "bad_dtype_frame", "protocol"),
    Case(39, "close_fds", "crash", waits=True),
    Case(40, "never_read", "time", waits=True),
    Case(41, "py_loop", "time", waits=True),
    Case(42, "c_loop", "time", waits=True),
    Case(43, "import_loop", "wrong value"),
    Case(44, "sleep", "time", waits=True),
    Case(45, "thread_outlives", "passed", earned=FORWARD),
    Case(46, "fork_bomb", "exception", "raises PermissionError"),
    Case(47, "thread_bomb", "exception", "raises RuntimeError"),
    Case(48, "mem_bomb", "exception", "raises MemoryError"),
    Case(49, "mem_swallow", "time", waits=True),
    Case(50, "petabyte_view", "wrong shape", "out has shape (144115188075855872,), expected (2, 3)"),
    Case(51, "reply_of_200_mb", "protocol"),
    Case(52, "flood", "output"),
    Case(53, "segv", "crash"),
    Case(54, "recursion", "crash or time or exception", waits=True),
    Case(55, "kill_parent", "exception", "raises PermissionError"),
    Case(56, "kill_pid1", "exception", "raises PermissionError"),
    Case(57, "network", "exception", "no socket of any kind"),
    Case(58, "subprocess", "exception", "raises PermissionError"),
    Case(59, "env_leak", "exception", "no secret in sight"),
    Case(60, "read_etc", "exception", "/etc/passwd"),
    Case(61, "write_usr", "exception"),
    Case(62, "fill_tmp", "exception"),
    Case(63, "torch", "exception", "needs torch, which is not available"),
    Case(64, "syntax_error", "unreadable", "'(' was never closed at line"),
    Case(65, "null_bytes", "refused", "contains a NUL byte in line"),
    Case(66, "latin1", "refused", "is not UTF-8: byte 0xe9 in line"),
    Case(67, "deep_nest", "unreadable", "too many nested parentheses"),
    Case(68, "huge_source", "refused", "has 10,"),
    Case(69, "missing_fn", "missing"),
    Case(70, "nb_bad_json", "refused", "is no notebook that can be read: its JSON breaks off"),
    Case(71, "nb_magics", "passed", earned=FORWARD),
    Case(72, "zip_slip", "refused", "holds ../../scale.py, which points outside of the archive"),
    Case(73, "symlink_submission", "refused", "is a link. Hand in the file itself."),
    Case(74, "zip_bomb", "refused", "has 50,000,"),
    Case(75, "html_in_name", "passed", earned=FORWARD),
    Case(76, "csv_formula", "passed", earned=FORWARD),
    Case(77, "ansi_output", "exception", "raises ValueError"),
    Case(78, "ci_workflow_commands", "exception", "raises ValueError"),
    Case(79, "cache_by_id", "slow", earned=2.5),
    Case(80, "leak_inputs_in_exception", "exception", "raises Exception"),
    Case(81, "ipc_objects", "exception", "no way to leave a message"),
    Case(82, "own_limits", "exception", "raises ValueError"),
    Case(83, "own_end", "exception", "no way to send a signal"),
    Case(84, "leader_leaves", "time", waits=True),
    Case(85, "big_endian", "passed", earned=FORWARD),
    Case(86, "read_only_view", "passed", earned=FORWARD),
    Case(87, "half_asleep", "passed", earned=FORWARD),
    Case(88, "form_feeds", "passed", earned=FORWARD),
    Case(89, "attribute_chain", "passed", earned=FORWARD),
    Case(90, "long_elif", "passed", earned=FORWARD),
    Case(91, "huge_number", "passed", earned=FORWARD),
    Case(92, "some_broken_lines", "passed", earned=FORWARD),
    Case(93, "f_string", "refused", "s of CPU time. Its longest line is line 7", waits=True),
    Case(94, "json_of_lists", "refused", "holds more than 2,097,152 values"),
    Case(95, "reply_of_32_mb", "wrong shape", "out has shape (4, 1048576), expected (2, 3)"),
    Case(96, "empty_and_wide", "wrong shape", "out has shape (0, 1099511627776), expected (2, 3)"),
    Case(97, "text_of_50_mb", "too large", "out is a str of 50000000"),
    Case(98, "many_values", "too large", "out is a list of 100000"),
    Case(99, "many_keys", "too large", "out is a dict of 9000"),
    Case(100, "deep_value", "wrong type", "an object of type list"),
    Case(101, "nested_list", "wrong type", "out is a list of 2"),
    Case(102, "nasty_keys", "wrong type", "out is a dict of 1"),
    Case(103, "structured", "wrong type", "has dtype void, expected float64"),
    Case(104, "longdouble", "wrong type", "has dtype longdouble, expected float64"),
    Case(105, "complex_values", "wrong type", "has dtype complex128, expected float64"),
    Case(106, "array_interface", "wrong type", "an object of type object"),
    Case(107, "number_subclass", "wrong type", "an object of type object"),
    Case(108, "lying_subclass", "wrong shape", "out has shape (1,)"),
    Case(109, "endless_list", "time", waits=True),
    Case(110, "evil_exception", "crash"),
    Case(111, "thread_rewrites", "wrong value"),
    Case(112, "fake_numpy", "wrong value"),
    Case(113, "patched_worker", "wrong value"),
    Case(114, "returns_inputs", "wrong value"),
    Case(115, "trace_and_audit", "exception", "raises RuntimeError"),
    Case(116, "forge_batch", "protocol"),
    Case(117, "flood_progress", "protocol"),
    Case(118, "wrong_kinds", "protocol"),
    Case(119, "fault_at_birth", "wrong value"),
    Case(120, "ready_again", "wrong value"),
    Case(121, "raise_limits", "exception", "no limit can be raised"),
    Case(122, "limit_of_a_second", "exception", "raises ValueError"),
    Case(123, "line_as_carrier", "exception", "scale_forward raises ValueError."),
    Case(124, "leak_in_module_name", "exception", "needs a module that is not available here at line 6"),
    Case(125, "leak_in_keys", "wrong type", "out is not an array"),
    Case(126, "reads_own_text", "exception", "the text is not to be had"),
    Case(127, "answer_hash", "wrong value"),
    Case(128, "line_of_hidden_bits", "exception", "raises "),
    Case(129, "failing_case_of_hidden_bits", "wrong value"),
)


def markdown() -> str:
    """The table as it stands in docs/security.md."""
    rows = [f"| {c.number} | `{c.name}` | {c.tries} | {_cell(c, 'sealed')} | {_cell(c, 'guarded')} |" for c in CASES]
    head = ["| # | case | what it tries | sealed | guarded |", "|---|---|---|---|---|"]
    return "\n".join([MARKS[0], *head, *rows, MARKS[1]])


def _cell(case: Case, tier: str) -> str:
    words = " or ".join(case.verdicts(tier))
    return f"{words}, {case.earned:g} of {FORWARD + (SPEED if case.timed else 0):g}"


def documented(page: str) -> str:
    """The page with the table of today."""
    before, _, rest = page.partition(MARKS[0])
    return before + markdown() + rest.partition(MARKS[1])[2]


if __name__ == "__main__":
    PAGE.write_text(documented(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
