"""The tables a check may read besides the known facts: which ones it needs, and what facts they rest on.

Every file of `rules/views` is one SELECT that becomes a temporary table of the file's name. Nobody lists who needs
what: a query that mentions a name needs it, and so what is not mentioned costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from data.known import TABLE_KEYS

VIEWS_DIR = Path(str(files("rules"))) / "views"
MACROS_SQL = files("rules").joinpath("macros.sql").read_text(encoding="utf-8")
FACT_TABLES = frozenset(TABLE_KEYS) | {"footage_days"}
NOT_NAMES = re.compile(r"--[^\n]*|'(?:[^']|'')*'")
NAME = re.compile(r"[a-z_][a-z0-9_]*")


@cache
def views() -> dict[str, str]:
    """The SELECT of each prepared table."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(VIEWS_DIR.glob("*.sql"))}


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
    table = f"TEMP TABLE {name}" if schema is None else f"TABLE {schema}.{name}"
    cursor.execute(f"CREATE OR REPLACE {table} AS {views()[name]}")


@cache
def mentioned(query: str) -> frozenset[str]:
    return frozenset(NAME.findall(NOT_NAMES.sub(" ", query)))
