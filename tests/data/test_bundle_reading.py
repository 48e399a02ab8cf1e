"""Valid bundles in every allowed dress are read to the same facts."""

from __future__ import annotations

import csv
import random
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.bundle import BundleErrors, read_bundle, unpack
from data.bundle.format import TABLES
from tests.data.bundle_city import CITY, write_bundle


def rows_of(path: Path, table: str) -> list[dict[str, object]]:
    with read_bundle(path) as bundle:
        return [row for batch in bundle.rows(table) for row in batch.to_pylist()]


def facts_of(path: Path) -> dict[str, list[dict[str, object]]]:
    with read_bundle(path) as bundle:
        assert bundle.warnings == []
        return {t: [row for batch in bundle.rows(t) for row in batch.to_pylist()] for t in TABLES}


def refused(path: Path) -> str:
    with pytest.raises(BundleErrors) as caught, read_bundle(path):
        pass
    return str(caught.value)


def pack(folder: Path, archive: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(folder.iterdir()):
            out.write(file, prefix + file.name)
    return archive


def test_cells_become_typed_values(tmp_path: Path) -> None:
    facts = facts_of(write_bundle(tmp_path))
    assert {name: len(rows) for name, rows in facts.items() if not rows} == {}
    assert [row["agency_id"] for row in facts["agencies"]] == ["A1", "0012"]
    assert facts["rooms"][0]["disciplines"] == ["rebar_mechanics", "concrete_mechanics"]
    assert facts["rooms"][0]["in_use_from"] == date(2026, 1, 1)
    assert facts["rooms"][0]["in_use_to"] is None
    assert [row["parallel_capacity"] for row in facts["devices"]] == [2, 1]
    assert facts["cameras"][0]["channel"] == "01"
    assert facts["cameras"][1]["covers"] is None
    assert facts["key_images"][0]["sha256"] == "ab" * 32
    assert facts["key_images"][0]["size_bytes"] == 3_000_000_000
    assert facts["polls"][0]["asked_at"] == datetime(2026, 10, 1, 1)
    assert facts["polls"][0]["clock_offset_ms"] == -1500
    assert facts["live_probes"][0]["black"] is False
    assert facts["live_probes"][0]["osd_text"] == "-"


def dressed_up(text: str, *, bom: bool, end: str, quoted: bool, order: int, padding: str) -> bytes:
    """The same table written in another allowed way."""
    rows = list(csv.reader(text.splitlines()))
    columns = list(range(len(rows[0])))
    random.Random(order).shuffle(columns)
    lines: list[str] = []
    for row in rows:
        cells = [row[i] for i in columns]
        lines.append(",".join(f'"{cell}"' if quoted else cell for cell in cells) + (padding if lines else ""))
    return (b"\xef\xbb\xbf" if bom else b"") + (end.join(lines) + end + end).encode()


@settings(max_examples=25, deadline=None)
@given(
    st.booleans(), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.integers(0, 99), st.sampled_from(["", ",,"])
)
def test_bom_line_ends_quotes_column_order_and_padding_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, bom: bool, end: str, quoted: bool, order: int, padding: str
) -> None:
    folder = tmp_path_factory.mktemp("dress")
    plain = facts_of(write_bundle(folder / "plain"))
    other = {
        name: dressed_up(text, bom=bom, end=end, quoted=quoted, order=order, padding=padding)
        for name, text in CITY.items()
    }
    assert facts_of(write_bundle(folder / "other", other)) == plain


def test_mixed_line_ends_are_read(tmp_path: Path) -> None:
    mixed = CITY["polls"].replace("\n", "\r\n", 1)
    assert facts_of(write_bundle(tmp_path / "a", {"polls": mixed})) == facts_of(write_bundle(tmp_path / "b"))


def test_a_path_with_pattern_characters_and_quotes_is_taken_literally(tmp_path: Path) -> None:
    write_bundle(tmp_path / "a1")
    folder = write_bundle(tmp_path / "a[1]*'?", {"agencies": "agency_id,name\nA1,only\n"}, base=False)
    assert len(rows_of(folder, "agencies")) == 1


def test_unknown_files_and_columns_are_warnings(tmp_path: Path) -> None:
    write_bundle(tmp_path, {"agencies": "name,agency_id,phone\n虚构,A1,1\n"}, base=False)
    (tmp_path / "notes.txt").write_text("x")
    with read_bundle(tmp_path) as bundle:
        assert bundle.warnings == [
            "notes.txt is not a file of the format and was ignored",
            "agencies.csv: column 'phone' is not a column of the format and was ignored",
        ]
        assert [b.to_pylist()[0]["name"] for b in bundle.rows("agencies")] == ["虚构"]


@pytest.mark.parametrize("prefix", ["", "city/"])
def test_a_zip_is_the_same_submission_as_its_folder(tmp_path: Path, prefix: str) -> None:
    folder = write_bundle(tmp_path / "city")
    archive = pack(folder, tmp_path / "city.zip", prefix)
    with read_bundle(folder) as one, read_bundle(archive) as other:
        assert one.submission_id == other.submission_id
    assert facts_of(folder) == facts_of(archive)
    with read_bundle(write_bundle(folder, {"reports": CITY["reports"] + "\n"})) as changed:
        assert changed.submission_id != one.submission_id


@pytest.mark.parametrize("name", ["../agencies.csv", "/agencies.csv", "a\\..\\agencies.csv"])
def test_a_zip_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        out.writestr(name, CITY["agencies"])
    assert "a path that leads out of it" in refused(tmp_path / "x.zip")
    assert [p.name for p in tmp_path.iterdir()] == ["x.zip"]


def test_a_zip_with_several_folders_or_a_file_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        out.writestr("a/agencies.csv", CITY["agencies"])
        out.writestr("b/premises.csv", CITY["premises"])
    assert "several or nested folders" in refused(tmp_path / "x.zip")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(tmp_path / "y.zip", "w") as out:
        out.writestr("agencies.csv", CITY["agencies"])
        out.writestr("agencies.csv", CITY["agencies"])
    assert "holds a file twice" in refused(tmp_path / "y.zip")


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("agencies.csv", "agency_id,name\n" + "A1,x\n" * 3_000_000)
    assert "agencies.csv: unpacks to more than 200 times its packed size" in refused(tmp_path / "x.zip")
    monkeypatch.setattr(unpack, "UNPACKED_LIMIT", 1 << 20)
    assert "makes the bundle unpack to more than" in refused(tmp_path / "x.zip")


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    archive = pack(write_bundle(tmp_path / "city"), tmp_path / "x.zip")
    data = bytearray(archive.read_bytes())
    data[60:70] = b"\0" * 10
    archive.write_bytes(data)
    assert "is damaged" in refused(archive)


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = write_bundle(tmp_path / "outside")
    folder = write_bundle(tmp_path / "city", {"polls": None, "footage": None})
    (folder / "polls.csv").symlink_to(outside / "polls.csv")
    assert "polls.csv: is a folder or a link out of the bundle" in refused(folder)


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    assert "is neither a folder nor a .zip" in refused(tmp_path / "absent")
    assert "agencies.csv: is missing" in refused(tmp_path)


def test_ids_may_be_on_record_elsewhere(tmp_path: Path) -> None:
    folder = write_bundle(
        tmp_path, {"agencies": CITY["agencies"], "recording_plans": CITY["recording_plans"]}, base=False
    )
    asked: list[tuple[str, list[str]]] = []

    def known(table: str, ids: list[str]) -> list[str]:
        asked.append((table, ids))
        return ids

    with read_bundle(folder, known=known):
        assert asked == [("cameras", ["C1"])]
    with pytest.raises(BundleErrors, match=r"'C1' is not in cameras\.csv nor on record"):
        read_bundle(folder, known=lambda table, ids: []).__enter__()


def test_many_rows_keep_order_and_lines(tmp_path: Path) -> None:
    """Large enough that DuckDB reads the file in several pieces at once."""
    start = datetime(2026, 9, 1, tzinfo=UTC)
    times = [(start + timedelta(minutes=5 * i)).strftime("%Y-%m-%dT%H:%M:%S+00:00") for i in range(200_001)]
    lines = [f"Q1,C1,{a},{b}" for a, b in pairwise(times)]
    text = "poll_id,camera_id,started_at,ended_at\n" + "\n".join(lines)
    rows = rows_of(write_bundle(tmp_path, {"footage": text}), "footage")
    assert len(rows) == 200_000
    assert rows[123_456]["started_at"] == datetime(2026, 9, 1) + timedelta(minutes=5 * 123_456)
    lines[123_456] = "Q1,C1,2026-10-01T25:00:00+00:00,"
    refusal = refused(write_bundle(tmp_path, {"footage": "poll_id,camera_id,started_at,ended_at\n" + "\n".join(lines)}))
    assert refusal.splitlines() == [
        "footage.csv line 123458, column ended_at: is empty, but every row needs "
        "a time; write ISO 8601, for example 2026-10-01T08:00:00+08:00",
        "footage.csv line 123458, column started_at: '2026-10-01T25:00:00+00:00' is not "
        "a time; write ISO 8601, for example 2026-10-01T08:00:00+08:00",
    ]
