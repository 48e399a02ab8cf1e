"""The report of a playback proof, for a terminal and for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from collectors.playback.bound import EXPOSED_WITHIN_DAYS
from dashboard.playback.drawing import Revealed
from dashboard.playback.report import Report, Tally
from dashboard.speech import Speech
from data.periods import to_iso

SHOWN_MISSES = 50
COLUMNS = ("recorder", "drawn", "good", "bad", "unknown", "bound", "week", "week_bad", "week_bound")


def head(revealed: Revealed, speech: Speech) -> list[str]:
    fields = {"day": revealed.day, "first_day": revealed.first_day, "minutes": f"{revealed.minute_count:,}"}
    return [
        speech.t("playback.drawn_from", **fields),
        speech.t("playback.bound_by", sha256=revealed.seed_sha256),
        speech.t("playback.seed", seed=revealed.seed),
        speech.t("playback.list", sha256=revealed.list_sha256, as_of=speech.instant(revealed.as_of)),
        "",
    ]


def table(found: Report, speech: Speech) -> tuple[list[str], list[list[Any]]]:
    header = [speech.t(f"playback.{column}") for column in COLUMNS]
    nothing = Tally(0, 0, 0, 0, None)
    rows: list[list[Any]] = []
    for recorder_id, week in sorted(found.of_week.items()):
        day = found.of_day.get(recorder_id, nothing)
        rows.append([recorder_id, day.drawn, day.good, day.bad, day.unknown, _share(day.bound, speech),
                     week.good + week.bad, week.bad, _share(week.bound, speech)])  # fmt: skip
    return header, rows


def notes(found: Report, speech: Speech) -> list[str]:
    lines = ["", speech.t("playback.meaning", days=EXPOSED_WITHIN_DAYS)]
    for miss in found.misses[:SHOWN_MISSES]:
        lines.append(
            speech.t(
                "playback.miss",
                recorder=miss.recorder_id,
                camera=miss.camera_id,
                at=speech.instant(miss.minute_at),
                outcome=speech.word("playback_outcome", miss.outcome),
                reason=miss.reason,
            )
        )
    if len(found.misses) > SHOWN_MISSES:
        lines.append(speech.t("playback.more", count=len(found.misses) - SHOWN_MISSES))
    lines += [speech.t("playback.unused", day=day) for day in found.unused]
    return lines


def machine(revealed: Revealed, found: Report) -> dict[str, Any]:
    return {
        "day": revealed.day.isoformat(),
        "seed_sha256": revealed.seed_sha256,
        "seed": revealed.seed,
        "as_of": to_iso(revealed.as_of),
        "first_day": revealed.first_day.isoformat(),
        "list_sha256": revealed.list_sha256,
        "minutes": revealed.minute_count,
        "count_per_recorder": revealed.count,
        "draws": [asdict(drawn) | {"minute_at": to_iso(drawn.minute_at)} for drawn in revealed.drawn],
        "recorders": [
            {"recorder_id": each, "week": asdict(week), "day": asdict(found.of_day[each])}
            if each in found.of_day
            else {"recorder_id": each, "week": asdict(week), "day": None}
            for each, week in sorted(found.of_week.items())
        ],
        "misses": [asdict(miss) | {"minute_at": to_iso(miss.minute_at), "bad": miss.is_bad} for miss in found.misses],
        "unused_draws": [day.isoformat() for day in found.unused],
    }


def _share(bound: float | None, speech: Speech) -> str:
    return speech.t("common.none") if bound is None else f"{bound:.2%}"
