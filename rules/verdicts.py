"""Verdicts as published: columns, canonical order, machine CSV and the fingerprint."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from typing import Literal, NamedTuple

Outcome = Literal["pass", "fail", "suspect", "unknown", "maturing", "excused", "error"]
OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "suspect", "unknown", "maturing", "excused", "error")


class Verdict(NamedTuple):
    """One judged subject and period. Every field is the text that is published; empty means not known.

    `evidence` is a JSON list of {kind, from_at, to_at, ref}; it is not part of the published row and stands last. A
    tuple, because a month of a city is a hundred thousand of them that are made, ordered and written out.
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


def to_csv(verdicts: Iterable[Verdict]) -> str:
    """One row per verdict ordered by all columns from the left, byte-identical everywhere (formats.md)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(verdict[:-1] for verdict in verdicts))
    return out.getvalue()


def fingerprint(machine_csv: str) -> str:
    """SHA-256 of the canonical CSV: the same for everyone who judged the same facts by the same rules."""
    return hashlib.sha256(machine_csv.encode("utf-8")).hexdigest()
