"""A small fictional city with planted faults, as a store that the pages can show.

The truth of each fault is written where it is planted, so that a test can say what a page must show. All times below
are Beijing time; the store itself holds UTC.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from duckdb import DuckDBPyConnection

from dashboard.judging import judge_and_remember
from data.bundle import take_in
from data.periods import LOCAL_OFFSET, Month
from data.store import Store
from rules import catalogue

NOW = datetime(2026, 11, 3, 1, 30)  # UTC; 09:30 in Nanchang
JUDGED_AT = NOW - timedelta(minutes=30)
LOCAL_NOW = NOW + LOCAL_OFFSET
HISTORY_FROM = datetime(2026, 4, 20)
DAILY_FROM = datetime(2026, 9, 28)
DAY = timedelta(days=1)

AGENCIES = (
    ("NC-A-001", "江西示例赣衡工程检测有限公司", "360104"),
    ("NC-A-002", "南昌示例豫章建设工程质量检测中心有限公司", "360111"),
    ("NC-A-003", "江西虚构青云检测技术有限公司", "360104"),
    ("NC-A-004", "南昌虚构红谷滩工程检测有限公司", "360113"),
    ("NC-A-005", "江西虚构梅岭地基检测有限公司", "360112"),
)
ROOMS = (
    ("R01", "收样大厅", "sample_reception", ""),
    ("R02", "钢筋力学室", "test_room", "rebar_mechanics"),
    ("R03", "混凝土力学室", "test_room", "concrete_mechanics"),
    ("R04", "标养室", "curing_room", ""),
    ("R05", "已检试样留置室", "tested_specimen_room", ""),
)
SILENT_RECORDER = "NC-A-002-P1-N1"  # answers nothing from 20 October on
NIGHT_GAP_CAMERA = "NC-A-003-P1-R03-C1"  # 02:00–04:30 missing on 5–9 October, answered for
DRIFTING_RECORDER = "NC-A-004-P1-N1"  # clock runs ahead by 1.4 s a day
SHORT_AGENCY = "NC-A-004"  # keeps 120 days
NEVER_ASKED_RECORDER = "NC-A-005-P1-N2"
EXCUSED_CAMERA = "NC-A-001-P1-R05-C1"  # 12 October 13:00–17:00 missing, exempt
DELETED_CAMERA = "NC-A-003-P1-R01-C1"  # 1–3 September, once listed, is denied on 15 October
DARK_FEED_CAMERA = "NC-A-005-P1-R02-C1"  # live view fails on 7–9 October
HOSTILE_ROOM_NAME = '<b>留置室</b> & "5"'


@dataclass
class Bundle:
    tables: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def add(self, table: str, **row: object) -> None:
        self.tables.setdefault(table, []).append(row)

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for table, rows in self.tables.items():
            columns = list(dict.fromkeys(name for row in rows for name in row))
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns)
                writer.writeheader()
                writer.writerows(rows)
        return folder


def text(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds") + "+08:00"


def build(folder: Path) -> Store:
    """The city in a store at `folder`/city.duckdb, judged for October and November 2026."""
    bundle = Bundle()
    for agency_id, name, district in AGENCIES:
        _register(bundle, agency_id, name, district)
    for camera in bundle.tables["cameras"]:
        _ask(bundle, str(camera["camera_id"]), str(camera["recorder_id"]))
        if camera["live_url"]:
            _probe(bundle, str(camera["camera_id"]))
    bundle.add(
        "exemptions", exemption_id="EX-2026-031", scope_type="camera", scope_id=EXCUSED_CAMERA,
        from_at=text(datetime(2026, 10, 12, 12)), to_at=text(datetime(2026, 10, 12, 18)), reason="供电检修",
        document_no="洪建检备〔2026〕示例31号", approved_by="张示例", entered_at=text(datetime(2026, 10, 11, 9)),
    )  # fmt: skip
    _pile_report(bundle)
    store = Store.open(str(folder / "city.duckdb"))
    take_in(store, bundle.write(folder / "bundle"), taken_in_at=None)
    _plan(store)
    for month in ("2026-10", "2026-11"):
        judge_and_remember(store, list(catalogue.load().values()), Month.parse(month), now_at=JUDGED_AT)
    return store


def _register(bundle: Bundle, agency_id: str, name: str, district: str) -> None:
    premises = f"{agency_id}-P1"
    bundle.add("agencies", agency_id=agency_id, name=name, district_code=district, cma="yes", is_fictional="yes")
    bundle.add("premises", premises_id=premises, agency_id=agency_id, name="示例总部试验室", kind="main")
    last = int(agency_id[-1])
    bundle.add("recorders", recorder_id=f"{premises}-N1", premises_id=premises, protocol="isapi",
               address=f"https://10.20.{last}.11")  # fmt: skip
    if agency_id == "NC-A-005":
        bundle.add("recorders", recorder_id=NEVER_ASKED_RECORDER, premises_id=premises, protocol="isapi",
                   address="https://10.20.5.12")  # fmt: skip
    for room, room_name, kind, discipline in ROOMS:
        room_id = f"{premises}-{room}"
        shown = HOSTILE_ROOM_NAME if room_id == "NC-A-002-P1-R05" else room_name
        bundle.add("rooms", room_id=room_id, premises_id=premises, name=shown, kind=kind, disciplines=discipline,
                   in_use_from="2024-03-01")  # fmt: skip
        mandatory = room in {"R01", "R02", "R03"}
        bundle.add(
            "cameras", camera_id=f"{room_id}-C1", room_id=room_id, channel=f"{int(room[1:])}01",
            view="far", mount="fixed",
            recorder_id=NEVER_ASKED_RECORDER if room_id == "NC-A-005-P1-R05" else f"{premises}-N1",
            position="inside" if kind != "curing_room" or agency_id == "NC-A-005" else "corridor_facing_door",
            live_url=f"https://relay{last}.example:8889/{room_id.lower()}/whep" if mandatory else "",
            duty_from=text(datetime(2026, 10, 10, 9) if room_id == "NC-A-001-P1-R04" else datetime(2025, 1, 6, 8)),
        )  # fmt: skip


def _ask(bundle: Bundle, camera_id: str, recorder_id: str) -> None:
    if recorder_id == NEVER_ASKED_RECORDER:
        return
    for week in range((DAILY_FROM - HISTORY_FROM).days // 7):
        start = HISTORY_FROM + week * 7 * DAY
        _answer(bundle, camera_id, recorder_id, start, start + 7 * DAY, DAILY_FROM + timedelta(hours=1))
    for number in range((LOCAL_NOW - DAILY_FROM).days):
        start = DAILY_FROM + number * DAY
        asked = start + DAY + timedelta(minutes=25)
        if recorder_id == SILENT_RECORDER and asked >= datetime(2026, 10, 20):
            bundle.add("polls", poll_id=f"{camera_id}@{asked:%m%d}", camera_id=camera_id, asked_at=text(asked),
                       covers_from=text(start), covers_to=text(start + DAY), outcome="unreachable",
                       complete="no", clock_offset_ms="")  # fmt: skip
        else:
            _answer(bundle, camera_id, recorder_id, start, start + DAY, asked)
    if camera_id == DELETED_CAMERA:
        _answer(bundle, camera_id, recorder_id, datetime(2026, 8, 31), datetime(2026, 9, 7), datetime(2026, 10, 15, 3),
                lost=[(datetime(2026, 9, 1), datetime(2026, 9, 4))])  # fmt: skip


def _answer(
    bundle: Bundle, camera_id: str, recorder_id: str, start: datetime, end: datetime, asked: datetime,
    lost: list[tuple[datetime, datetime]] | None = None,
) -> None:  # fmt: skip
    poll_id = f"{camera_id}@{asked:%m%d%H}-{start:%m%d}"
    drifts = recorder_id == DRIFTING_RECORDER
    offset_ms = int((asked - DAILY_FROM).total_seconds() / 86400 * 1400) if drifts else 180
    bundle.add("polls", poll_id=poll_id, camera_id=camera_id, asked_at=text(asked), covers_from=text(start),
               covers_to=text(end), outcome="ok", complete="yes", clock_offset_ms=offset_ms)  # fmt: skip
    holes = sorted([*_holes(camera_id), *(lost or [])])
    cursor = start
    for hole_start, hole_end in [*holes, (end, end)]:
        if cursor < min(hole_start, end):
            shift = timedelta(milliseconds=offset_ms)
            bundle.add("footage", poll_id=poll_id, camera_id=camera_id, started_at=text(cursor + shift),
                       ended_at=text(min(hole_start, end) + shift))  # fmt: skip
        cursor = max(cursor, min(hole_end, end))


def _holes(camera_id: str) -> list[tuple[datetime, datetime]]:
    holes = []
    if camera_id == NIGHT_GAP_CAMERA:
        nights = [datetime(2026, 10, day) for day in range(5, 10)]
        holes += [(night + timedelta(hours=2), night + timedelta(hours=4, minutes=30)) for night in nights]
    if camera_id == EXCUSED_CAMERA:
        holes.append((datetime(2026, 10, 12, 13), datetime(2026, 10, 12, 17)))
    if camera_id.startswith(SHORT_AGENCY):
        holes.append((datetime(2026, 1, 1), datetime(2026, 7, 6)))
    return holes


def _probe(bundle: Bundle, camera_id: str) -> None:
    for number in range(1, 33):
        for hour in range(1, 24, 4):
            at = datetime(2026, 10, 1) + (number - 1) * DAY + timedelta(hours=hour, minutes=7)
            dark = camera_id == DARK_FEED_CAMERA and 7 <= number <= 9
            good: dict[str, object] = {"first_frame_ms": 900 + 11 * hour, "width": 1280, "height": 720, "fps": 25}
            bundle.add("live_probes", camera_id=camera_id, probed_at=text(at), outcome="no_media" if dark else "ok",
                       **({} if dark else good))  # fmt: skip


def _pile_report(bundle: Bundle) -> None:
    """Ten stages, clips for eight."""
    start = datetime(2026, 10, 14, 8)
    bundle.add("reports", report_no="ML2610-ZH-0007", agency_id="NC-A-005", test_item="PILE_COMP", method="kentledge",
               project="示例·瑶湖3号地块项目", issued_at=text(datetime(2026, 10, 19, 16)))  # fmt: skip
    bundle.add("sessions", session_id="S-PILE-7", agency_id="NC-A-005", kind="onsite", report_no="ML2610-ZH-0007",
               test_item="PILE_COMP", method="kentledge", pile_no="3-12", started_at=text(start),
               ended_at=text(start + timedelta(hours=20)))  # fmt: skip
    for stage in range(1, 11):
        began = start + timedelta(hours=2 * (stage - 1))
        done = began + timedelta(minutes=4)
        bundle.add("load_stages", session_id="S-PILE-7", stage_no=stage, direction="load", started_at=text(began),
                   completed_at=text(done))  # fmt: skip
        if stage not in {4, 9}:
            bundle.add("key_images", image_id=f"K-{stage}", report_no="ML2610-ZH-0007", session_id="S-PILE-7",
                       role="load_stage", media="clip", stage_no=stage, pile_no="3-12",
                       started_at=text(began - timedelta(seconds=40)),
                       ended_at=text(done + timedelta(seconds=45)))  # fmt: skip


def _plan(store: Store) -> None:
    """What the collector planned this month, per recorder: 3 run, 1 merged, and 1 skipped for the silent one."""
    with store.write() as cursor:
        recorders = [row[0] for row in cursor.execute("SELECT recorder_id FROM recorders").fetchall()]
        for recorder_id in recorders:
            for number, status in enumerate(["run", "run", "run", "merged"]):
                _planned(cursor, datetime(2026, 10, 3, number), recorder_id, status, "")
        _planned(cursor, datetime(2026, 10, 25), SILENT_RECORDER, "skipped", "budget spent")
        _planned(cursor, datetime(2026, 10, 26), "*footage", "merged", "the round before was still running")


def _planned(cursor: DuckDBPyConnection, at: datetime, source_id: str, status: str, reason: str) -> None:
    cursor.execute(
        "INSERT INTO planned_polls BY NAME SELECT $at AS planned_at, $source_id AS source_id, 'footage' AS kind,"
        " $status AS status, $reason AS reason, $at AS known_from",
        {"at": at, "source_id": source_id, "status": status, "reason": reason},
    )
