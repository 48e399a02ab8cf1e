"""The dossier: bytes that stay, figures that a person can recount, and cells that no spreadsheet can run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import report, rulebook
from dashboard.report import human
from data.periods import Month, parse_instant
from data.store import Store
from tests.dashboard.small import HOLE, MONTH, NOW, late_answer, put, rows

BOM = b"\xef\xbb\xbf"
MACHINE = {"verdicts.csv", "manifest.json"}
HOSTILE = ["=cmd|' /C calc'!A0", "+1+2", "-2+3", "@SUM(1)", "\t=1+1", "＝1+1", "＋1", "－1", "＠A1"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.in_memory() as opened:
        put(opened, tmp_path / "first")
        yield opened


def built(store: Store, *, now: str = NOW, as_of: str | None = None) -> dict[str, bytes]:
    return report.build(
        store, rulebook.rules(), Month.parse(MONTH), parse_instant(now), parse_instant(as_of) if as_of else None
    )


def table(dossier: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(dossier[f"{name}.csv"].decode("utf-8-sig"), newline="")))


def test_the_monthly_figures_are_those_counted_by_hand(store: Store) -> None:
    dossier = built(store)
    [agency] = table(dossier, "monthly_agency")
    expected = {
        "统计月": "2026-10", "机构编号": "007", "机构名称": "江西示例检测有限公司", "区县代码": "360104",
        "场所数": "1", "房间数": "1", "远视角机位数": "2", "近视角机位数": "0",
        # two cameras, three days: C1 lacks two hours of the 2nd, C2 was not asked about the 3rd
        "远视角24小时符合机位日": "4", "远视角24小时已判机位日": "5", "远视角24小时不明机位日": "1",
        "远视角24小时达标率": "0.8", "数据可用率": "0.8333", "已确认缺录秒数": "7200", "最长缺录秒数": "7200",
        "提前灭失机位数": "0", "判定时间": "2026-11-02 08:00:00",
    }  # fmt: skip
    assert {name: agency[name] for name in expected} == expected
    seconds = ("应录秒数", "实录秒数", "已确认缺录秒数", "情况不明秒数", "完整率")
    assert {row["机位编号"]: tuple(row[name] for name in seconds) for row in table(dossier, "monthly_channel")} == {
        "C1": ("259200", "252000", "7200", "0", "0.9722"),
        "C2": ("259200", "172800", "0", "86400", "1"),
    }
    gaps = [(row["机位编号"], row["缺口起"], row["缺口止"], row["性质"]) for row in table(dossier, "coverage_gaps")]
    hole = [edge[:19].replace("T", " ") for edge in HOLE]
    assert gaps == [
        ("C1", *hole, "已确认无录像"),
        ("C2", "2026-10-03 00:00:00", "2026-10-04 00:00:00", "未得到答复（情况不明）"),
    ]
    [source] = table(dossier, "sources")
    assert (source["查询次数"], source["完整答复次数"], source["情况不明小时数"]) == ("6", "5", "24")


def test_exemptions_stand_with_what_they_excused(tmp_path: Path) -> None:
    """C1 lacks 03:00 to 05:00 of the 2nd: one that holds the hole excuses the day, one of another camera nothing."""
    papers = {"reason": "停电检修", "document_no": "示例1号", "approved_by": "李示例"}
    granted = {"scope_type": "camera", "entered_at": "2026-10-01T00:00:00+08:00", **papers}
    exemptions = [
        {"exemption_id": "E1", "scope_id": "C1", "from_at": HOLE[0], "to_at": HOLE[1], **granted},
        {"exemption_id": "E2", "scope_id": "C2", "from_at": HOLE[0], "to_at": "2026-12-01T00:00:00+08:00", **granted},
    ]
    with Store.in_memory() as store:
        put(store, tmp_path / "exempt", rows() | {"exemptions": exemptions})
        first, second = table(built(store), "exemptions")
    assert list(first.values()) == [
        "E1", "摄像机", "C1", "2026-10-02 03:00:00", "2026-10-02 05:00:00", "停电检修", "示例1号", "李示例",
        "1", "已到期",
    ]  # fmt: skip
    assert (second["豁免编号"], second["当月豁免判定条数"], second["状态"]) == ("E2", "0", "未用到")


def test_what_was_not_measured_is_an_empty_cell_and_never_nought(store: Store) -> None:
    [agency] = table(built(store), "monthly_agency")
    assert {agency[name] for name in ("留存已判机位数", "最短留存天数", "实时已判机位日", "分级短视频已判报告数")} == {
        ""
    }


def test_human_files_have_a_bom_and_chinese_headers_and_machine_files_neither(store: Store) -> None:
    for name, content in built(store).items():
        assert content.startswith(BOM) == (name not in MACHINE), name
        if name.endswith(".csv"):
            header = content.decode("utf-8-sig").splitlines()[0]
            assert header.isascii() == (name in MACHINE), name


def test_ids_are_written_as_they_are(store: Store) -> None:
    dossier = built(store)
    assert {row["机构编号"] for row in table(dossier, "monthly_channel")} == {"007"}
    assert {row["通道"] for row in table(dossier, "monthly_channel")} == {"01", "02"}
    assert "0012" in {row["对象编号"] for row in table(dossier, "findings")}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_from_outside_can_become_a_formula(name: str, tmp_path: Path) -> None:
    with Store.in_memory() as store:
        put(store, tmp_path / "hostile", rows(name))
        dossier = built(store)
    for tabular in report.TABLES:
        for row in csv.reader(io.StringIO(dossier[f"{tabular}.csv"].decode("utf-8-sig"), newline="")):
            assert not [cell for cell in row if cell.startswith(human.FORMULA_STARTS)], tabular
    assert table(dossier, "monthly_agency")[0]["机构名称"] == f"'{name}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""), (0, "0"), (-3, "-3"), (2.5, "2.5"), (0.0000001, "0"), (1e6, "1000000"), ("-7.25", "-7.25"),
        ("--5", "'--5"), ("-", "'-"), ("-1.", "'-1."), ("=1", "'=1"), ("\n=1", "'\n=1"), ("0012", "0012"),
        ("a=1", "a=1"),
    ],
)  # fmt: skip
def test_a_cell(value: object, written: str) -> None:
    assert human.cell(value) == written


def test_the_same_facts_give_the_same_bytes(store: Store, tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "other.duckdb")) as other:
        put(other, tmp_path / "other")
        assert built(other) == built(store) == built(store)


def test_a_month_is_reissued_byte_for_byte_after_a_late_answer(store: Store, tmp_path: Path) -> None:
    later = "2026-11-06T00:00:00+08:00"
    issued, issued_later = built(store), built(store, now=later, as_of=NOW)
    put(store, tmp_path / "late", late_answer(), at="2026-11-05T10:00:00+08:00")
    assert built(store) == built(store, as_of=NOW) == issued
    assert built(store, now=later, as_of=NOW) == issued_later
    [revised] = table(built(store, now=later), "monthly_agency")
    assert (revised["远视角24小时不明机位日"], revised["远视角24小时符合机位日"]) == ("0", "5")


def test_the_manifest_tells_true_digests_of_every_file(store: Store) -> None:
    dossier = built(store)
    manifest = json.loads(dossier.pop("manifest.json"))
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in dossier.items()}
    assert manifest["files"]["verdicts.csv"] == manifest["fingerprint"]
    assert manifest["fingerprint"] in dossier["说明.txt"].decode("utf-8-sig")
    assert (manifest["month"], manifest["now"], manifest["as_of"]) == (MONTH, NOW, NOW)
