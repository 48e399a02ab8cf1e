"""The monthly dossier: what the bureau hands to a hearing.

The same store, month, instants and rules give the same bytes. Every file is made from one judgement on one cursor, so
that no two of them can disagree; `manifest.json` names the digest of each.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files

import duckdb
import pyarrow as pa

from dashboard.report import cover, human
from dashboard.texts import DEFAULT_LANGUAGE, lookup, lookup_word
from data.named import named_queries
from data.periods import LOCAL_OFFSET, Month, to_iso, to_local_text
from data.store import Store
from rules import catalogue
from rules.catalogue import Rule
from rules.engine import Judgement, judge, stand
from rules.prepared import prepare

SCHEMA_VERSION = 1
HELPERS = f"""
CREATE OR REPLACE TEMP MACRO local_text(moment) AS
    strftime(moment + INTERVAL {LOCAL_OFFSET.seconds} SECOND, '%Y-%m-%d %H:%M:%S');
CREATE OR REPLACE TEMP MACRO if_known(figure, judged) AS CASE WHEN judged > 0 THEN coalesce(figure, 0) END;
CREATE OR REPLACE TEMP MACRO share(part, whole) AS
    CASE WHEN whole > 0 THEN floor(10000.0 * part / whole) / 10000 END;
"""
TABLES = (
    "monthly_agency", "monthly_channel", "monthly_report_images", "findings", "coverage_gaps", "sources", "exemptions",
)  # fmt: skip
WORDS = {
    "outcome": "outcome",
    "retention_outcome": "outcome",
    "severity": "severity",
    "room_kind": "room_kind",
    "view": "view",
    "gap_kind": "gap_kind",
    "subject_type": "subject_type",
    "scope_type": "scope_type",
    "exemption_state": "exemption_state",
}
"""Columns whose value is a word of ours, and the family of texts it is shown with."""


def build(
    store: Store, rules: Mapping[str, Rule], month: Month, now_at: datetime, as_of: datetime | None = None
) -> dict[str, bytes]:
    """Judge `month` at `now_at` from what was known at `as_of` and return the dossier's files by name."""
    with store.cursor() as cursor:
        judgement = judge(cursor, rules.values(), month, now_at=now_at, as_of=as_of)
        stand(cursor, rules.values(), month, now_at=now_at, as_of=judgement.as_of)
        prepare(cursor, _STATEMENTS.values())
        _register(cursor, judgement, rules)
        dossier = {f"{name}.csv": _table(cursor, name, judgement, rules) for name in TABLES}
        silent = [row[0] for row in cursor.execute(_STATEMENTS["silent_recorders"]).fetchall()]
    dossier["verdicts.csv"] = judgement.machine_csv
    dossier[lookup(DEFAULT_LANGUAGE, "report.cover_name")] = cover.write(judgement, rules, silent)
    dossier["manifest.json"] = _manifest(dossier, judgement, rules)
    return dossier


def _register(cursor: duckdb.DuckDBPyConnection, judgement: Judgement, rules: Mapping[str, Rule]) -> None:
    cursor.register("judged_verdicts", judgement.table)
    weighed = judgement.table.select(["rule_id", "reason"]).group_by(["rule_id", "reason"]).aggregate([])
    rows = [row | {"severity": rules[row["rule_id"]].severity_of(row["reason"])} for row in weighed.to_pylist()]
    schema = pa.schema([(name, pa.string()) for name in ("rule_id", "reason", "severity")])
    cursor.register("severities", pa.Table.from_pylist(rows, schema=schema))
    tolerance = rules["far_24h"].parameters["join_tolerance_s"].value
    cursor.execute(HELPERS)
    cursor.execute(_STATEMENTS["prepare"].replace("$join_tolerance_ms", str(int(float(tolerance) * 1000))))
    bad = "(SELECT * FROM judged_verdicts WHERE outcome IN ('fail', 'suspect'))"
    findings = FINDINGS_SQL.replace("{bad}", bad)
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE findings AS FROM ({findings}) JOIN severities USING (rule_id, reason)"
    )


def _table(cursor: duckdb.DuckDBPyConnection, name: str, judgement: Judgement, rules: Mapping[str, Rule]) -> bytes:
    sql = _STATEMENTS[name]
    values = {
        "month": str(judgement.month),
        "judged_at": to_local_text(judgement.now_at),
        "ruleset": catalogue.digest(dict(rules))[:12],
    }
    result = cursor.execute(sql, {key: value for key, value in values.items() if f"${key}" in sql})
    names = [column[0] for column in result.description or []]
    header = [lookup(DEFAULT_LANGUAGE, f"report_column.{column}") for column in names]
    return human.to_csv(header, ([_shown(n, v) for n, v in zip(names, row, strict=True)] for row in result.fetchall()))


def _shown(column: str, value: object) -> object:
    return lookup_word(DEFAULT_LANGUAGE, WORDS[column], str(value)) if column in WORDS and value is not None else value


def _manifest(dossier: Mapping[str, bytes], judgement: Judgement, rules: Mapping[str, Rule]) -> bytes:
    content = {
        "schema_version": SCHEMA_VERSION,
        "month": str(judgement.month),
        "now": to_iso(judgement.now_at),
        "as_of": to_iso(judgement.as_of),
        "ruleset": catalogue.digest(dict(rules)),
        "fingerprint": judgement.fingerprint,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(dossier.items())},
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _statements() -> dict[str, str]:
    month = files("dashboard").joinpath("exemptions.sql").read_text(encoding="utf-8")
    instants = {
        "from_at": "day_starts_at(getvariable('month_first'))",
        "to_at": "day_starts_at(getvariable('month_next'))",
        "now_at": "getvariable('now_at')",
    }
    for name, instant in instants.items():
        month = month.replace(f"{{{name}}}", instant)
    tables = files("dashboard.report").joinpath("tables.sql").read_text(encoding="utf-8")
    return named_queries(tables.replace("({exemptions})", f"({month})"))


_STATEMENTS = _statements()
FINDINGS_SQL = files("dashboard").joinpath("findings.sql").read_text(encoding="utf-8")
