"""CSV for people: opens in a Chinese spreadsheet program as it should, and cannot be made to run anything.

UTF-8 with BOM, Chinese headers, Beijing time. Register and bundle text is hostile input: a cell that a spreadsheet
would take for a formula is written with an apostrophe before it (formats.md).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """None is an empty cell (not known), never 0."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def cell(value: object) -> str:
    """A number is written plainly; text that looks like a formula is neutralised, a negative number is not text."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return _number(value)
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text) else text


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0").rstrip(".")
