"""Whom to watch live, and what watching gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from collectors.answers import ProbeResult
from collectors.device import Secret
from collectors.whep.target import Target
from data.facts import LiveProbe, PlannedPoll
from data.known import create_known_views
from data.store import Store

TARGETS_SQL = """
SELECT camera_id, live_url, coalesce(credential, ''), coalesce(address, '')
FROM known_cameras LEFT JOIN known_recorders USING (recorder_id)
WHERE live_url IS NOT NULL AND duty_from <= getvariable('as_of') AND coalesce(getvariable('as_of') < duty_to, true)
ORDER BY camera_id
"""


class LiveProber(Protocol):
    def probe(self, targets: Sequence[Target]) -> list[tuple[Target, ProbeResult]]: ...


def live_targets(store: Store, secrets: Mapping[str, Secret], at: datetime) -> list[Target]:
    with store.cursor() as cursor:
        create_known_views(cursor, at)
        return [_target(secrets, *row) for row in cursor.execute(TARGETS_SQL).fetchall()]


def _target(secrets: Mapping[str, Secret], camera_id: str, url: str, credential: str, recorder_address: str) -> Target:
    """A relay's own secret is named after its host, `live:<host>:<port>`; the recorder's is used on its own host
    only, because a live address is whatever the lab wrote into the register."""
    secret = secrets.get(f"live:{urlsplit(url).netloc}")
    if secret is None and urlsplit(url).hostname == urlsplit(recorder_address).hostname:
        secret = secrets.get(credential)
    return Target(camera_id, url, secret.user, secret.password) if secret else Target(camera_id, url)


def live_row(camera_id: str, probed_at: datetime, result: ProbeResult) -> LiveProbe:
    return LiveProbe(
        camera_id, probed_at, result.outcome, result.first_frame_ms, result.width, result.height, result.fps,
        result.black, result.frozen, result.reason,
    )  # fmt: skip


def planned_live_row(probe: LiveProbe, finished_at: datetime) -> PlannedPoll:
    skipped = probe.outcome == "not_probed"
    return PlannedPoll(
        probe.probed_at, probe.camera_id, "live", "skipped" if skipped else "run", probe.outcome, probe.reason,
        finished_at, 1, 1, int(skipped),
    )  # fmt: skip
