"""The JSON of a WVP platform."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

from collectors.simulator.http import Request, Response
from collectors.simulator.shelf import File
from data.periods import LOCAL_OFFSET

STAMP = "%Y-%m-%d %H:%M:%S"
CODE = re.compile(r"\d{20}", re.ASCII)
JSON = {"Content-Type": "application/json"}
BYTES_PER_S = 250_000
_EPOCH = datetime(1970, 1, 1)


def asked_window(request: Request) -> tuple[datetime, datetime]:
    """The window of a query in device time; ValueError unless both ends are written exactly as the platform wants."""
    texts = [request.query.get(key, "") for key in ("startTime", "endTime")]
    if not all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text) for text in texts):
        raise ValueError(texts)
    from_at, to_at = (datetime.fromisoformat(text) - LOCAL_OFFSET for text in texts)
    return from_at, to_at


def is_behind(name: str) -> bool:
    """Whether a channel is recorded by a device behind the platform, and not by the platform itself."""
    return all(CODE.fullmatch(word) for word in name.split("/"))


def envelope(data: object) -> Response:
    return _json({"code": 0, "msg": "成功", "data": data})


def failure(code: int, message: str, *, status: int = 200) -> Response:
    """Business errors come as HTTP 200."""
    return _json({"code": code, "msg": message, "data": None}, status)


def refusal() -> Response:
    return _json({"code": 401, "msg": "请登录后重新请求"}, 401)


def rows_page(rows: list[dict[str, object]], request: Request, most: int, repeats_last: bool) -> Response:
    """`repeats_last`: a page past the end is the last one again, and says so only by its number."""
    size = min(int(request.query.get("count", "10")), most)
    pages = max(1, -(-len(rows) // size))
    number = int(request.query.get("page", "1"))
    number = min(number, pages) if repeats_last else number
    page = rows[(number - 1) * size : number * size]
    is_last = number >= pages
    return envelope(
        {"total": len(rows), "list": page, "pageNum": number, "pageSize": size, "pages": pages,
         "isLastPage": is_last, "hasNextPage": not is_last}
    )  # fmt: skip


def record_list(name: str, files: list[File], shift: timedelta) -> Response:
    """`shift`: digits of the device against Beijing time."""
    device_id, channel_id = name.split("/")
    rows = [_record(channel_id, file, shift) for file in files]
    return envelope(
        {"deviceId": device_id, "channelId": channel_id, "sn": "461316", "name": "Camera 01", "sumNum": len(rows),
         "count": len(rows), "lastTime": "2026-08-06T02:16:23.162068Z", "recordList": rows}
    )  # fmt: skip


def _record(channel_id: str, file: File, shift: timedelta) -> dict[str, object]:
    size = int((file.ended_at - file.started_at).total_seconds()) * BYTES_PER_S
    start, stop = ((at + LOCAL_OFFSET + shift).strftime(STAMP) for at in (file.started_at, file.ended_at))
    return {
        "deviceId": channel_id, "name": "Camera 01", "filePath": str(file.number), "fileSize": str(size),
        "address": "Address 1", "startTime": start, "endTime": stop, "secrecy": 0, "type": "time", "recorderId": None,
    }  # fmt: skip


def cloud_row(name: str, file: File, in_s: bool) -> dict[str, object]:
    app, stream = name.split("/", 1)
    unit = timedelta(seconds=1) if in_s else timedelta(milliseconds=1)
    start, stop = ((at - _EPOCH) // unit for at in (file.started_at, file.ended_at))
    return {
        "id": file.number, "app": app, "stream": stream, "startTime": start, "endTime": stop,
        "mediaServerId": "zlmediakit-local", "timeLen": float(stop - start), "collect": False,
    }  # fmt: skip


def _json(content: object, status: int = 200) -> Response:
    return Response(status, json.dumps(content, ensure_ascii=False).encode(), JSON)
