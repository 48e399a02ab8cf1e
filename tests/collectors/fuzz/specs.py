"""What the harness must know of each protocol's simulated end. A new protocol adds one `Spec`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from collectors.device import Secret
from collectors.simulator.dahua_finders import Listing

NOW = datetime(2026, 10, 1, 4)
HOUR = timedelta(hours=1)
EVER = (datetime(2000, 1, 1), datetime(2100, 1, 1))
SECRET = Secret("collector", "correct-horse_7")
NVR = "34020000001320000001"
Topic = Literal["footage", "clock", "base", "other"]
"""What an answer is about. `base`: what the digits of the times mean."""
Manners = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spec:
    """`channels`: words of this protocol, the first is asked. `topics`: the first pattern that is found in the method,
    path, query and body of a request says what its answer is about. `edge`: how far off a stamp may honestly be.
    `scale`: of all times, for devices that list many small files. `ordered`: every entry of the list counts, so that
    one that is lost says something untrue. `counted`: its
    lists say how long they are, so that entries lost cannot go unnoticed. `shares`: how many of the answers of a
    session are damaged.
    """

    channels: tuple[str, ...]
    topics: tuple[tuple[Topic, str], ...]
    manners: Callable[[Random], Manners] = lambda _: {}
    address: str = "http://192.0.2.5"
    edge: timedelta = timedelta(seconds=3)
    scale: float = 1.0
    offsets_ms: tuple[int, ...] = (0, 0, 1, -999, 4_000, -61_500, 601_234, -28_800_000)
    faults: tuple[str, ...] = ()
    memory: Callable[[Random], dict[str, str]] = lambda _: {}
    ordered: bool = False
    counted: bool = False
    shares: tuple[float, ...] = (0.05, 0.2, 0.5, 1.0)


def _dahua(chance: Random) -> Manners:
    listing = Listing(
        base=chance.choice([0, 1]),
        page_rows=chance.choice([2, 40, 100]),
        writing=chance.choice(["now", "absent", "planned"]),
        rejects_nothing=chance.random() < 0.3,
        has_extra_stream=chance.random() < 0.3,
    )
    return {"listing": listing, "renews_nonce": chance.random() < 0.1, "slot_count": chance.choice([0, 8])}


def _onvif(chance: Random) -> Manners:
    return {
        "login": chance.choice(["token", "digest"]),
        "page_rows": chance.choice([3, 100]),
        "stamps_are_local": chance.random() < 0.2,
        "filters": chance.choice(["ABC", "BC"]),
        "start_state": chance.choice(["honest", "honest", "none"]),
        "is_descending": chance.random() < 0.3,
    }


def _known_zone(chance: Random) -> dict[str, str]:
    return chance.choice([{}, {"zone": "Asia/Shanghai", "shift_s": "0"}])


SPECS: dict[str, Spec] = {
    "isapi": Spec(
        ("1", "2", "3"),
        (("footage", "ContentMgmt/search"), ("clock", "System/time"), ("base", "System/deviceInfo")),
        lambda chance: {"page_rows": chance.choice([2, 40, 64]), "one_status_each": chance.random() < 0.3},
        faults=("lying_counter", "stuck_paging", "wide_500"),
        memory=lambda chance: chance.choice([{}, {"z_means": "local", "z_probed_at": NOW.isoformat()}]),
    ),
    "dahua": Spec(
        ("1", "2", "3"),
        (("footage", "mediaFileFind"), ("clock", "getCurrentTime")),
        _dahua,
        faults=("lying_counter", "stuck_paging", "wide_500"),
        counted=True,
    ),
    "onvif": Spec(
        ("R1", "R2"),
        (("clock", "GetSystemDateAndTime"), ("footage", "Find|SearchResults|GetRecording|EndSearch")),
        _onvif,
        offsets_ms=(0, 0, -999, 4_000, -61_500, 601_234),
        faults=("wide_500",),
        ordered=True,
    ),
    "mediamtx": Spec(
        ("lab1/lane1", "idle"), (("footage", "^GET /list"),), address="http://192.0.2.5:9996", faults=("wide_500",)
    ),
    "zoneminder": Spec(
        ("7", "8"),
        (("footage", "/events/index"), ("base", "getTimeZone")),
        lambda chance: {"version": chance.choice(["1.36.33", "1.36.36"]), "texts_only": chance.random() < 0.5,
                        "has_seconds": chance.random() < 0.3, "warns": chance.random() < 0.2},
        faults=("lying_counter", "stuck_paging", "wide_500"),
        memory=_known_zone,
    ),
    "frigate": Spec(
        ("lane1", "lane2"),
        (("footage", r"/recordings\?"),),
        lambda chance: {"has_auth": chance.random() < 0.7, "retain_mode": chance.choice(["", "all"])},
        scale=0.1,
        faults=("wide_500",),
    ),
    "wvp": Spec(
        (f"{NVR}/34020000001310000001", f"{NVR}/34020000001310000002", f"rtp/{NVR}_34020000001310000003"),
        (("footage", "gb_record|cloud/record"),),
        lambda chance: {"item_limit": chance.choice([None, None, 5]), "page_rows": chance.choice([3, 100]),
                        "token_requests": chance.choice([3, 10**9])},
        edge=timedelta(seconds=5),
        offsets_ms=(0, 0, 900),
        faults=("wide_500",),
        counted=True,
    ),
    "zlmediakit": Spec(
        ("live/lane1", "live/lane2"),
        (("footage", "getMp4RecordFile|/record/|getMediaList"),),
        lambda chance: {"names": chance.choice(["dated", "numbered"]), "fast_start": chance.random() < 0.5},
        edge=timedelta(seconds=12),
    ),
    "folder": Spec(("C1", "C2"), (("footage", ""),), address="", shares=(1.0,)),
}  # fmt: skip
