"""Makes of a file as people write them one that the bundle's reader takes: UTF-8, English header, no end mark."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

from collectors.answers import Malformed, Unreachable
from collectors.protocols.folder.share import Content
from data.bundle.columns import Table

HEADERS_ZH = {
    "查询编号": "poll_id",
    "摄像机": "camera_id",
    "机位编号": "camera_id",
    "查询时间": "asked_at",
    "查询时段起": "covers_from",
    "查询时段止": "covers_to",
    "结果": "outcome",
    "完整": "complete",
    "时钟偏差": "clock_offset_ms",
    "开始": "started_at",
    "结束": "ended_at",
}
"""The words the dashboard writes over the same columns."""
_MARK = re.compile(r'^"?(#END\b[^\r\n",]*)"?\Z', re.IGNORECASE | re.MULTILINE)
_BEHIND_MARK = ",\r\n\t\v\f "


@dataclass(frozen=True, slots=True)
class Plain:
    csv: str
    mark: str


def plain(content: Content, table: Table, address: str) -> Plain:
    """Unreachable without the end mark: the file is taken for half written."""
    where = f"{address}/{content.name}"
    text = _decoded(content.body, where)
    found = mark_of(text)
    if found is None:
        raise Unreachable(f"{where} does not end with a line #END, so it may be half written; add it when all is there")
    return Plain(_with_english_header(text[: found.start()], table), " ".join(found[1].split()).upper())


def mark_of(text: str) -> re.Match[str] | None:
    """The last line, as spreadsheets save it too: quoted, with empty cells behind it."""
    return _MARK.search(text.rstrip(_BEHIND_MARK))


def _decoded(body: bytes, where: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Malformed(f"{where} is neither UTF-8 nor GBK text; save it as CSV UTF-8")


def _with_english_header(text: str, table: Table) -> str:
    """Only the first line is touched, so lines keep their numbers; names already English stay as they are."""
    head, newline, rest = text.partition("\n")
    try:
        names = next(csv.reader([head.rstrip("\r")]), [])
    except csv.Error:
        return text
    words = {name.strip() for name in names}
    if not words & HEADERS_ZH.keys() or words & set(table.names):
        return text
    return ",".join(HEADERS_ZH.get(name.strip(), name.strip()) for name in names) + newline + rest
