"""The rules about what cameras hold of a session, and about devices that run more than they can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.rules.oracle.answers import Watch, holding, missing_ms, watch
from tests.rules.oracle.city import DAY_MS, City, Span, cells, day_text, inside, length, ms, without
from tests.rules.oracle.frame import Frame, Judging, Row, seconds, whole
from tests.rules.oracle.rooms import words

TOLERANCE_MS = 5_000
Session = dict[str, Any]


def _judged(city: City, frame: Frame) -> Iterator[tuple[Session, list[Span]]]:
    """The sessions that began on a day whose grace is over, and when they are exempt."""
    for session in city.table("sessions"):
        scopes = {("agency", session["agency_id"])}
        if room := city.rooms.get(session.get("room_id") or ""):
            scopes |= {("room", room["room_id"]), ("premises", room["premises_id"])}
        if any(inside([whole(d)], ms(session["started_at"])) for d in frame.graced_days):
            yield session, city.exempt_in(scopes) if frame.exempting else []


def _row(session: Session, outcome: str, measured: str, required: str) -> Row:
    day = day_text(ms(session["started_at"]) // DAY_MS)
    return Row(session["session_id"], session["agency_id"], day, outcome, measured, required, "session")


def _span(session: Session) -> Span:
    return ms(session["started_at"]), ms(session["ended_at"])


def _needs_near(session: Session) -> bool:
    return session["kind"] == "reception" or (session["kind"] == "test" and bool(session.get("room_id")))


def _near(city: City, session: Session) -> list[Watch]:
    found = []
    for camera_id, camera in city.cameras.items():
        at_home = bool(session.get("room_id")) and camera.get("room_id") == session["room_id"]
        device_id = session.get("device_id")
        sees = session["kind"] == "reception" or not device_id or device_id in words(camera, "covers")
        named = camera_id in words(session, "camera_ids")
        if camera["view"] == "near" and (named or (at_home and sees)) and city.on_duty(camera, _span(session)):
            found.append(watch(city, camera))
    return found


def near_during_session(city: City, frame: Frame) -> Iterator[Row]:
    for session, exempt in _judged(city, frame):
        if _needs_near(session):
            watches = _near(city, session) if session.get("ended_at") else []
            yield _watched(session, exempt, watches)


def onsite_whole(city: City, frame: Frame) -> Iterator[Row]:
    for session, exempt in _judged(city, frame):
        if session["kind"] == "onsite":
            named = [city.cameras[c] for c in words(session, "camera_ids")] if session.get("ended_at") else []
            watches = [watch(city, c) for c in named if city.on_duty(c, _span(session))]
            yield _watched(session, exempt, watches)


def _watched(session: Session, exempt: list[Span], watches: list[Watch]) -> Row:
    if not session.get("ended_at"):
        return _row(session, "unknown", "", "5")
    required = without(exempt, _span(session))
    if not watches:
        return _row(session, "fail" if required else "pass", seconds(length(required)), "5")
    return _held(session, watches, required)


def _held(session: Session, watches: list[Watch], required: list[Span]) -> Row:
    known_ms, unknown_ms = missing_ms(watches, required)
    outcome = "fail" if known_ms > TOLERANCE_MS else "unknown" if unknown_ms > TOLERANCE_MS else "pass"
    return _row(session, outcome, seconds(known_ms), "5")


def far_near_sync(city: City, frame: Frame) -> Iterator[Row]:
    for session, exempt in _judged(city, frame):
        if not _needs_near(session) or not session.get("room_id") or not session.get("ended_at"):
            continue
        far = [
            watch(city, camera)
            for camera in city.cameras.values()
            if camera["view"] == "far"
            and camera.get("room_id") == session["room_id"]
            and city.on_duty(camera, _span(session))
        ]
        near_held = holding(_near(city, session), _span(session)) if far else []
        if near_held:
            yield _held(session, far, [c for span in near_held for c in without(exempt, span)])


def device_overlap(city: City, frame: Frame) -> Iterator[Row]:
    """Of a session without an end no more is known than that it ran when it started."""
    runs = [(s["device_id"], _known_run(s)) for s in city.table("sessions") if _uses_device(s)]
    for session, exempt in _judged(city, frame):
        if not _uses_device(session):
            continue
        device_id, own = session["device_id"], _known_run(session)
        others = [run for used, run in runs if used == device_id]
        edges = [e for span in (*others, *exempt) for e in span]
        instants = [a for a, _ in cells(own, edges) if not inside(exempt, a)]
        most = max((sum(inside([run], at) for run in others) for at in instants), default=0)
        capacity = int(city.devices[device_id].get("parallel_capacity") or 1)
        outcome = "suspect" if most > capacity else "pass" if session.get("ended_at") else "unknown"
        yield _row(session, outcome, str(most), str(capacity))


def _uses_device(session: Session) -> bool:
    return session["kind"] in ("test", "onsite") and bool(session.get("device_id"))


def _known_run(session: Session) -> Span:
    start = ms(session["started_at"])
    return start, ms(session["ended_at"]) if session.get("ended_at") else start + 1


SESSION_RULES: dict[str, Judging] = {
    "near_during_session": near_during_session,
    "far_near_sync": far_near_sync,
    "onsite_whole": onsite_whole,
    "device_overlap": device_overlap,
}
