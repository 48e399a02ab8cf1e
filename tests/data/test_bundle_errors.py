"""Every mistake is told with file, line and column, all of them together, and nothing is stored."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.bundle import BundleError, BundleErrors, read_bundle, source, take_in
from data.store import Store
from tests.data.bundle_city import AT, CITY, LATER, write_bundle

MISTAKES: dict[str, str | bytes | None] = {
    "agencies": "agency_id,name,cma\nA1,虚构检测,maybe\n,无编号,\nA1,again,yes\n A3,blank,\n",
    "premises": (
        "premises_id,agency_id,name,kind,longitude,latitude\nP1,A1,本部,main,181,28.7\nP2,A9,分场所,branch,115,abc\n"
    ),
    "rooms": (
        "room_id,premises_id,name,kind,disciplines,in_use_from,in_use_to\n"
        "R1,P1,力学室,test_room,rebar_mechanics  concrete_mechanics,2026/01/01,\n"
        "R2,P1,力学室,test_room,,2026-03-01,2026-02-01\n"
    ),
    "devices": (
        "device_id,room_id,name,produces_test_result,parallel_capacity,in_use_from\n"
        'D1,R1,"万能机\n2号",yes,0,2026-01-01\n'
        "D2,R9,压力机,是,,2026-01-01\n"
    ),
    "recorders": None,
    "cameras": (
        "camera_id,room_id,agency_id,recorder_id,view,mount,covers,duty_from,duty_to\n"
        f"C1,R1,,N1,far,fixed,D1 D7,{AT},\n"
        f"C2,,,,wide,movable,,{AT},\n"
        f"C3,R1,,,far,fixed,,{LATER},{AT}\n"
    ),
    "sessions": (
        "session_id,agency_id,kind,report_no,room_id,camera_ids,started_at,ended_at\n"
        f"S1,A1,test,REP-1,R1,C1 C8,2026-10-01T24:00:00,\nS2,A1,onsite,NOT-YET,,,{LATER},{AT}\n"
    ),
    "load_stages": (
        "session_id,stage_no,direction,started_at,completed_at\n"
        f"S2,1,load,{AT},{LATER}\nS2,1,load,{AT},{LATER}\nS2,1.5,unload,{LATER},{AT}\n"
    ),
    "reports": f"report_no,agency_id,issued_at\nREP-1,A1,{LATER}\n",
    "key_images": (
        "image_id,report_no,session_id,role,media,started_at,source,sha256,size_bytes\n"
        f"I1,REP-2,S9,fail,clip,{AT},clip_of:C9,abc,-1\nI2,REP-1,,core,photo,{AT},clip_of:,,\n"
    ),
    "image_reviews": f"report_no;person;role;reviewed_at\nREP-1;x;reviewer;{LATER}\n",
    "polls": (
        "poll_id,camera_id,asked_at,covers_from,covers_to,outcome,complete,clock_offset_ms\n"
        f"Q1,C1,{LATER},{LATER},{AT},ok,yes,2147483648\nQ1,C1,{LATER},{AT},{LATER},ok,yes,\n"
    ),
    "footage": f"poll_id,camera_id,started_at,ended_at\nQ1,C1,{LATER},{AT}\nQ1,C2,{AT},{LATER}\n",
    "live_probes": f"camera_id,probed_at,outcome,width\nC1,{AT},ok\nC1,{AT},ok,1,2\n",
    "recording_plans": b"camera_id,observed_at,mode\nC1,\xcf\xc2\xce\xe7,continuous\n",
    "exemptions": (
        "exemption_id,scope_type,scope_id,from_at,to_at,reason,document_no,approved_by,entered_at\n"
        f"E1,recorder,R1,{LATER},{AT},停电,文1,李样本,{LATER}\n"
    ),
}
EXPECTED = [
    ("agencies.csv", 2, "cma", "'maybe' is not a flag; write yes or no"),
    ("agencies.csv", 3, "agency_id", "is empty, but every row needs an id"),
    ("agencies.csv", 4, "agency_id", "'A1' stands already on line 2"),
    ("agencies.csv", 5, "agency_id", "' A3' is not an id; write it without blanks"),
    ("cameras.csv", 2, "covers", "'D7' is not in devices.csv"),
    ("cameras.csv", 2, "recorder_id", "'N1' is not in recorders.csv"),
    ("cameras.csv", 3, "agency_id", "agency_id is needed when there is neither"),
    ("cameras.csv", 3, "view", "'wide' is not one of far, near, onsite"),
    ("cameras.csv", 4, "duty_to", f"'{AT}' is before duty_from '{LATER}'"),
    ("devices.csv", 2, "parallel_capacity", "'0' is not a whole number from 1"),
    ("devices.csv", 4, "produces_test_result", "'是' is not a flag"),
    ("devices.csv", 4, "room_id", "'R9' is not in rooms.csv"),
    ("exemptions.csv", 2, "scope_id", "'R1' is not in recorders.csv"),
    ("exemptions.csv", 2, "to_at", "is before from_at"),
    ("footage.csv", 2, "ended_at", "is before started_at"),
    ("footage.csv", 3, "poll_id, camera_id", "'Q1 C2' is not in polls.csv"),
    ("image_reviews.csv", 1, "", "separates its columns by semicolons"),
    ("key_images.csv", 2, "report_no", "'REP-2' is not in reports.csv"),
    ("key_images.csv", 2, "role", "'fail' is not one of failure"),
    ("key_images.csv", 2, "session_id", "'S9' is not in sessions.csv"),
    ("key_images.csv", 2, "sha256", "'abc' is not a SHA-256"),
    ("key_images.csv", 2, "size_bytes", "'-1' is not a whole number from 0"),
    ("key_images.csv", 2, "source", "'C9' is not in cameras.csv"),
    ("key_images.csv", 3, "source", "'clip_of:' is not a source"),
    ("live_probes.csv", 2, "", "has 3 cells where the header has 4"),
    ("live_probes.csv", 3, "", "has 5 cells where the header has 4"),
    ("load_stages.csv", 3, "session_id, stage_no, direction", "'S2', '1', 'load' stands already on line 2"),
    ("load_stages.csv", 4, "completed_at", "is before started_at"),
    ("load_stages.csv", 4, "stage_no", "'1.5' is not a whole number from 1"),
    ("polls.csv", 2, "clock_offset_ms", "'2147483648' is not a whole number"),
    ("polls.csv", 2, "covers_to", "is before covers_from"),
    ("polls.csv", 3, "poll_id, camera_id", "'Q1', 'C1' stands already on line 2"),
    ("premises.csv", 2, "longitude", "'181' is not a number from -180 to 180"),
    ("premises.csv", 3, "agency_id", "'A9' is not in agencies.csv"),
    ("premises.csv", 3, "kind", "'branch' is not one of main"),
    ("premises.csv", 3, "latitude", "'abc' is not a number from -90 to 90"),
    ("recording_plans.csv", 2, "", "looks like GBK"),
    ("reports.csv", 1, "test_item", "is missing in the header"),
    ("rooms.csv", 2, "disciplines", "separate its values by exactly one space"),
    ("rooms.csv", 2, "in_use_from", "'2026/01/01' is not a day; write YYYY-MM-DD"),
    ("rooms.csv", 3, "in_use_to", "is before in_use_from"),
    ("sessions.csv", 2, "camera_ids", "'C8' is not in cameras.csv"),
    ("sessions.csv", 2, "started_at", "'2026-10-01T24:00:00' is not a time; write ISO 8601"),
    ("sessions.csv", 3, "ended_at", "is before started_at"),
]


def errors_of(folder: Path) -> list[BundleError]:
    with pytest.raises(BundleErrors) as caught, read_bundle(folder):
        pass
    assert caught.value.count == len(caught.value.errors)
    return caught.value.errors


def test_all_mistakes_are_told_together_and_nothing_else(tmp_path: Path) -> None:
    errors = errors_of(write_bundle(tmp_path, MISTAKES))
    assert [(e.file, e.line, e.column) for e in errors] == [expected[:3] for expected in EXPECTED]
    for error, expected in zip(errors, EXPECTED, strict=True):
        assert expected[3] in error.message
        assert "\n" not in str(error)


def test_a_bundle_with_mistakes_stores_nothing(tmp_path: Path) -> None:
    write_bundle(tmp_path, MISTAKES)
    with Store.in_memory() as store:
        with pytest.raises(BundleErrors):
            take_in(store, tmp_path, taken_in_at=None)
        tables = store.cursor().execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall()
        counts = {name: store.cursor().execute(f"SELECT count(*) FROM {name}").fetchone() for (name,) in tables}
    assert set(counts.values()) == {(0,)}


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "is empty; the first line must be the header"),
        (b"\xef\xbb\xbf", 1, "is empty; the first line must be the header"),
        (b"\n" + CITY["polls"].encode(), 1, "is blank; the header must be the first line"),
        (CITY["polls"].replace(",", "\t").encode(), 1, "separates its columns by tabs"),
        (CITY["polls"].replace(",", "，").encode(), 1, "separates its columns by full-width commas"),
        (CITY["polls"].encode("utf-16"), 1, "is UTF-16, not UTF-8; save it as UTF-8"),
        (CITY["polls"].replace("unreachable", "不通").encode("gbk"), 3, "looks like GBK"),
        (CITY["polls"].replace("Q2", "Q\0").encode(), 3, "holds a NUL byte"),
        (CITY["polls"].replace("Q2", '"Q2').encode(), 3, "close every quoted cell"),
        (CITY["polls"].replace("Q2", '"Q"2').encode(), 3, "write a quote inside one twice"),
        (CITY["polls"].encode() + b"\x1a", 4, "has 1 cells where the header has 8"),
        (CITY["polls"].encode() + b"Q3" + b"x" * 140_000 + b"," * 7, 4, "cannot be read as CSV"),
        (CITY["polls"].encode() + b",".join([b"y" * 30_000] * 8), 4, "is longer than 100000 bytes"),
        (CITY["polls"].encode() + "末".encode()[:2], 4, "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    errors = errors_of(write_bundle(tmp_path, {"polls": content}))
    assert [(e.file, e.line, e.column) for e in errors] == [("polls.csv", line, "")]
    assert message in errors[0].message


def test_empty_cells_beyond_the_header_are_no_mistake_beside_a_broken_row(tmp_path: Path) -> None:
    content = "agency_id,name\nA1,padded,,\nA2\n"
    errors = errors_of(write_bundle(tmp_path, {"agencies": content}, base=False))
    assert [(e.line, e.message[:11]) for e in errors] == [(3, "has 1 cells")]


@pytest.mark.parametrize("chunk", range(1, 10))
def test_the_line_of_a_bad_byte_does_not_depend_on_how_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(source, "_CHUNK", chunk)
    content = "agency_id,name\nA1,末".encode() + b"\xff\n\n\n\n"
    errors = errors_of(write_bundle(tmp_path, {"agencies": content}, base=False))
    assert [(e.line, e.message[:12]) for e in errors] == [(2, "is not UTF-8")]


def test_a_broken_file_does_not_make_its_ids_dangle_but_a_missing_one_does(tmp_path: Path) -> None:
    broken = errors_of(write_bundle(tmp_path / "broken", {"cameras": "camera_id,view\nC1\n"}))
    assert {e.file for e in broken} == {"cameras.csv"}
    missing = errors_of(write_bundle(tmp_path / "missing", {"polls": None}))
    assert [(e.file, e.line, e.column) for e in missing] == [
        ("footage.csv", 2, "poll_id, camera_id"),
        ("footage.csv", 3, "poll_id, camera_id"),
    ]


def test_one_refused_id_does_not_make_every_reference_to_it_dangle(tmp_path: Path) -> None:
    errors = errors_of(write_bundle(tmp_path, {"reports": CITY["reports"].replace("REP-1", "REP-1 ")}))
    assert [(e.file, e.line, e.column) for e in errors] == [("reports.csv", 2, "report_no")]


def test_a_column_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    errors = errors_of(write_bundle(tmp_path, {"reports": "report_no,report_no,agency_id,test_item,issued_at\n"}))
    assert [(e.file, e.line, e.column) for e in errors] == [("reports.csv", 1, "report_no")]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_counted_through_cells_with_line_breaks(tmp_path: Path, end: str) -> None:
    text = end.join(
        ["agency_id,name,cma", '1,"甲\n乙 ""丙""",no', "", '2,"戊', '",yes', "", "3,丁,ja", '4,"x\ny",nein']
    )
    errors = errors_of(write_bundle(tmp_path, {"agencies": text}, base=False))
    lines = re.split("\r\n|\n", text)
    assert [(e.line, e.column) for e in errors] == [
        (lines.index("3,丁,ja") + 1, "cma"),
        (lines.index('4,"x') + 1, "cma"),
    ]


def test_errors_beyond_the_first_are_counted_not_listed(tmp_path: Path) -> None:
    rows = "".join(f"{i},,ja\n" for i in range(1000))
    with (
        pytest.raises(BundleErrors) as caught,
        read_bundle(write_bundle(tmp_path, {"agencies": "agency_id,name,cma\n" + rows}, base=False)),
    ):
        pass
    assert caught.value.count == 2000
    assert [e.line for e in caught.value.errors] == [line for line in range(2, 102) for _ in range(2)]
    assert "and 1800 more" in str(caught.value)


def test_a_long_or_unprintable_value_is_quoted_short(tmp_path: Path) -> None:
    cell = '"{x}' + "\n" + "y" * 500 + '"'
    errors = errors_of(write_bundle(tmp_path, {"agencies": f"agency_id,name,cma\n1,n,{cell}\n"}, base=False))
    assert "'{x}\\x0ayyy" in errors[0].message
    assert len(errors[0].message) < 120
