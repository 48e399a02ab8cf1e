"""Sessions on construction sites before a carried camera, whose footage index is handed in instead of asked for."""

from __future__ import annotations

from datetime import timedelta

from collectors.intervals import Interval
from collectors.simulator.dossiers import onsite_camera
from collectors.simulator.draft import Draft
from collectors.simulator.lab_sessions import LASTS, SHORTEST_DAYS, plant_session, some_day
from collectors.simulator.plan import local_text
from collectors.simulator.register import Row
from data.periods import local_day

AGENCY, OTHER_AGENCY = "NC-A-001", "NC-A-006"
GAPS = ((18, 20, "onsite_missing_20_s", "onsite_whole"), (19, 5, "onsite_seam_5_s", ""))
"""Hour of the session, when all pile tests have ended; seconds not recorded; kind; the rule that breaks."""


def plant_onsite_sessions(draft: Draft) -> None:
    if draft.plan.days < SHORTEST_DAYS:
        return
    camera_id = onsite_camera(draft, AGENCY)
    for hour, length_s, kind, rule_id in GAPS:
        session, interval = _session(draft, hour, camera_id)
        gap = (interval[0] + LASTS / 2, interval[0] + LASTS / 2 + timedelta(seconds=length_s))
        draft.gaps[camera_id].append(gap)
        plant_session(draft, kind, session, gap, f"{camera_id} recorded nothing", rule_id=rule_id)
    session, interval = _session(draft, 20, "")
    plant_session(draft, "onsite_without_camera", session, interval, "no camera is named", rule_id="onsite_whole")
    other_id = onsite_camera(draft, OTHER_AGENCY)
    session, interval = _session(draft, 21, other_id)
    draft.not_handed_in.add((other_id, local_day(interval[0])))
    plant_session(draft, "index_not_handed_in", session, interval, f"nothing is known of {other_id} on that day")


def _session(draft: Draft, hour: int, camera_id: str) -> tuple[Row, Interval]:
    start = draft.plan.at(some_day(draft), hour)
    session = {
        "session_id": f"S-X-{len(draft.work.sessions) + 1:04d}",
        "agency_id": camera_id[:8] or AGENCY,
        "kind": "onsite",
        "camera_ids": camera_id,
        "started_at": local_text(start),
        "ended_at": local_text(start + LASTS),
    }
    draft.work.sessions.append(session)
    return session, (start, start + LASTS)
