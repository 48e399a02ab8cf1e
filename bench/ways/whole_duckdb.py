"""Plain DuckDB over the raw Parquet files: a view per file, a query per rule, nothing kept from one run to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa

from bench.terms import DUTY, FIRST_DAY, NOW_AT, TERM_FROM
from bench.whole_city import LAST_DAY

RULE_SQL = files("bench.ways").joinpath("whole_duckdb.sql").read_text(encoding="utf-8")
TERMS = {"first_day": FIRST_DAY, "last_day": LAST_DAY, "term_from": TERM_FROM, "now_at": NOW_AT, "duty": DUTY}
RULE = re.compile(r"^-- rule: (\w+)\n(.*?);$", re.MULTILINE | re.DOTALL)
SHARED_SQL = """
CREATE MACRO local_day(instant) AS CAST(instant + INTERVAL 8 HOUR AS DATE);
CREATE VIEW month_days AS
SELECT CAST(unnest(generate_series(getvariable('first_day'), getvariable('last_day'), INTERVAL 1 DAY)) AS DATE) AS day;
CREATE VIEW answers AS
SELECT poll_id, camera_id, local_day(covers_from) AS day, covers_from, covers_to, clock_offset_ms FROM polls
WHERE outcome = 'ok' AND complete;
-- Footage is listed in device time.
CREATE VIEW files AS
SELECT poll_id, f.started_at AS listed_at, greatest(f.started_at - to_milliseconds(clock_offset_ms), covers_from) AS s,
       least(f.ended_at - to_milliseconds(clock_offset_ms), covers_to) AS e
FROM footage f JOIN answers USING (poll_id);
CREATE VIEW month_files AS
FROM files WHERE listed_at >= getvariable('first_day') - INTERVAL 1 DAY; -- skips most of the file
CREATE VIEW issued AS
SELECT report_no, test_item, issued_at, local_day(issued_at) AS day,
       list_contains(getvariable('duty'), test_item) AS has_duty
FROM reports WHERE local_day(issued_at) IN (FROM month_days) AND issued_at + INTERVAL 24 HOUR <= getvariable('now_at');
-- Sessions of rebar and cube reports with the longest clip that shows the failure.
CREATE VIEW failures AS
WITH shown AS (
    SELECT session_id, max(epoch_ms(c.ended_at) - epoch_ms(c.started_at)) AS longest_ms
    FROM key_images c JOIN sessions s USING (session_id)
    WHERE c.role = 'failure' AND c.media = 'clip'
      AND CASE WHEN s.peak_at IS NULL THEN greatest(c.started_at, s.started_at) < least(c.ended_at, s.ended_at)
               ELSE c.started_at <= s.peak_at AND s.peak_at < c.ended_at END
    GROUP BY session_id
)
SELECT r.report_no, r.day, r.test_item, longest_ms
FROM issued r JOIN sessions s USING (report_no) LEFT JOIN shown USING (session_id)
WHERE r.test_item IN ('REBAR_TENSILE', 'CUBE_COMP')
"""


def answers(folder: Path) -> Iterator[pa.Table | None]:
    connection = duckdb.connect()
    for name, value in TERMS.items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
    for file in (folder / "raw").glob("*.parquet"):
        connection.execute(f"CREATE VIEW {file.stem} AS FROM '{file}'")
    connection.execute(SHARED_SQL)
    yield None
    while True:
        yield pa.concat_tables([_judged(connection, rule_id, sql) for rule_id, sql in RULE.findall(RULE_SQL)])


def _judged(connection: duckdb.DuckDBPyConnection, rule_id: str, sql: str) -> pa.Table:
    return connection.execute(
        f"SELECT '{rule_id}' AS rule_id, subject_id, CAST(period AS VARCHAR) AS period, outcome,"
        f" CAST(measured AS DOUBLE) AS measured FROM ({sql})"
    ).to_arrow_table()
