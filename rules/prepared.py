"""The tables a check may read: which ones it needs, and what facts they rest on.

`known_<table>` are the facts as known; beside them every file of `rules/views` is one SELECT that becomes a temporary
table of the file's name. Nobody lists who needs what: a query that mentions a name needs it, and so what is not
mentioned costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from data.known import TABLE_KEYS, known_sql

VIEWS_DIR = Path(str(files("rules"))) / "views"
MACROS_SQL = files("rules").joinpath("macros.sql").read_text(encoding="utf-8")
FACT_TABLES = frozenset(TABLE_KEYS) | {"footage_days"}
SMALL = ("agencies", "premises", "rooms", "devices", "recorders", "cameras", "exemptions")
IN_PLACE = frozenset(f"known_{table}" for table in TABLE_KEYS.keys() - set(SMALL))
"""Known facts of which each reader takes a part: they stay views, so that nobody pays for all of them. The small ones
are read many times over, and to look for the newest rows costs most of that."""
NOT_NAMES = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
NAME = re.compile(r"[a-z_][a-z0-9_]*")


@cache
def views() -> dict[str, str]:
    """The SELECT of each prepared table, the known facts among them."""
    known = {f"known_{table}": known_sql(table) for table in TABLE_KEYS}
    return known | {path.stem: path.read_text(encoding="utf-8") for path in sorted(VIEWS_DIR.glob("*.sql"))}


def needed_by(queries: Iterable[str]) -> list[str]:
    """The prepared tables these queries need, each after those it is made from."""
    ordered: dict[str, None] = {}

    def visit(query: str) -> None:
        for name in sorted(mentioned(query) & views().keys() - ordered.keys()):
            visit(views()[name])
            ordered[name] = None

    for query in queries:
        visit(query)
    return list(ordered)


@cache
def facts_read_by(query: str) -> frozenset[str]:
    """The fact tables whose rows can change what the query gives, by way of prepared tables too."""
    names = mentioned(query).union(*(mentioned(views()[name]) for name in needed_by([query])))
    return frozenset(name.removeprefix("known_") for name in names) & FACT_TABLES


def prepare(cursor: duckdb.DuckDBPyConnection, queries: Iterable[str]) -> None:
    """Make the prepared tables that the queries need, for this cursor alone, from its known facts and variables."""
    for name in needed_by(queries):
        make(cursor, name)


def make(cursor: duckdb.DuckDBPyConnection, name: str, schema: str | None = None) -> None:
    """Make one prepared table, in `schema` or for this cursor alone; those it is made from must be there."""
    kind = "VIEW" if name in IN_PLACE else "TABLE"
    made = f"TEMP {kind} {name}" if schema is None else f"{kind} {schema}.{name}"
    cursor.execute(f"CREATE OR REPLACE {made} AS {views()[name]}")


@cache
def mentioned(query: str) -> frozenset[str]:
    return frozenset(NAME.findall(NOT_NAMES.sub(" ", query)))
