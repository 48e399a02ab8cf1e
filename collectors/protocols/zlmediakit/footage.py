"""What the server holds of one stream: the files it names, as long as they say they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import quote

from collectors.answers import FootageAnswer, Malformed
from collectors.chunks import Flaw, answers
from collectors.device import Device
from collectors.intervals import Interval, merged, without
from collectors.protocols.zlmediakit.identity import clock
from collectors.protocols.zlmediakit.lengths import SEAM, ZONE_KEY, Opener, Row, row_of, zone_told
from collectors.protocols.zlmediakit.listing import Names, days_around, names_of, recorded_days
from collectors.protocols.zlmediakit.media import Stream, media
from collectors.protocols.zlmediakit.mp4 import NoMovieError
from collectors.protocols.zlmediakit.server import FileClosedError, ZlmDevice, ours, words_of
from data.periods import LOCAL_OFFSET

SETTLING = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)
NEAR = timedelta(days=2)
IDLE_KEY = "idle {}"
CLOSING = timedelta(minutes=10)
PATIENCE = timedelta(hours=2)
"""A file as shipped is closed after one hour; a hidden one that is older is worth an answer that says so."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that was asked about one stream. `is_idle`: it had long stopped recording before the names were asked for."""

    stream: Stream | None
    is_idle: bool
    days: frozenset[date]
    names: Names


def footage(device: Device, channel: str, covers_from: datetime, covers_to: datetime) -> Iterator[FootageAnswer]:
    """Pieces that cover the window up to where all files are visible: while the stream records, its newest file."""
    server = ours(device)
    app, stream = words_of(channel)
    asked_at = server.now()
    covers_to = min(covers_to, asked_at - SETTLING)
    if covers_from >= covers_to:
        return
    offset = timedelta(milliseconds=clock(server).offset_ms)
    window = (covers_from + offset, covers_to + offset)
    seen = _look(server, app, stream, window, asked_at + offset)
    if seen.stream is None and not seen.days:
        reason = f"nothing is recorded or live under '{channel}', in the months asked; check the name in the register"
        yield from answers(window, offset, [], [Flaw(window, reason)])
        return
    zone, row, note = _read(server, seen, window)
    all_seen = window[1] if note else _visible_to(seen, row, asked_at + offset + zone) - zone
    visible_to = min(window[1], all_seen)
    held = merged(((a - zone, b - zone) for a, b in row.held), SEAM)
    flaws = [replace(f, part=part) for f in row.flaws for part in without([(f.part[0] - zone, f.part[1] - zone)], held)]
    if visible_to < window[1] and asked_at + offset - visible_to < PATIENCE:
        window = (window[0], max(visible_to, window[0]))
    elif visible_to < window[1]:
        flaws.append(
            Flaw((max(visible_to, window[0]), window[1]), "the file being written is hidden until it is closed")
        )
    if window[0] < window[1]:
        yield from answers(window, offset, held, flaws, note=note)


def _look(server: ZlmDevice, app: str, stream: str, window: Interval, device_now: datetime) -> _Seen:
    live = media(server, app, stream).get(f"{app}/{stream}")
    around = days_around(window, window[1])
    days = recorded_days(server, app, stream, [*around, device_now.date(), (device_now + LOCAL_OFFSET).date()])
    newest = max(days, default=date.min)
    is_idle = _is_idle(server, f"{app}/{stream}", live)
    return _Seen(
        live, is_idle, days, names_of(server, app, stream, {day for day in around if day in days} | ({newest} & days))
    )


def _is_idle(server: ZlmDevice, name: str, live: Stream | None) -> bool:
    """A file is closed in the background after its stream is gone: only the second of two looks is sure of that."""
    key = IDLE_KEY.format(name)
    if live is not None and live.is_recording is not False:
        server.memory.pop(key, None)
        return False
    since = server.memory.setdefault(key, server.now().isoformat())
    try:
        return server.now() - datetime.fromisoformat(since) >= CLOSING
    except ValueError:
        del server.memory[key]
        return False


def _read(server: ZlmDevice, seen: _Seen, window: Interval) -> tuple[timedelta, Row, str]:
    """The zone of the names, what they hold in digits, and why nothing may be concluded from that."""
    if seen.stream is not None and seen.stream.is_recording_hls:
        return LOCAL_OFFSET, Row(), "it is recorded as HLS, which this server does not list; record it as MP4"
    if not _near(seen, window):
        return LOCAL_OFFSET, Row(), _strange(seen)
    opener = Opener(server)
    zone = _known_zone(server)
    if zone is None:
        zone = zone_told(opener, seen.names.files)
    if zone is None:
        return LOCAL_OFFSET, Row(), "no file could be opened that tells the zone of the names: " + _closed(opener, seen)
    row = row_of(opener, seen.names.files, (window[0] + zone, window[1] + zone))
    if len(row.zones) == 1 and row.zones != {zone}:  # set anew since it was learned
        zone = next(iter(row.zones))
        row = row_of(opener, seen.names.files, (window[0] + zone, window[1] + zone))
    if row.zones - {zone}:
        return zone, row, "the names of its files are in more than one zone, so they cannot be placed"
    server.memory[ZONE_KEY] = str(zone // MINUTE)
    return zone, row, _strange(seen)


def _near(seen: _Seen, window: Interval) -> bool:
    """Whether any file may reach into the window, whatever the zone of its name."""
    return any(window[0] - NEAR <= file.digits <= window[1] + NEAR for file in seen.names.files)


def _known_zone(server: ZlmDevice) -> timedelta | None:
    known = server.memory.get(ZONE_KEY, "")
    return MINUTE * int(known) if known.lstrip("-").isdigit() else None


def _strange(seen: _Seen) -> str:
    return f"a film there has no time in its name ({seen.names.strange[0]})" if seen.names.strange else ""


def _closed(opener: Opener, seen: _Seen) -> str:
    """Why the newest file tells nothing."""
    try:
        opener.movie(seen.names.files[-1])
    except (FileClosedError, NoMovieError) as failure:
        return str(failure)
    return "they do not say when they were made"


def _visible_to(seen: _Seen, row: Row, digits_now: datetime) -> datetime:
    """Digits up to which no file can be hidden: a stream writes one file at a time, under the day that file begins."""
    if seen.is_idle:
        return digits_now
    ends = [end for _, end in row.held if end <= digits_now + SEAM]
    starts = [file.digits for file in seen.names.files[-1:]]
    newest_day = [datetime(day.year, day.month, day.day) for day in [max(seen.days, default=None)] if day is not None]
    return max([*ends, *starts, *newest_day], default=datetime(1970, 1, 2))


def days_held(device: Device, channel: str, first_day: date, last_day: date) -> frozenset[date]:
    """The days that have a directory; Malformed for a name under which nothing is known, which lists nothing either."""
    server = ours(device)
    app, stream = words_of(channel)
    asked = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    days = recorded_days(server, app, stream, [*asked, (server.now() + LOCAL_OFFSET).date()])
    if not days and f"{app}/{stream}" not in media(server, app, stream):
        raise Malformed(f"{server.address} knows nothing of '{channel}'; check the name in the register")
    return frozenset(day for day in days if first_day <= day <= last_day)


def playback_url(device: Device, channel: str, at: datetime) -> str:
    """The whole file that holds `at`; the server's secret is not in it."""
    server = ours(device)
    app, stream = words_of(channel)
    device_at = at + timedelta(milliseconds=clock(server).offset_ms)
    window = (device_at, device_at + timedelta(seconds=1))
    seen = _look(server, app, stream, window, server.now())
    zone, row, note = _read(server, seen, window)
    for file in reversed(seen.names.files):
        if file.digits <= device_at + zone:
            if not note and any(a <= device_at + zone < b for a, b in merged(row.held, SEAM)):
                return f"{server.address}{quote(file.path)}"
            break
    raise Malformed(f"{server.address} names no file of '{channel}' that holds that moment; {note or 'check the time'}")
