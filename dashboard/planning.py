"""Decides what to ask next: what nobody has answered yet, newest first, and what is due to be asked again.

Asking again is how early deletion is seen: a day that was complete a week ago must still be so today. What an answer
takes back, and what the recorder's own calendar contradicts, is asked once more before anybody relies on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files

from collectors.clocks import Sample
from collectors.polling import Window
from data.known import create_known_views
from data.periods import day_starts_at, local_day, months_before
from data.store import Store

REASK_AFTER_DAYS = (7, 30, 60, 90, 120, 150, 180)
"""Ages in days at which a day already answered is asked again; several a month would cost more than they tell."""

RETRY_LIMIT = 3
"""Attempts a day at a stretch that keeps failing, so that one damaged file does not eat the round; and attempts a week
where the device answers but nothing can be concluded, which asking more often does not change. The rest of its day is
asked as ever."""

SHORTEST_WINDOW = timedelta(minutes=5)
"""A device needs a little time to list what it has just recorded; less of today is left for the next round."""

REASK_WITHIN_DAYS = 3
"""For so long a day whose turn to be asked again fell on an outage is still due."""

DISPUTE_MS = 5_000
"""Footage of a day that an answer takes back; less is a matter of how edges were read."""

WINDOWS_SQL = files("dashboard").joinpath("planning.sql").read_text(encoding="utf-8")


def due_windows(
    store: Store, now: datetime, *, days_per_camera: int, shortest: timedelta = SHORTEST_WINDOW
) -> dict[str, list[Window]]:
    """The windows to ask now by recorder_id, each recorder's in the order to ask them, newest first.

    `days_per_camera` bounds the days of one round, so that six months of history are asked slowly. Windows never
    reach back further than the retention term.
    """
    today = local_day(now)
    with store.cursor() as cursor:
        create_known_views(cursor, now)
        rows = cursor.execute(
            WINDOWS_SQL,
            {
                "now": now,
                "term_from": day_starts_at(months_before(today, 6)),
                "reask_days": list(REASK_AFTER_DAYS),
                "reask_within": REASK_WITHIN_DAYS,
                "retry_limit": RETRY_LIMIT,
                "dispute_ms": DISPUTE_MS,
                "shortest_ms": shortest // timedelta(milliseconds=1),
                "days_per_camera": days_per_camera,
            },
        ).fetchall()
    windows: dict[str, list[Window]] = {}
    for recorder_id, *fields in rows:
        windows.setdefault(recorder_id, []).append(Window(*fields))
    return {recorder_id: _joined(given) for recorder_id, given in windows.items()}


def _joined(windows: Iterable[Window]) -> list[Window]:
    """Neighbouring days of one camera as one window, where its newest day stood: a protocol cuts days itself, and
    measures the clock once per window. Windows come newest first."""
    newest: dict[str, Window] = {}
    joined: dict[Window, Window] = {}
    for window in windows:
        head = newest.get(window.camera_id)
        if head is not None and joined[head].covers_from == window.covers_to:
            joined[head] = replace(joined[head], covers_from=window.covers_from)
        else:
            newest[window.camera_id] = window
            joined[window] = window
    return list(joined.values())


SAMPLES_SQL = """
WITH samples AS (
    SELECT p.asked_at, max(p.clock_offset_ms) AS offset_ms
    FROM polls p JOIN cameras c USING (camera_id)
    WHERE c.recorder_id = $recorder_id AND p.outcome = 'ok' AND p.clock_offset_ms IS NOT NULL AND p.asked_at >= $since
    GROUP BY p.asked_at
)
SELECT asked_at, offset_ms FROM samples
WINDOW times AS (ORDER BY asked_at)
QUALIFY abs(offset_ms - lag(offset_ms) OVER times) > 1000 OR abs(offset_ms - lead(offset_ms) OVER times) > 1000
     OR lag(offset_ms) OVER times IS NULL OR lead(offset_ms) OVER times IS NULL
ORDER BY asked_at
"""


def clock_samples(store: Store, recorder_id: str, covers_from: datetime) -> list[Sample]:
    """The recorder's clock samples from two days before `covers_from` on; those amid a steady run are left out."""
    with store.cursor() as cursor:
        return cursor.execute(
            SAMPLES_SQL, {"recorder_id": recorder_id, "since": covers_from - timedelta(days=2)}
        ).fetchall()
