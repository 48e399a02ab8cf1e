"""Why footage, or an answer about it, is missing: as far as rows on record prove it, and unknown otherwise."""

from __future__ import annotations

from datetime import datetime

import duckdb

from dashboard.causes.facts import read_facts
from dashboard.causes.ladder import explain
from dashboard.causes.model import Cause, Explained, Facts, Proof

__all__ = ["Cause", "Explained", "Facts", "Proof", "explain", "explained"]


def explained(cursor: duckdb.DuckDBPyConnection, camera_id: str, from_at: datetime, to_at: datetime) -> list[Explained]:
    """The gaps of a camera in [from_at, to_at) with their causes, oldest first; the cursor has the known views."""
    facts = read_facts(cursor, camera_id, from_at, to_at)
    return [] if facts is None else explain(facts)
