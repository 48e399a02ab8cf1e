"""What people saw of cameras and handed in: recording plans, and pictures with the text in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from collectors.simulator.draft import Draft, of_day
from collectors.simulator.plan import day_of, local_text
from collectors.simulator.register import Camera
from collectors.simulator.workshop import camera_of

PLANS_EVERY_DAYS = 7
INSPECTED_AT = (11, 13, 15)
"""Hours of the pictures an inspector takes; the platform's own probe is at ten."""
SHORTEST_DAYS = 8


@dataclass(frozen=True, slots=True)
class PlanPattern:
    """What was read from a recorder on one day: hour and mode. The newest reading of a day counts."""

    kind: str
    readings: tuple[tuple[int, str], ...]
    breaks: bool = False


PLANS = (
    PlanPattern("plan_on_event", ((16, "event"),), breaks=True),
    PlanPattern("plan_off", ((9, "continuous"), (16, "off")), breaks=True),
    PlanPattern("plan_mended_that_day", ((9, "event"), (16, "continuous"))),
    PlanPattern("plan_unreadable", ((9, "off"), (16, "unknown"))),
)


@dataclass(frozen=True, slots=True)
class PicturePattern:
    """One picture per character of `seen`: `-` as it should be, `b` black, `f` frozen. `text`: read from each, where
    {room} is the room's name. `behind_s`: how far the clock in the picture is behind."""

    kind: str
    seen: str
    text: str
    rule_id: str = ""
    behind_s: int = 0


LAWFUL_TEXT = "示例湾里试验室 {room} 01"
PICTURES = (
    PicturePattern("picture_black", "bbb", LAWFUL_TEXT, "picture_normal"),
    PicturePattern("picture_frozen", "bff", LAWFUL_TEXT, "picture_normal"),
    PicturePattern("watermark_missing", "---", "-", "watermark_present"),
    PicturePattern("watermark_of_another_room", "---", "示例湾里试验室 示例一室 01", "watermark_present"),
    PicturePattern("picture_clock_6_s", "---", LAWFUL_TEXT, "osd_clock", behind_s=6),
    PicturePattern("picture_black_twice", "bb-", LAWFUL_TEXT),
    PicturePattern("watermark_unread_twice", "--", "-"),
    PicturePattern("picture_clock_5_s", "---", LAWFUL_TEXT, behind_s=5),
    PicturePattern("picture_in_order", "---", LAWFUL_TEXT),
)


def plant_sightings(draft: Draft) -> None:
    if draft.plan.days >= SHORTEST_DAYS:
        _plans(draft)
        _pictures(draft)


def _plans(draft: Draft) -> None:
    """Of every far camera once a week, and of some on another day."""
    far = [c for c in draft.register.cameras.values() if c.view == "far" and c.camera_id not in draft.plans]
    steady = [c for c in far if c.duty_to is None]
    for camera in steady:
        for number in range(1, draft.plan.days, PLANS_EVERY_DAYS):
            day = draft.plan.day(number)
            if camera.duty_of_day(day) == day_of(day):
                _read_plan(draft, camera, number, 11, "continuous")
    choice = [c for c in steady if c.duty_from <= draft.plan.opened_at and c.duty_of_day(draft.plan.first_day)]
    for pattern, camera in zip(PLANS, draft.rng.sample(choice, len(PLANS)), strict=True):
        number = 2 + PLANS_EVERY_DAYS * draft.rng.randint(0, (draft.plan.days - 4) // PLANS_EVERY_DAYS)
        for hour, mode in pattern.readings:
            _read_plan(draft, camera, number, hour, mode)
        day = draft.plan.day(number)
        expected = [of_day("recording_plan_continuous", "camera", camera.camera_id, day)] if pattern.breaks else []
        interval = (draft.plan.at(number, 9), draft.plan.at(number, 16))
        text = ", then ".join(mode for _, mode in pattern.readings)
        draft.plant(pattern.kind, camera.camera_id, interval, f"its recording plan is {text}", expected)


def _read_plan(draft: Draft, camera: Camera, number: int, hour: int, mode: str) -> None:
    observed_at = local_text(draft.plan.at(number, hour))
    draft.work.recording_plans.append({"camera_id": camera.camera_id, "observed_at": observed_at, "mode": mode})


def _pictures(draft: Draft) -> None:
    """Of the three live cameras of the workshop, each on days of its own."""
    cameras = [camera_of(draft, room, "far") for room in draft.register.workshop()[:3]]
    days = {camera.camera_id: draft.rng.sample(range(1, draft.plan.days - 1), 3) for camera in cameras}
    for index, pattern in enumerate(PICTURES):
        camera = cameras[index % len(cameras)]
        _take(draft, camera, days[camera.camera_id].pop(), pattern)


def _take(draft: Draft, camera: Camera, number: int, pattern: PicturePattern) -> None:
    name = camera.room.name if camera.room else ""
    instants = [draft.plan.at(number, hour) for hour in INSPECTED_AT[: len(pattern.seen)]]
    for at, seen in zip(instants, pattern.seen, strict=True):
        readable = seen != "b"
        draft.work.live_probes.append(
            {
                "camera_id": camera.camera_id,
                "probed_at": local_text(at),
                "outcome": "ok",
                "first_frame_ms": "800",
                "black": "yes" if seen == "b" else "no",
                "frozen": "yes" if seen == "f" else "no",
                "osd_text": pattern.text.format(room=name) if readable else "",
                "osd_time": local_text(at - timedelta(seconds=pattern.behind_s))
                if readable and pattern.text != "-"
                else "",
            }
        )
    day = draft.plan.day(number)
    expected = [of_day(pattern.rule_id, "camera", camera.camera_id, day, "suspect")] if pattern.rule_id else []
    draft.plant(pattern.kind, camera.camera_id, (instants[0], instants[-1]), f"pictures: {pattern.seen}", expected)
