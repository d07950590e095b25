"""A table that a learning platform exported, to be handed back with some cells filled and nothing else changed."""

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
_MOST = 20_000_000
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


@dataclass(frozen=True)
class Sheet:
    """Cells as they came. header: the first row; delimiter, newline and mark (of the byte order) as they were."""

    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    newline: str = "\n"
    mark: bool = False

    @property
    def names(self) -> list[str]:
        """The column names, without blanks around them."""
        return [cell.strip() for cell in self.header]

    def column(self, index: int) -> list[str]:
        """The cells below a header, without blanks around them; "" where a row is too short."""
        return [row[index].strip() if index < len(row) else "" for row in self.rows]

    def text(self, columns: Sequence[int], rows: Sequence[int]) -> str:
        """These columns of these rows, in this order, written as the sheet came."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline)
        for row in (self.header, *(self.rows[i] for i in rows)):
            writer.writerow([row[i] if i < len(row) else "" for i in columns])
        return ("\ufeff" if self.mark else "") + out.getvalue()


def read_sheet(path: Path) -> Sheet:
    """The CSV at `path`; UsageError with the repair where it cannot be read as a table with a header."""
    text, mark = _decode(path)
    newline = "\r\n" if "\r\n" in text else "\n"
    best: tuple[tuple[bool, int], str, list[list[str]]] | None = None
    for delimiter in _DELIMITERS:
        table = _parse(text, delimiter)
        if table:
            even = len({len(row) for row in table}) == 1
            rank = (even, len(table[0]))
            if len(table[0]) > 1 and (best is None or rank > best[0]):
                best = rank, delimiter, table
    if best is None:
        raise UsageError(f"{path} is no table: it has no line of column names divided by commas, semicolons or tabs.")
    _, delimiter, (header, *rows) = best
    return Sheet(header, rows, delimiter, newline, mark)


def _decode(path: Path) -> tuple[str, bool]:
    try:
        data = path.read_bytes()
        if len(data) > _MOST:
            raise UsageError(f"{path} has {len(data):,} bytes; at most {_MOST:,} are read. Is it the export?")
        mark = data.startswith(b"\xef\xbb\xbf")
        return data.decode("utf-8-sig"), mark
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Name the exported CSV file.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8. Export it again as CSV in UTF-8, not as a workbook.") from error


def _parse(text: str, delimiter: str) -> list[list[str]]:
    """Rows that hold anything; none where the quotes make no sense with this delimiter."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return []
    return [row for row in rows if any(cell.strip() for cell in row)]


def number(cell: str) -> Decimal | None:
    """What a cell says in either way of writing decimals; None where it is no plain number."""
    return Decimal(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def has_commas(cells: Sequence[str]) -> bool:
    """Whether decimals are written with a comma there: some are, and none with a point."""
    shaped = [cell for cell in cells if _NUMBER.fullmatch(cell)]
    return any("," in cell for cell in shaped) and not any("." in cell for cell in shaped)


def written(value: Decimal, most: Decimal | None, comma: bool) -> str:
    """Two digits, halves up; less than all of `most` is never shown as all of it."""
    cent = Decimal("0.01")
    rounded = value.quantize(cent, ROUND_HALF_UP)
    if most is not None and value < most <= rounded:
        rounded = value.quantize(cent, ROUND_DOWN)
    return str(rounded).replace(".", ",") if comma else str(rounded)
