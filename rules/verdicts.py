"""Verdicts as published: columns, canonical order, machine CSV and the fingerprint.

A month of a city is hundreds of thousands of verdicts, so they stay in columns; a row becomes an object of its own only
for who asks for it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

Outcome = Literal["pass", "fail", "suspect", "unknown", "maturing", "excused", "error"]
OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "suspect", "unknown", "maturing", "excused", "error")


class Verdict(NamedTuple):
    """One judged subject and period. Every field is the text that is published; empty means not known.

    `evidence` is a JSON list of {kind, from_at, to_at, ref}; it is not part of the published row and stands last.
    """

    rule_id: str
    subject_type: str
    subject_id: str
    agency_id: str
    period: str
    outcome: str
    measured: str
    required: str
    unit: str
    reason: str
    clause: str
    evidence: str = "[]"


COLUMNS = Verdict._fields[:-1]
SCHEMA = pa.schema([(name, pa.large_string()) for name in Verdict._fields])
ORDER = ("subject_type", "subject_id", "agency_id", "period")
"""What puts the verdicts of one rule in canonical order: no two of them share all of it."""


def table_of(verdicts: Iterable[Verdict]) -> pa.Table:
    """Verdicts as columns in canonical order: by all columns from the left (formats.md)."""
    rows = sorted(verdicts)
    return pa.table({name: [getattr(row, name) for row in rows] for name in Verdict._fields}, SCHEMA)


def rows_of(table: pa.Table) -> tuple[Verdict, ...]:
    columns = (table.column(name).to_pylist() for name in Verdict._fields)
    return tuple(map(Verdict._make, zip(*columns, strict=True)))


def in_order(told: pa.Table, always: Mapping[str, str] = MappingProxyType({})) -> pa.Table:
    """Verdicts of one rule in canonical order, with the columns that say the same `always`."""
    columns = [pa.repeat(pa.scalar(always[name], pa.large_string()), len(told)) if name in always else told[name]
               for name in Verdict._fields]  # fmt: skip
    table = pa.table(columns, Verdict._fields).cast(SCHEMA)
    return table.take(pc.sort_indices(table, [(name, "ascending") for name in ORDER]))


def repeats(told: pa.Table) -> bool:
    """Whether two verdicts of one rule, in canonical order, are about the same subject and period."""
    before, after = told.slice(0, max(len(told) - 1, 0)), told.slice(1)
    same = {name: pc.equal(before[name], after[name]) for name in ORDER}
    same_subject = pc.and_(same["subject_type"], same["subject_id"])
    if pc.any(pc.and_not(same_subject, same["agency_id"])).as_py():  # then its periods may not lie side by side
        return bool(told.group_by(["subject_type", "subject_id", "period"]).aggregate([]).num_rows < len(told))
    return bool(pc.any(pc.and_(same_subject, same["period"])).as_py())


def counts_of(table: pa.Table) -> Counter[tuple[str, str]]:
    """How many verdicts by rule and outcome."""
    counted = table.group_by(["rule_id", "outcome"]).aggregate([([], "count_all")]).to_pylist()
    return Counter({(row["rule_id"], row["outcome"]): row["count_all"] for row in counted})


def machine_csv(table: pa.Table) -> bytes:
    """One row per verdict in the table's order, UTF-8, byte-identical everywhere (formats.md)."""
    return b"".join([_header(), *_body(table)])


def fingerprint(table: pa.Table) -> str:
    """SHA-256 of the canonical CSV: the same for everyone who judged the same facts by the same rules."""
    digest = hashlib.sha256(_header())
    for part in _body(table):
        digest.update(part)
    return digest.hexdigest()


def _header() -> bytes:
    return (",".join(COLUMNS) + "\n").encode()


def _body(table: pa.Table) -> Iterable[memoryview]:
    """The lines lie back to back in memory, so that what is hashed is never copied."""
    for batch in table.select(COLUMNS).to_batches():
        cells = [_quoted(column) for column in batch.columns]
        lines = _joined(_joined(*cells, between=","), _NOTHING, between="\n")
        _, offsets, text = lines.buffers()
        if text is not None:
            edges = memoryview(offsets).cast("q")
            yield memoryview(text)[edges[lines.offset] : edges[lines.offset + len(lines)]]


def _quoted(cells: pa.Array) -> pa.Array:
    """RFC 4180: a cell with a comma, a quote or a line's end stands in quotes."""
    special = pc.match_substring_regex(cells, '[",\r\n]')
    if not pc.any(special).as_py():
        return cells
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, _joined(_QUOTE, doubled, _QUOTE, between=""), cells)


def _joined(*parts: pa.Array | pa.Scalar, between: str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, pa.scalar(between, pa.large_string()))


_NOTHING, _QUOTE = (pa.scalar(text, pa.large_string()) for text in ("", '"'))
