"""Whether two ways gave the same verdicts: a comparison of unequal work is worth nothing."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import duckdb

AGREEMENT_SQL = """
WITH exempted AS (
    FROM read_parquet($exempted)
), ours AS (
    SELECT rule_id, subject_id, period, outcome, TRY_CAST(measured AS DOUBLE) AS measured FROM read_parquet($ours)
    WHERE subject_id NOT IN (FROM exempted)
), theirs AS (
    SELECT rule_id, subject_id, period, outcome, measured FROM read_parquet($theirs)
    WHERE subject_id NOT IN (FROM exempted)
)
SELECT count(*), count(*) FILTER (o.outcome IS DISTINCT FROM t.outcome
                                  OR round(o.measured, 3) IS DISTINCT FROM round(t.measured, 3))
FROM ours o FULL JOIN theirs t USING (rule_id, subject_id, period)
"""


class Agreement(NamedTuple):
    """How many verdicts were compared, and how many of them differ in outcome or figure or are only one side's."""

    compared: int
    differing: int

    def __str__(self) -> str:
        return f"{'NO' if self.differing else 'yes'}: {self.differing} of {self.compared} differ"


def agreement(folder: Path, ours: str, theirs: str) -> Agreement:
    """Compare two files of verdicts, leaving out whatever belongs to an agency with an exemption."""
    values = {"exempted": str(folder / "raw" / "exempted.parquet"), "ours": ours, "theirs": theirs}
    [(compared, differing)] = duckdb.connect().execute(AGREEMENT_SQL, values).fetchall()
    return Agreement(compared, differing)
