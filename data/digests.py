"""The digest by which a poll that is handed in again is recognised."""

from __future__ import annotations

_POLL_DIGESTS = """
SELECT p.poll_id, p.camera_id,
       sha256(concat_ws('|', epoch_us(p.asked_at), epoch_us(p.covers_from), epoch_us(p.covers_to), p.outcome,
                        p.complete, coalesce(CAST(p.clock_offset_ms AS VARCHAR), '-'),
                        CAST(flatten(list_sort(coalesce(f.spans, []))) AS VARCHAR))) AS digest
FROM {polls} p
LEFT JOIN (SELECT poll_id, camera_id, list([epoch_us(started_at), epoch_us(ended_at)]) AS spans
           FROM {footage} GROUP BY ALL) f USING (poll_id, camera_id)
"""


def poll_digests(polls: str, footage: str) -> str:
    """SQL of (poll_id, camera_id, digest) over two relations: sha256 of a poll and the footage it listed, in any order.

    Instants are microseconds and the list is one of plain numbers, so the text is the same in every DuckDB.
    """
    return _POLL_DIGESTS.format(polls=polls, footage=footage)
