"""The exact, slow reading of a file: which line a row starts on, and where the CSV itself is broken.

DuckDB reads the rows; this pass runs only for a file with errors, because cells may contain line breaks and
a row number alone does not say the line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from data.bundle.errors import SHOWN_PER_FILE, BundleError

ROW_LIMIT = 100_000
"""Longest row in bytes. DuckDB's limit is above it, so what DuckDB finds too long is refused here too."""


def records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, the header first, with the line it starts on; raises BrokenQuotes."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        line = 1
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            raise BrokenQuotes(line, str(error)) from None


class BrokenQuotes(Exception):
    """The row that starts on `line` cannot be taken apart."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(
            f"cannot be read as CSV ({reason}); close every quoted cell and write a quote inside one twice"
        )


def located(path: Path, rows: set[int]) -> dict[int, tuple[int, list[str]]]:
    """Line and cells of the data rows with these numbers, counted from 0."""
    found: dict[int, tuple[int, list[str]]] = {}
    if not rows:
        return found
    for row, (line, cells) in enumerate(records(path), start=-1):
        if row in rows:
            found[row] = (line, cells)
            if len(found) == len(rows):
                break
    return found


def structure_errors(path: Path, width: int) -> tuple[int, list[BundleError]]:
    """How many rows do not have `width` cells or cannot be read, and the first of them."""
    count, errors = 0, []
    try:
        for line, cells in records(path):
            problem = _row_problem(cells, width)
            if problem:
                count += 1
                if count <= SHOWN_PER_FILE:
                    errors.append(BundleError(path.name, line, "", problem))
    except BrokenQuotes as error:
        count += 1
        errors.append(BundleError(path.name, error.line, "", str(error)))
    return count, errors


def _row_problem(cells: list[str], width: int) -> str:
    if len(cells) < width or any(cells[width:]):  # empty cells at the end say nothing: spreadsheets add them
        return f"has {len(cells)} cells where the header has {width}; quote a cell that contains a comma"
    if sum(len(cell.encode()) for cell in cells) > ROW_LIMIT:
        return f"is longer than {ROW_LIMIT} bytes; shorten it"
    return ""


def rewrite(path: Path, target: Path) -> None:
    """Write the same rows with one kind of line end, which DuckDB insists on."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(cells for _, cells in records(path))
