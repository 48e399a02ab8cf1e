"""One recorder in one round: look at it, then ask for footage. Runs in a worker thread and touches no store."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from collectors import protocols
from collectors.answers import DeviceFailure, Exchange, Refused, Unreachable
from collectors.calendars import Calendar, Days, read_calendar
from collectors.device import Device, Secret
from collectors.identity import Doubt, Identities, Key
from collectors.looking import Look, look
from collectors.polling import Round, Window, ask_windows, failed_round
from collectors.protocols import RecorderProtocol, TellsDays
from dashboard.collecting.known import Known, RecorderEntry
from data.facts import RecorderMemory
from data.periods import local_day, months_before

log = logging.getLogger(__name__)

LOCKOUT_PAUSE = timedelta(hours=24)
"""How long a device that refused a login is left alone when it does not say itself: a few wrong tries lock accounts."""
BREAK_AFTER = 3
"""Rounds in a row without a connection after which a device is asked less often."""
LOGIN_PAUSE = "it refused the login and is left alone to avoid a lock-out"
SILENCE_PAUSE = "it could not be reached"
"""How the reason of a pause begins, so that what was not asked meanwhile can be told apart."""
LONGEST_PAUSE_H = 6
CALENDAR_BUDGET_S = 120.0
"""Of one night; a recorder that needs longer is asked for the cameras it came to."""
LEEWAY = timedelta(minutes=10)
"""A pause ends a little before a whole number of hours, so that the jitter of rounds does not cost another one."""
EVERY: Mapping[str, timedelta] = {
    "describe": timedelta(),
    "clock": timedelta(),
    "channels": timedelta(),
    "disks": timedelta(hours=6) - LEEWAY,
}
"""How old an answer may be before it is asked again; plans are asked once a local day, as their rule counts them."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Time for one recorder in one round, and for one reply; `pause` waits where a protocol wants time between two."""

    round_s: float = 600.0
    reply_s: float = 60.0
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Errand:
    """Whom to ask for what, and with which login."""

    entry: RecorderEntry
    windows: list[Window]
    secret: Secret | None


@dataclass(frozen=True, slots=True)
class Visit:
    """What asking one recorder gave. `memory` is what is to be remembered about it from now on."""

    entry: RecorderEntry
    windows: list[Window]
    done: Round
    memory: RecorderMemory
    look: Look | None = None
    look_exchanges: tuple[Exchange, ...] = field(default=(), repr=False)
    request_count: int = 0
    calendar: Calendar | None = None


def visit(errand: Errand, known: Known, now: Callable[[], datetime], budget: Budget) -> Visit:
    """Never raises: a fault of ours in one protocol must not cost the other devices their round."""
    entry, windows = errand.entry, errand.windows
    memory = known.memory(entry.recorder_id)
    if memory.not_before is not None and memory.not_before > now():
        reason = f"not asked until {memory.not_before:%Y-%m-%d %H:%M} UTC: {memory.reason}"
        return Visit(entry, windows, _nothing(windows, reason), memory)
    try:
        protocol = protocols.load(entry.protocol)
    except KeyError as error:
        return Visit(entry, windows, _nothing(windows, f"not asked: {error.args[0]}"), memory)
    try:
        return _visit(protocol, errand, known, now, budget)
    except Exception as error:
        log.exception("asking %s failed", entry.recorder_id)
        reason = f"not asked: the '{entry.protocol}' client broke off ({type(error).__name__}); the log says where"
        return Visit(entry, windows, _nothing(windows, reason), memory)


def _visit(
    protocol: RecorderProtocol, errand: Errand, known: Known, now: Callable[[], datetime], budget: Budget
) -> Visit:
    entry = errand.entry
    memory = known.memory(entry.recorder_id)
    learned = dict(memory.learned)
    with protocol.open_device(entry.address, secret=errand.secret, now=now, memory=learned) as device:
        device.deadline_s = budget.reply_s
        device.pause = budget.pause
        seen = look(protocol, device, _due_questions(entry.recorder_id, known, now()))
        exchanges = device.take_exchanges()
        identities = known.identities.seen(_shown(entry.recorder_id, seen))
        doubted, certain = _split(entry.recorder_id, errand.windows, identities)
        if seen.stopped_by is not None:
            done = failed_round(certain, seen.stopped_by, seen.observed_at)
        else:
            done = ask_windows(protocol, device, certain, budget_s=budget.round_s)
        done.skipped += [(window, f"not asked: {doubt}") for window, doubt in doubted]
        doubted_ids = {window.camera_id for window, _ in doubted}
        calendar = _calendar(protocol, device, known, entry, doubted_ids) if done.stopped_by is None else None
        after = _remembered(replace(memory, learned=learned), done.stopped_by, now())
        return Visit(entry, errand.windows, done, after, seen, exchanges, device.request_count, calendar)


def _due_questions(recorder_id: str, known: Known, now: datetime) -> set[str]:
    told = {question: at for (who, question), at in known.told.items() if who == recorder_id}
    due = {question for question, every in EVERY.items() if question not in told or now - told[question] >= every}
    if "plans" not in told or local_day(told["plans"]) != local_day(now):
        due.add("plans")
    return due


def _calendar(
    protocol: RecorderProtocol, device: Device, known: Known, entry: RecorderEntry, doubted_ids: set[str]
) -> Calendar | None:
    """Once a local day, after the footage: the calendar of the retention term, up to yesterday."""
    today = local_day(device.now())
    told_at = known.told.get((entry.recorder_id, "days"))
    if not isinstance(protocol, TellsDays) or (told_at is not None and local_day(told_at) == today):
        return None
    channels = {
        camera_id: channel for camera_id, channel in known.channels(entry.recorder_id) if camera_id not in doubted_ids
    }
    days = Days(months_before(today, 6), today - timedelta(days=1))
    return read_calendar(protocol, device, channels, days, budget_s=CALENDAR_BUDGET_S)


def _shown(recorder_id: str, seen: Look) -> dict[Key, str]:
    shown: dict[Key, str] = {("camera_address", f"{recorder_id}/{c.channel}"): c.address for c in seen.channels or ()}
    if seen.description is not None:
        shown["serial_number", recorder_id] = seen.description.serial_number
    return shown


def _split(
    recorder_id: str, windows: Sequence[Window], identities: Identities
) -> tuple[list[tuple[Window, Doubt]], list[Window]]:
    """The windows of what looks different, each with the doubt, and the others."""
    whole = identities.recorder_doubt(recorder_id)
    doubted: list[tuple[Window, Doubt]] = []
    certain: list[Window] = []
    for window in windows:
        doubt = whole or identities.camera_doubt(recorder_id, window.channel, window.camera_id)
        if doubt is None:
            certain.append(window)
        else:
            doubted.append((window, doubt))
    return doubted, certain


def _remembered(memory: RecorderMemory, failure: DeviceFailure | None, now: datetime) -> RecorderMemory:
    """A definitive refusal and repeated silence each leave the device alone for a while."""
    if isinstance(failure, Refused) and failure.definitive:
        pause = LOCKOUT_PAUSE if failure.wait_s is None else timedelta(seconds=failure.wait_s)
        reason = f"{LOGIN_PAUSE} ({failure})"
        return replace(memory, not_before=now + pause, reason=reason, failure_count=0)
    if not isinstance(failure, Unreachable):
        return replace(memory, not_before=None, reason="", failure_count=0)
    count = memory.failure_count + 1
    if count < BREAK_AFTER:
        return replace(memory, not_before=None, reason="", failure_count=count)
    pause = timedelta(hours=min(2 ** min(count - BREAK_AFTER, 10), LONGEST_PAUSE_H)) - LEEWAY
    reason = f"{SILENCE_PAUSE} in {count} rounds in a row ({failure})"
    return replace(memory, not_before=now + pause, reason=reason, failure_count=count)


def _nothing(windows: Sequence[Window], reason: str) -> Round:
    return Round(skipped=[(window, reason) for window in windows])
