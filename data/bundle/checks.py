"""What must hold between the cells of a row, between rows, and between files."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import duckdb

from data.bundle.columns import Reference
from data.bundle.findings import Findings, Issue
from data.bundle.format import TABLES
from data.bundle.reading import Loaded, first_rows

Known = Callable[[str, list[str]], Collection[str]]
"""Asked with a table and ids that the bundle itself lacks; answers which of them are on record elsewhere."""


def check_rows(connection: duckdb.DuckDBPyConnection, loaded: Loaded, findings: Findings) -> None:
    """The checks that the format table declares for one row."""
    table = loaded.file.table
    for check in table.checks:
        count, rows = first_rows(connection, f"SELECT rowid AS row FROM {table.name} WHERE {check.bad}")
        issues = [Issue(row, check.column, check.problem) for (row,) in rows]
        findings.add_issues(loaded.file, loaded.header, issues, count)


def check_key(connection: duckdb.DuckDBPyConnection, loaded: Loaded, findings: Findings) -> None:
    """No key twice in one file."""
    table = loaded.file.table
    if not table.key:
        return
    key = ", ".join(table.key)
    given = " AND ".join(f"{column} IS NOT NULL" for column in table.key)
    repeated = f"SELECT {key} FROM {table.name} WHERE {given} GROUP BY ALL HAVING count(*) > 1"
    count, rows = first_rows(
        connection,
        f"SELECT rowid AS row, min(rowid) OVER (PARTITION BY {key}) AS first FROM {table.name} "
        f"SEMI JOIN ({repeated}) USING ({key}) QUALIFY row > first",
    )
    quoted = ", ".join(f"'{{{column}}}'" for column in table.key)
    problem = f"{quoted} stands already on line {{line}}; keep one of the two rows"
    issues = [Issue(row, key, problem, other_row=first) for row, first in rows]
    findings.add_issues(loaded.file, loaded.header, issues, count)


def check_references(
    connection: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    readable: Mapping[str, bool],
    known: Known | None,
    findings: Findings,
) -> None:
    """Every id that points elsewhere finds its row, in the bundle or among what is known.

    `readable` tells for each file of the bundle whether its keys could be read; what points to one that is
    broken is not accused as well.
    """
    for reference in loaded.file.table.references():
        if readable.get(reference.target, True):
            _check_reference(connection, loaded, reference, known, findings)


def _check_reference(
    connection: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    reference: Reference,
    known: Known | None,
    findings: Findings,
) -> None:
    columns = [f"k{index}" for index in range(len(reference.ids))]
    wanted = ", ".join(f"{ids} AS {name}" for ids, name in zip(reference.ids, columns, strict=True))
    target = TABLES[reference.target]
    same = " AND ".join(f"t.{key} = w.{name}" for key, name in zip(target.key, columns, strict=False))
    given = " AND ".join(f"{name} IS NOT NULL" for name in columns)
    connection.execute(
        f"CREATE OR REPLACE TABLE dangling AS SELECT row, {', '.join(columns)} "
        f"FROM (SELECT rowid AS row, {wanted} FROM {loaded.file.table.name}) w "
        f"ANTI JOIN {target.name} t ON {same} WHERE {given}"
    )
    if known and len(columns) == 1:
        _remove_known(connection, target.name, known)
    shown = " || ' ' || ".join(columns)
    count, rows = first_rows(connection, f"SELECT row, {shown} AS id FROM dangling")
    where = f"in {target.file}" + (" nor on record" if known and len(columns) == 1 else "")
    problem = f"'{{id}}' is not {where}; add the row there or correct the id"
    issues = [Issue(row, reference.column, problem, id=str(id_)) for row, id_ in rows]
    findings.add_issues(loaded.file, loaded.header, issues, count)


def _remove_known(connection: duckdb.DuckDBPyConnection, table: str, known: Known) -> None:
    missing = [str(row[0]) for row in connection.execute("SELECT DISTINCT k0 FROM dangling ORDER BY ALL").fetchall()]
    found = sorted(known(table, missing)) if missing else []
    if found:
        connection.execute("DELETE FROM dangling WHERE k0 IN (SELECT unnest($found))", {"found": found})
