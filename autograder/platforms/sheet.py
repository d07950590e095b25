"""Reading and writing of exported CSV tables, in their own dialect."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

from autograder.errors import UsageError

_DELIMITERS = ",;\t:|"
_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?P<group>[.,'’ \u00a0\u202f])\d{3}(?:(?P=group)\d{3})*)(?P<rest>[.,]\d+)?")
_SEP = re.compile(r"sep=(.)\r?\n")


@dataclass(frozen=True)
class Sheet:
    """An exported table."""

    header: list[str]
    """Cells of the first row."""
    rows: list[list[str]]
    """Cells of the other rows."""
    delimiter: str = ","
    """Delimiter of the cells."""
    newline: str = "\n"
    """End of each line."""
    bom: bool = False
    """The file begins with a byte order mark."""

    @property
    def names(self) -> list[str]:
        """Return the column names, without blanks around them."""
        return [cell.strip() for cell in self.header]

    def column(self, index: int) -> list[str]:
        """Return the cells of a column, without blanks around them; "" if a row is too short."""
        return [row[index].strip() if index < len(row) else "" for row in self.rows]

    def text(self, columns: Sequence[int], rows: Sequence[int]) -> str:
        """Return these columns of these rows, in this order, in the dialect of the export."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline)
        for row in (self.header, *(self.rows[i] for i in rows)):
            writer.writerow([row[i] if i < len(row) else "" for i in columns])
        return ("\ufeff" if self.bom else "") + out.getvalue()


def read_sheet(path: Path) -> Sheet:
    """Read the CSV at `path`; UsageError with the repair if it is no table with a header."""
    try:
        data = path.read_bytes()
        wide, bom = data.startswith((b"\xff\xfe", b"\xfe\xff")), data.startswith(b"\xef\xbb\xbf")
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Name the exported CSV file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8. Export it again as CSV in UTF-8, not as a workbook.") from error
    text = _SEP.sub("", text, count=1) if _SEP.match(text) else text  # a line for Excel
    newline = "\r\n" if "\r\n" in text else "\n"
    parsed = ((_parse(text, delimiter), delimiter) for delimiter in _DELIMITERS)
    if not (tables := [(table, delimiter) for table, delimiter in parsed if table and len(table[0]) > 1]):
        raise UsageError(f"{path} is no table: it has no line of column names divided by commas, semicolons or tabs.")
    even = [pair for pair in tables if len(set(map(len, pair[0]))) == 1]
    (header, *rows), delimiter = max(even or tables, key=lambda pair: len(pair[0][0]))
    return Sheet(header, rows, delimiter, newline, bom or wide)


def _parse(text: str, delimiter: str) -> list[list[str]]:
    """Return the rows that are not empty; an empty list if the quotes do not fit this delimiter."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    return [row for row in rows if any(cell.strip() for cell in row)]


def number(cell: str) -> Decimal | None:
    """Read a number with decimal point or comma, and with marks between thousands such as in 1,000.00; None if the
    cell is no number. One mark alone is the decimal one."""
    if not (found := _NUMBER.fullmatch(cell)):
        return None
    group, rest = found["group"], found["rest"] or ""
    if group in (".", ",") and not rest and cell.count(group) == 1:
        return Decimal(cell.replace(",", "."))
    whole = cell.removesuffix(rest)
    return Decimal((whole.replace(group, "") if group else whole) + rest.replace(",", "."))


def has_commas(cells: Sequence[str]) -> bool:
    """Return whether decimals are written with a comma: some are, and none with a point."""
    ends = [found["rest"] or found["group"] or "" for cell in cells if (found := _NUMBER.fullmatch(cell))]
    return any(end.startswith(",") for end in ends) and not any(end.startswith(".") for end in ends)


def written(value: Decimal, most: Decimal | None, comma: bool) -> str:
    """Return a number with two digits, rounded half up; a value below `most` never becomes `most`."""
    cent = Decimal("0.01")
    rounded = value.quantize(cent, ROUND_HALF_UP)
    if most is not None and value < most <= rounded:
        rounded = value.quantize(cent, ROUND_DOWN)
    return str(rounded).replace(".", ",") if comma else str(rounded)
