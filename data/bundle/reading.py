"""Reads a bundle's files into typed DuckDB tables and validates them; no row passes through Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from data.bundle.columns import Column
from data.bundle.errors import SHOWN_PER_FILE, BundleError
from data.bundle.findings import Findings, Issue
from data.bundle.header import Header, read_header
from data.bundle.lines import rewrite, structure_errors
from data.bundle.source import BundleFile

_LINE_LIMIT = 131_072


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file whose rows stand in a table of its name.

    `rowid` is the row's number from 0; bit i of the column `faults` is set when the cell of column i is
    refused.
    """

    file: BundleFile
    header: Header
    row_count: int


def load(connection: duckdb.DuckDBPyConnection, file: BundleFile, findings: Findings) -> Loaded | None:
    """Read one file; None when it has no readable rows. Faults of cells are added to the findings."""
    if file.fault:
        findings.add([file.fault])
        return None
    header = read_header(file)
    findings.add(header.errors)
    if not header.usable or not _create(connection, file, header, findings):
        return None
    counted = f"SELECT count(*), coalesce(bit_or(faults), 0) FROM {file.table.name}"
    [(row_count, faults)] = connection.execute(counted).fetchall()
    loaded = Loaded(file, header, row_count)
    for index in range(len(file.table.columns)):
        if faults >> index & 1:
            _add_cell_faults(connection, loaded, index, findings)
    return loaded


def _create(connection: duckdb.DuckDBPyConnection, file: BundleFile, header: Header, findings: Findings) -> bool:
    """Fill the table; false when the file is broken.

    DuckDB does not tell every broken place, so the slow pass does. A file that only DuckDB minds, for mixed
    line ends, is rewritten.
    """
    try:
        connection.execute(_create_sql(file, header, file.path))
        return True
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
    count, errors = structure_errors(file.path, len(header.names))
    if count:
        findings.add(errors, count)
        return False
    with TemporaryDirectory(prefix="liuhen-") as folder:
        target = Path(folder) / file.table.file
        rewrite(file.path, target)
        try:
            connection.execute(_create_sql(file, header, target))
            return True
        except duckdb.Error:
            findings.add([BundleError(file.table.file, 0, "", f"cannot be read as CSV ({reason}); save it anew")])
    return False


def _create_sql(file: BundleFile, header: Header, path: Path) -> str:
    columns = file.table.columns
    cells = [f"c{header.names.index(c.name)}" if c.name in header.names else "CAST(NULL AS VARCHAR)" for c in columns]
    present = [(i, c) for i, c in enumerate(columns) if c.name in header.names]
    bits = " + ".join(f"CASE WHEN {_refused(c, cells[i], f'v{i}')} THEN {1 << i} ELSE 0 END" for i, c in present)
    values = ", ".join(f"{_defaulted(c, f'v{i}')} AS {c.name}" for i, c in enumerate(columns))
    read = ", ".join(f"{c.kind.value(cells[i])} AS v{i}" for i, c in enumerate(columns))
    return (
        f"CREATE OR REPLACE TABLE {file.table.name} AS "
        f"SELECT {values}, CAST({bits or 0} AS INTEGER) AS faults "
        f"FROM (SELECT *, {read} FROM {_scan(path, len(header.names))})"
    )


def _scan(path: Path, width: int) -> str:
    """All cells as text, an empty one as NULL, under a fixed dialect: nothing is guessed."""
    quoted = str(path).replace("'", "''")
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    return (
        f"read_csv('{quoted}', auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
        f"comment = '', strict_mode = true, max_line_size = {_LINE_LIMIT}, columns = {{{columns}}})"
    )


def _refused(column: Column, cell: str, value: str) -> str:
    bad = f"({column.kind.bad(cell, value)})"
    return f"{cell} IS NULL OR {bad}" if column.required else bad


def _defaulted(column: Column, value: str) -> str:
    return value if column.default is None else f"coalesce({value}, {column.default})"


def _add_cell_faults(connection: duckdb.DuckDBPyConnection, loaded: Loaded, index: int, findings: Findings) -> None:
    column = loaded.file.table.columns[index]
    accepted = column.kind.accepted
    found = f"SELECT rowid AS row FROM {loaded.file.table.name} WHERE faults & {1 << index} <> 0"
    count, rows = first_rows(connection, found)
    issues = [
        Issue(row, column.name, f"'{{cell}}' is not {accepted}", f"is empty, but every row needs {accepted}")
        for (row,) in rows
    ]
    findings.add_issues(loaded.file, loaded.header, issues, count)


def first_rows(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, list[tuple[int, ...]]]:
    """How many rows a query has that starts with the column `row`, and the first of them."""
    found = connection.execute(
        f"SELECT *, count(*) OVER () FROM ({sql}) ORDER BY row LIMIT {SHOWN_PER_FILE}"
    ).fetchall()
    return (found[0][-1] if found else 0), [row[:-1] for row in found]
