"""What ZoneMinder is, how wrong the clock of its web server is, and where it stores."""

from __future__ import annotations

from datetime import timedelta

from collectors import json_reply
from collectors.answers import ClockReading, Description, DiskReading, Malformed
from collectors.device import Device
from collectors.http_date import date_of, reading_of
from collectors.learned import forget_old
from collectors.protocols.zoneminder.server import ours

VERSION = "/api/host/getVersion.json"
VERSION_KEY = "version"


def describe(device: Device) -> Description:
    server = ours(device)
    version = json_reply.text(server.ask_object(VERSION).get("version"))
    if not version[:1].isdigit():
        raise Malformed(f"{server.address}{VERSION} tells no version; check that the address is that of a ZoneMinder")
    forget_old(server, VERSION_KEY, version)
    return Description(model="ZoneMinder", firmware=version)


def answers_here(device: Device) -> bool:
    """The version is told to everybody, or refused in the shape of ZoneMinder's errors."""
    reply = ours(device).knock(VERSION)
    said = json_reply.object_in(reply.body, f"{device.address}{VERSION}")
    if reply.status == 200:
        return bool(json_reply.text(said.get("version")) and json_reply.text(said.get("apiversion")))
    refusal = json_reply.inner(said, "data")
    return reply.status == 401 and said.get("success") is False and {"name", "url", "exception"} <= refusal.keys()


def clock(device: Device) -> ClockReading:
    """From the `Date` of the version's reply, the cheapest there is."""
    server = ours(device)
    server.ready()  # the login is not part of the round trip
    asked_at = server.now()
    reply = server.ask(VERSION)
    return reading_of(date_of(reply, server.address), asked_at, server.now())


def offset_of(device: Device) -> timedelta:
    return timedelta(milliseconds=clock(device).offset_ms)


def disks(device: Device) -> tuple[DiskReading, ...]:
    """The storage areas. Neither their size nor their health is told, only what the events in them take."""
    server = ours(device)
    path = "/api/storage.json"
    source = f"{server.address}{path}"
    found = []
    for item in json_reply.objects(server.ask_object(path).get("storage"), source):
        storage = json_reply.inner(item, "Storage")
        name = json_reply.text(storage.get("Name")) or json_reply.text(storage.get("Id"))
        if not name:
            raise Malformed(f"{source} lists a storage without name and number")
        found.append(DiskReading(name, "unknown", json_reply.text(storage.get("Type"))))
    return tuple(found)
