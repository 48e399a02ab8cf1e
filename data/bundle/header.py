"""Reads the header row, which says in which order the columns come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from data.bundle.columns import Table
from data.bundle.errors import BundleError, shorten
from data.bundle.lines import BrokenQuotes, records
from data.bundle.source import BundleFile

_OTHER_DELIMITERS = {
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    "，": "full-width commas",
    "；": "full-width semicolons",
}


@dataclass(frozen=True, slots=True)
class Header:
    """The names as they stand in the file; with `usable` false no row can be read under them."""

    names: tuple[str, ...]
    errors: list[BundleError]
    warnings: list[str]
    usable: bool


def read_header(file: BundleFile) -> Header:
    """The header of a file, with every mistake in it."""
    table = file.table
    try:
        line, cells = next(records(file.path), (1, []))
    except BrokenQuotes as error:
        return _useless(table, error.line, str(error))
    if not cells:
        return _useless(table, 1, f"is empty; the first line must be the header, at least {','.join(table.required)}")
    if line > 1:
        return _useless(table, 1, "is blank; the header must be the first line")
    delimiter = _other_delimiter(table, cells)
    if delimiter:
        return _useless(table, 1, f"separates its columns by {delimiter}; separate them by commas")
    return _judged(table, tuple(cells))


def _judged(table: Table, names: tuple[str, ...]) -> Header:
    errors = []
    twice = [name for name, count in Counter(names).items() if count > 1 and name in table.names]
    errors += [BundleError(table.file, 1, name, "stands twice in the header; keep one of them") for name in twice]
    for name in table.required:
        if name not in names:
            accepted = table.column(name).kind.accepted
            errors.append(BundleError(table.file, 1, name, f"is missing in the header; every row needs {accepted}"))
    warnings = [
        f"{table.file}: column '{shorten(name)}' is not a column of the format and was ignored"
        for name in dict.fromkeys(names)
        if name not in table.names
    ]
    return Header(names, errors, warnings, usable=not twice)


def _other_delimiter(table: Table, cells: list[str]) -> str:
    """The word for what separates the columns, if a comma does not."""
    text = ",".join(cells)
    if set(cells) & set(table.names):
        return ""
    for delimiter, word in _OTHER_DELIMITERS.items():
        if {part.strip(' "') for part in text.split(delimiter)} & set(table.names) and delimiter in text:
            return word
    return ""


def _useless(table: Table, line: int, message: str) -> Header:
    return Header((), [BundleError(table.file, line, "", message)], [], usable=False)
