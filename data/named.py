"""Files of several SQL statements: each begins with `-- name: <name>`; what stands before the first is comment."""

from __future__ import annotations


def named_queries(text: str) -> dict[str, str]:
    parts = (part.split("\n", 1) for part in text.split("-- name: ")[1:])
    return {name.strip(): sql.rstrip().rstrip(";") for name, sql in parts}
