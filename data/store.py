"""Opens a store from a URL; nothing else knows which kind it is.

DuckDB lets one process write. So one process holds the file, every thread works on a cursor of its own (sharing one
connection object between threads gives silently wrong rows), and writers take turns behind a lock. Readers fetch fully
before anyone writes.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import duckdb

from data.periods import PERIOD_MACROS

SCHEMA_SQL = files("data").joinpath("schema.sql").read_text(encoding="utf-8")
INTERVAL_SQL = files("data").joinpath("intervals.sql").read_text(encoding="utf-8")
TABLES_SQL = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'"


def search_path(*first: str) -> str:
    """What a session must be told: UTC, and where names are looked up: in the schemas `first`, then in the store's."""
    return f"SET TimeZone = 'UTC'; SET search_path = '{','.join([*first, 'store.main', 'memory.main'])}'"


class StoreError(Exception):
    """The store cannot be opened; the message says what to do."""


class Store:
    """One open store. Use `cursor()` to read and `write()` to write; close it before the process ends."""

    def __init__(self, file: str) -> None:
        """`file` is what DuckDB attaches: a path, or `:memory:`. Macros live beside it, so that opening an old store
        never has to migrate them."""
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
        self._writer = threading.RLock()
        self._connection.execute(f"ATTACH '{file.replace(chr(39), chr(39) * 2)}' AS store")
        try:
            self._prepare(file)
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, file: str) -> None:
        tables = {row[0] for row in self._connection.execute(TABLES_SQL).fetchall()}
        if tables and "submissions" not in tables:
            raise StoreError(f"{file} is a DuckDB file of something else; choose another --store")
        self._connection.execute(INTERVAL_SQL)
        self._connection.execute(PERIOD_MACROS)
        self.cursor().execute(SCHEMA_SQL)

    @classmethod
    def in_memory(cls) -> Store:
        return cls(":memory:")

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the store at `url`, a path to a DuckDB file that is created when missing.

        Raises StoreError when another process holds the file, when it is no store, or for a URL of another kind.
        """
        if re.match(r"[A-Za-z][A-Za-z0-9_+.-]+:", url):  # DuckDB would take it for the name of an extension
            raise StoreError(f"'{url}' is not a store; write the path of a .duckdb file")
        path = Path(url)
        if path.is_dir():
            raise StoreError(f"{path} is a folder; write the path of a .duckdb file in it")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path.parent} cannot be made ({error.strerror}); choose another --store") from None
        try:
            return cls(str(path))
        except duckdb.IOException as error:
            if "lock" in str(error).lower():
                raise StoreError(
                    f"{path} is open in another process; stop `liuhen serve` first, or use another --store"
                ) from None
            raise StoreError(f"{path} cannot be opened as a store: {_first_line(error)}") from None
        except duckdb.Error as error:
            raise StoreError(f"{path} cannot be opened as a store: {_first_line(error)}") from None

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for this caller, with the session in UTC and the macros at hand."""
        cursor = self._connection.cursor()
        cursor.execute(search_path())
        return cursor

    @contextmanager
    def write(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside one transaction: all of it is stored, or nothing."""
        with self._writer:
            cursor = self.cursor()
            cursor.execute("BEGIN TRANSACTION")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            else:
                cursor.execute("COMMIT")
            finally:
                cursor.close()

    def settled(self, clock: Callable[[], datetime]) -> datetime:
        """The time, read while nobody writes: what is known from before it is committed, so that who judges at it
        misses nothing that came known earlier."""
        with self._writer:
            return clock()

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
