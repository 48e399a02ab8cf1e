"""What may go out to a recorder: every request that is not on these lists changes something, or nobody looked at it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from collectors.simulator.http import Request

_ID = r"[\w.%~:-]+"
READS: Mapping[str, tuple[str, ...]] = {
    "isapi": (
        r"GET /(ISAPI|PSIA)/(Custom/SelfExt/userCheck|Security/userCheck|Security/adminAccesses)",
        r"GET /(ISAPI|PSIA)/System/(time|deviceInfo)",
        rf"GET /(ISAPI|PSIA)/System/Video/inputs/channels(/{_ID}/overlays)?",
        rf"GET /(ISAPI|PSIA)/ContentMgmt/InputProxy/channels(/{_ID})?(/status|/video/overlays)?",
        rf"GET /(ISAPI|PSIA)/ContentMgmt/(record/tracks(/{_ID})?|Storage(/hdd)?)",
        r"POST /(ISAPI|PSIA)/ContentMgmt/search",
        rf"POST /(ISAPI|PSIA)/ContentMgmt/record/tracks/{_ID}/dailyDistribution",
    ),
    "dahua": (
        # mediaFileFind makes and gives back the object a search lives in; nothing of the recorder is changed by it
        r"GET /cgi-bin/mediaFileFind\.cgi (factory\.create|findFile|findNextFile|close|destroy)",
        r"GET /cgi-bin/global\.cgi getCurrentTime",
        r"GET /cgi-bin/configManager\.cgi getConfig",
        r"GET /cgi-bin/magicBox\.cgi get\w+",
        r"GET /cgi-bin/storageDevice\.cgi getDeviceAllInfo",
        r"GET /cgi-bin/LogicDeviceManager\.cgi getCameraState",
        r"GET /cgi-bin/eventManager\.cgi getEventIndexes",
    ),
    "onvif": (
        # which service an operation goes to is the device's word; the operation is ours, and there are two kinds
        r"POST /\S* (Get|Find)[A-Z]\w+",
        r"POST /\S* EndSearch",
    ),
    "mediamtx": (
        r"GET /list",
        r"GET /v3/(info|paths/list|config/paths/list)",
        r"GET /v3/(config/paths|recordings)/get/\S+",
    ),
    "zoneminder": (
        r"POST /zm/api(/index\.php)?/host/login\.json",
        r"GET /zm/api(/index\.php)?/(host/getVersion|host/getTimeZone|monitors|storage)\.json",
        r"GET /zm/api(/index\.php)?/events/index/[^?]+\.json",
        r"GET /zm/api(/index\.php)?/monitors/daemonStatus/id:\d+/daemon:zmc\.json",
    ),
    "frigate": (
        r"POST /api/login",
        r"GET /(api/(version|config|stats))?",
        rf"GET /api/{_ID}/recordings(/summary)?",
    ),
    "wvp": (
        r"GET /api/(user/login|server/version|device/query/(devices|streams)|cloud/record/list)",
        rf"GET /api/device/query/devices/{_ID}/channels",
        rf"GET /api/gb_record/query/{_ID}/{_ID}",
    ),
    "zlmediakit": (r"GET /index/api/(version|[gG]et[mM]p4[rR]ecord[fF]ile|[gG]et[mM]edia[lL]ist)", r"GET /record/\S+"),
    "folder": (),
}
"""Patterns of `said_by`, each for a whole request. Most of these devices change settings by GET as well."""
_SOAP = re.compile(rb"<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)")


def said_by(request: Request) -> str:
    """The request as the lists spell it: method, path, and the one word that says what is to be done."""
    operation = _SOAP.search(request.body)
    word = operation[1].decode() if operation else request.query.get("action", "")
    return f"{request.method} {request.path}" + (f" {word}" if word else "")


def is_read(name: str, request: Request) -> bool:
    said = said_by(request)
    return any(re.fullmatch(pattern, said) for pattern in READS[name])
