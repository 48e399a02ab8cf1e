"""The fictional agencies of the city: premises, rooms, devices, recorders and cameras, as they should be.

What is wrong with them is planted afterwards. Every name says that it is an example or made up (示例, 虚构).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from collectors.simulator.plan import Plan
from collectors.simulator.register import Camera, Recorder, Register, Room
from data.periods import day_starts_at

AGENCIES = (
    ("江西示例赣衡工程检测有限公司", "360102"),
    ("南昌虚构红谷滩工程检测有限公司", "360113"),
    ("南昌示例豫章建设工程质量检测中心有限公司", "360103"),
    ("江西示例抚河建材检测有限公司", "360121"),
    ("江西虚构青云检测技术有限公司", "360104"),
    ("江西虚构梅岭地基检测有限公司", "360112"),
    ("南昌示例军山湖检测有限公司", "360124"),
    ("江西虚构昌北桩基检测有限公司", "360111"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One premises: a letter per room (see `ROOM_KINDS`), a protocol per recorder, minutes per file on disk.

    `established`: in operation for `HISTORY_DAYS` when the period starts; otherwise newly equipped. `is_workshop`:
    here sessions go wrong, and nothing of another kind does. `is_mixed`: here recorders of other makes do.
    """

    agency_no: int
    name: str
    rooms: str
    protocols: tuple[str, ...]
    file_minutes: int = 60
    kind: str = "main"
    established: bool = False
    live: bool = True
    is_workshop: bool = False
    is_mixed: bool = False


SITES = (
    Site(1, "示例东湖试验室", "RSCMKTTD", ("isapi", "isapi"), 47),
    Site(1, "示例青山湖异地试验室", "RSCBTD", ("isapi",), 33, kind="remote_lab", live=False),
    Site(2, "虚构红谷滩试验室", "RSCMKTTD", ("isapi", "mediamtx"), 50),
    Site(3, "示例西湖试验室", "RSCBTD", ("mediamtx",)),
    Site(4, "示例南昌县试验室", "RSCBTD", ("isapi",), 40),
    Site(5, "虚构青云谱试验室", "RSCBD", ("isapi",), 230, established=True),
    Site(6, "虚构梅岭试验室", "RSCBD", ("mediamtx",), 240, established=True),
    Site(7, "示例进贤试验室", "RSCBTTD", ("isapi",), 43, live=False),
    Site(3, "示例湾里试验室", "RMKTT", ("isapi",), 45, kind="remote_lab", is_workshop=True),
    Site(4, "示例向塘异地试验室", "SCTD", ("dahua", "onvif"), kind="remote_lab", live=False, is_mixed=True),
    Site(5, "虚构湖坊异地试验室", "SCT", ("zoneminder", "frigate"), kind="remote_lab", live=False, is_mixed=True),
    Site(7, "示例温圳异地试验室", "SCTD", ("zlmediakit", "wvp"), kind="remote_lab", live=False, is_mixed=True),
    Site(6, "虚构罗亭异地试验室", "SD", ("folder",), kind="remote_lab", live=False, is_mixed=True),
)

ROOM_KINDS = {
    "R": ("示例收样大厅", "sample_reception", "", ()),
    "S": ("示例试样存放室", "sample_storage", "", ()),
    "C": ("示例标养室", "curing_room", "", ("示例养护控制柜",)),
    "M": ("示例钢筋力学室", "test_room", "rebar_mechanics", ("示例万能试验机一号", "示例万能试验机二号")),
    "K": (
        "示例混凝土力学室",
        "test_room",
        "concrete_mechanics",
        ("示例压力试验机一号", "示例压力试验机二号"),
    ),
    "B": (
        "示例力学室",
        "test_room",
        "rebar_mechanics concrete_mechanics",
        ("示例万能试验机", "示例压力试验机"),
    ),
    "T": ("示例土工室", "test_room", "soil", ("示例击实仪", "示例渗透仪")),
    "D": ("示例已检试样留置室", "tested_specimen_room", "", ()),
}
"""Name, kind, disciplines, devices."""

MECHANICS = "MKB"
PARALLEL_CAPACITY = {"示例渗透仪": "2"}
"""Of devices on which several samples are tested at once."""
FOUNDATION_AGENCIES = (1, 6, 8)
"""Those that load piles on site, with a movable camera without recorder. The last has no premises of its own."""


def build_register(plan: Plan) -> Register:
    register = Register()
    for number, (name, district) in enumerate(AGENCIES, 1):
        agency_id = _agency_id(number)
        register.agencies.append(
            {
                "agency_id": agency_id,
                "name": name,
                "district_code": district,
                "cma": "yes",
                "is_fictional": "yes",
            }
        )
        sites = [site for site in SITES if site.agency_no == number]
        for site_no, site in enumerate(sites, 1):
            _add_site(register, plan, site, f"{agency_id}-P{site_no}")
    for number in FOUNDATION_AGENCIES:
        agency_id = _agency_id(number)
        register.add_camera(
            Camera(
                f"{agency_id}-X1",
                view="onsite",
                duty_from=plan.opened_at,
                agency_id=agency_id,
                mount="movable",
            )
        )
    return register


def _agency_id(number: int) -> str:
    return f"NC-A-{number:03d}"


def _add_site(register: Register, plan: Plan, site: Site, premises_id: str) -> None:
    register.premises.append(
        {
            "premises_id": premises_id,
            "agency_id": _agency_id(site.agency_no),
            "name": site.name,
            "kind": site.kind,
            "address": f"南昌市示例路{len(register.premises) + 1}号",
        }
    )
    recorders = [
        Recorder(
            f"{premises_id}-REC{n}",
            premises_id,
            protocol,
            timedelta(minutes=site.file_minutes),
            site.established,
        )
        for n, protocol in enumerate(site.protocols, 1)
    ]
    register.recorders += recorders
    if site.is_workshop:
        register.workshop_id = premises_id
    if site.is_mixed:
        register.mixed_ids.add(premises_id)
    per_recorder = -(-len(site.rooms) // len(recorders))
    for index, letter in enumerate(site.rooms):
        room = _room(plan, site, f"{premises_id}-R{index + 1:02d}", premises_id, letter)
        register.rooms.append(room)
        devices = tuple(_add_devices(register, room, letter))
        recorder = recorders[index // per_recorder]
        for camera in _cameras(plan, site, room, letter=letter, recorder=recorder, devices=devices):
            register.add_camera(camera)


def _room(plan: Plan, site: Site, room_id: str, premises_id: str, letter: str) -> Room:
    name, kind, disciplines, _ = ROOM_KINDS[letter]
    return Room(
        room_id,
        premises_id,
        name,
        kind,
        disciplines,
        plan.history_day if site.established else plan.first_day,
    )


def _cameras(
    plan: Plan, site: Site, room: Room, *, letter: str, recorder: Recorder, devices: tuple[str, ...]
) -> Iterator[Camera]:
    """One far camera that covers all devices, and near cameras where the guide's table wants them."""
    duty_from = day_starts_at(plan.history_day) if site.established else plan.opened_at
    far = Camera(
        camera_id=f"{room.room_id}-F1",
        room=room,
        recorder=recorder,
        view="far",
        position="corridor_facing_door" if letter == "C" else "inside",
        duty_from=duty_from,
        covers=devices,
        live=site.live and letter in f"R{MECHANICS}",
    )
    yield far
    near = replace(far, camera_id=f"{room.room_id}-N1", view="near", position="inside", live=False)
    if letter in MECHANICS and not site.established:
        yield near
    elif letter in f"RT{MECHANICS}":
        yield replace(near, recorder=None, mount="movable")


def _add_devices(register: Register, room: Room, letter: str) -> Iterator[str]:
    for number, name in enumerate(ROOM_KINDS[letter][3], 1):
        device_id = f"{room.room_id}-SB{number}"
        register.devices.append(
            {
                "device_id": device_id,
                "room_id": room.room_id,
                "name": name,
                "produces_test_result": "no" if letter == "C" else "yes",
                "parallel_capacity": PARALLEL_CAPACITY.get(name, "1"),
                "in_use_from": room.in_use_from.isoformat(),
            }
        )
        yield device_id
