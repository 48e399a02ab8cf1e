"""A small valid bundle that tests bend in one place at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

AT = "2026-10-01T08:00:00+08:00"
LATER = "2026-10-01T09:00:00+08:00"

CITY: dict[str, str] = {
    "agencies": "agency_id,name,cma\nA1,虚构检测,yes\n0012,示例检测,no\n",
    "premises": "premises_id,agency_id,name,kind,longitude,latitude\nP1,A1,本部,main,115.9,28.7\n",
    "rooms": (
        "room_id,premises_id,name,kind,disciplines,in_use_from,in_use_to\n"
        "R1,P1,力学室,test_room,rebar_mechanics concrete_mechanics,2026-01-01,\n"
    ),
    "devices": (
        "device_id,room_id,name,produces_test_result,parallel_capacity,in_use_from\n"
        "D1,R1,万能机,yes,2,2026-01-01\nD2,R1,压力机,yes,,2026-01-01\n"
    ),
    "recorders": "recorder_id,premises_id,protocol,address,credential\nN1,P1,isapi,http://127.0.0.1:1,n1\n",
    "cameras": (
        "camera_id,room_id,agency_id,recorder_id,channel,view,mount,covers,duty_from\n"
        f"C1,R1,,N1,01,far,fixed,D1 D2,{AT}\nC2,,A1,,,onsite,movable,,{AT}\n"
    ),
    "sessions": (
        "session_id,agency_id,kind,report_no,room_id,device_id,camera_ids,started_at,ended_at\n"
        f"S1,A1,test,REP-1,R1,D1,C1 C2,{AT},{LATER}\nS2,A1,onsite,NOT-YET,,,C2,{AT},\n"
    ),
    "load_stages": f"session_id,stage_no,direction,started_at,completed_at\nS2,1,load,{AT},{LATER}\n",
    "reports": f"report_no,agency_id,test_item,issued_at\nREP-1,A1,REBAR_TENSILE,{LATER}\n",
    "key_images": (
        "image_id,report_no,session_id,role,media,started_at,ended_at,source,sha256,size_bytes,keep_until\n"
        f"I1,REP-1,S1,failure,clip,{AT},{LATER},clip_of:C1,{'AB' * 32},3000000000,2031-10-01\n"
    ),
    "image_reviews": f"report_no,person,role,reviewed_at\nREP-1,张示例,reviewer,{LATER}\n",
    "polls": (
        "poll_id,camera_id,asked_at,covers_from,covers_to,outcome,complete,clock_offset_ms\n"
        f"Q1,C1,{LATER},{AT},{LATER},ok,yes,-1500\nQ2,C1,{LATER},{AT},{LATER},unreachable,no,\n"
    ),
    "footage": (
        "poll_id,camera_id,started_at,ended_at\n"
        f"Q1,C1,{AT},2026-10-01T08:30:00+08:00\nQ1,C1,2026-10-01T08:30:00+08:00,{LATER}\n"
    ),
    "live_probes": f"camera_id,probed_at,outcome,first_frame_ms,fps,black,osd_text\nC1,{AT},ok,800,25.0,no,-\n",
    "recording_plans": f"camera_id,observed_at,mode\nC1,{AT},continuous\n",
    "exemptions": (
        "exemption_id,scope_type,scope_id,from_at,to_at,reason,document_no,approved_by,entered_at\n"
        f"E1,room,R1,{AT},{LATER},停电,文1,李样本,{LATER}\n"
    ),
}


def write_bundle(folder: Path, files: Mapping[str, str | bytes | None] = {}, *, base: bool = True) -> Path:
    """Write the city into `folder` with some files replaced; None leaves a file out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**(CITY if base else {}), **files}.items():
        if content is not None:
            data = content if isinstance(content, bytes) else content.encode()
            (folder / f"{name}.csv").write_bytes(data)
    return folder


def with_row(table: str, *rows: Mapping[str, str]) -> str:
    """The city's file with rows appended; cells not named are empty, columns not yet there are added."""
    present = list(csv.DictReader(io.StringIO(CITY[table])))
    return as_csv([*present, *rows])


def as_csv(rows: Sequence[Mapping[str, str]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
