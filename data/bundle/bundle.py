"""A validated bundle: typed tables in a DuckDB connection of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from data.bundle.checks import Known, check_key, check_references, check_rows
from data.bundle.errors import BundleErrors
from data.bundle.findings import Findings, Issue
from data.bundle.format import TABLES
from data.bundle.reading import Loaded, load
from data.bundle.source import Source, open_source
from data.digests import poll_digests

_BATCH_ROWS = 122_880


class Bundle:
    """What a bundle says, after every check. Lives as long as the `read_bundle` context it came from."""

    def __init__(self, source: Source, connection: duckdb.DuckDBPyConnection, loaded: dict[str, Loaded]) -> None:
        self._connection = connection
        self._loaded = loaded
        self.name = source.name
        self.submission_id = source.submission_id
        self.warnings = [*source.warnings, *(w for file in loaded.values() for w in file.header.warnings)]
        self.row_counts = {name: file.row_count for name, file in loaded.items()}

    def rows(self, table: str) -> pa.RecordBatchReader:
        """The rows of a table as Arrow batches, in the order of the file and the columns of the format table.

        Polls carry their `digest` as well. Read one table to its end before asking for the next.
        """
        columns = ", ".join(TABLES[table].names)
        if table == "polls":
            digests = poll_digests("polls", "footage")
            self._connection.execute(f"SELECT {columns}, digest FROM polls JOIN ({digests}) USING (poll_id, camera_id)")
        else:
            self._connection.execute(f"SELECT {columns} FROM {table}")
        return self._connection.to_arrow_reader(_BATCH_ROWS)

    def release(self, table: str) -> None:
        """Give back the memory of a table that has been read; it cannot be read again."""
        self._connection.execute(f"DROP TABLE {table}")

    def conflicting_polls(self, keys: list[tuple[str, str]]) -> BundleErrors:
        """The errors for polls (poll_id, camera_id) that are on record with another content."""
        loaded = self._loaded["polls"]
        self._connection.execute("CREATE OR REPLACE TABLE conflicts (poll_id VARCHAR, camera_id VARCHAR)")
        self._connection.executemany("INSERT INTO conflicts VALUES (?, ?)", keys)
        rows = self._connection.execute(
            "SELECT polls.rowid FROM polls JOIN conflicts USING (poll_id, camera_id) ORDER BY ALL"
        ).fetchall()
        problem = "'{poll_id}' is on record with another content; give a new answer a new poll_id"
        findings = Findings()
        issues = [Issue(row, "poll_id", problem) for (row,) in rows]
        findings.add_issues(loaded.file, loaded.header, issues, len(issues))
        return findings.as_errors()


@contextmanager
def read_bundle(path: Path, *, known: Known | None = None) -> Iterator[Bundle]:
    """The bundle at `path`, a folder or .zip; raises BundleErrors with everything that is wrong with it.

    `known` tells which ids are on record elsewhere; without it the bundle has to be complete in itself.
    """
    with open_source(path) as source, validated(source, known=known) as bundle:
        yield bundle


@contextmanager
def validated(source: Source, *, known: Known | None) -> Iterator[Bundle]:
    """The bundle whose files lie open; raises BundleErrors."""
    with TemporaryDirectory(prefix="liuhen-") as spill:
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "temp_directory": spill,
        }
        with duckdb.connect(":memory:", config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield Bundle(source, connection, _validate(connection, source, known))


def _validate(connection: duckdb.DuckDBPyConnection, source: Source, known: Known | None) -> dict[str, Loaded]:
    for table in TABLES.values():  # a file that was not handed in is an empty table
        columns = ", ".join(f"{c.kind.value('CAST(NULL AS VARCHAR)')} AS {c.name}" for c in table.columns)
        connection.execute(f"CREATE TABLE {table.name} AS SELECT {columns} LIMIT 0")
    findings = Findings()
    loaded = {file.table.name: load(connection, file, findings) for file in source.files}
    readable = {
        name: file is not None and set(TABLES[name].key) <= set(file.header.names) for name, file in loaded.items()
    }
    whole = {name: file for name, file in loaded.items() if file is not None}
    for file in whole.values():
        check_rows(connection, file, findings)
        check_key(connection, file, findings)
        check_references(connection, file, readable, known, findings)
    findings.raise_any()
    return whole
