"""What a simulated Hikvision device tells beside its listings: clock, channels, plans, calendar, disks, overlays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from collectors.simulator import isapi_lists as lists
from collectors.simulator import isapi_words as words
from collectors.simulator.http import Request, Response
from collectors.simulator.isapi_manners import Manners
from collectors.simulator.recorder import SimulatedChannel, SimulatedRecorder
from collectors.simulator.shelf import Shelf
from data.periods import LOCAL_OFFSET, Month, day_ends_at, day_starts_at

DAYS_LISTED = 31
_SECOND = timedelta(seconds=1)
_CALENDAR = re.compile(r"/ContentMgmt/record/tracks/(\d+)01/dailyDistribution")
_OVERLAYS = re.compile(r"/System/Video/inputs/channels/(\w+)/overlays")
_STATUS = re.compile(r"/ContentMgmt/InputProxy/channels/(\w+)/status")


def resource(
    recorder: SimulatedRecorder, shelves: Mapping[str, Shelf], manners: Manners, request: Request, at: datetime
) -> Response:
    path = request.path.removeprefix(manners.interface)
    if any(part in path for part in manners.missing):
        return Response(404, b"")
    calendar = _CALENDAR.fullmatch(path)
    if request.method == "POST" and calendar and calendar[1] in shelves:
        return _calendar(shelves[calendar[1]], manners, request.body.decode("utf-8", "replace"), at)
    if request.method != "GET":
        return _not_supported()
    overlays, status = _OVERLAYS.fullmatch(path), _STATUS.fullmatch(path)
    if overlays and overlays[1] in recorder.channels:
        return _overlays(recorder.channels[overlays[1]], manners)
    if status and manners.one_status_each and status[1] in recorder.channels:
        return words.reply(lists.proxy_status(recorder.channels[status[1]], at))
    return _plain(recorder, manners, path, at)


def _plain(recorder: SimulatedRecorder, manners: Manners, path: str, at: datetime) -> Response:
    told = {
        "/System/time": lambda: words.time(recorder.device_time(at) + LOCAL_OFFSET),
        "/System/deviceInfo": lambda: words.device_info(recorder, manners.device_type),
        "/Security/userCheck": words.user_check_passed,
        "/Custom/SelfExt/userCheck": words.user_check_passed,
        "/ContentMgmt/record/tracks": lambda: lists.tracks(
            recorder.channels.values(), days_end_same_day=manners.days_end_same_day
        ),
        manners.storage: lambda: lists.storage(recorder.disks, at, is_whole=not path.endswith("/hdd")),
        **_channel_lists(recorder, manners, at),
    }
    if path in told:
        return words.reply(told[path]())
    is_known = path.startswith(("/ContentMgmt/InputProxy", "/System/Video")) and not path.endswith("/status")
    return _not_supported() if is_known else Response(404, b"")


def _channel_lists(recorder: SimulatedRecorder, manners: Manners, at: datetime) -> dict[str, Callable[[], str]]:
    """A camera has no proxied channels to tell of, a plain recorder no inputs of its own."""
    own = [each for name, each in recorder.channels.items() if manners.has_own_input(name)]
    proxied = [each for name, each in recorder.channels.items() if not manners.has_own_input(name)]
    told: dict[str, Callable[[], str]] = {}
    if not manners.is_camera:
        told["/ContentMgmt/InputProxy/channels"] = lambda: lists.proxies(proxied)
        if not manners.one_status_each:
            told["/ContentMgmt/InputProxy/channels/status"] = lambda: lists.proxy_states(proxied, at)
    if own:
        told["/System/Video/inputs/channels"] = lambda: lists.inputs(own, at, tells_video=not manners.is_camera)
    return told


def _not_supported() -> Response:
    return words.status(403, 4, "Invalid Operation", "notSupport")


def _overlays(channel: SimulatedChannel, manners: Manners) -> Response:
    if manners.untold_overlays and not manners.has_own_input(channel.channel):
        return _not_supported()
    return words.reply(lists.overlay(channel))


def _calendar(shelf: Shelf, manners: Manners, body: str, at: datetime) -> Response:
    asked = re.search(r"<year>(\d{4})</year>\s*<monthOfYear>(\d\d)</monthOfYear>", body)
    if asked is None or not 1 <= int(asked[2]) <= 12:
        return words.status(400, 6, "Invalid XML Content", "badXmlContent")
    month = Month(int(asked[1]), int(asked[2]))
    held = [_holds(shelf, day, manners, at) for day in month.days]
    return words.reply(lists.calendar([*held, *[False] * (DAYS_LISTED - len(held))]))


def _holds(shelf: Shelf, day: date, manners: Manners, at: datetime) -> bool:
    listed = shelf.listed(day_starts_at(day), day_ends_at(day) - _SECOND, at, manners.trail)
    return bool(listed) != (day in manners.wrong_days)
