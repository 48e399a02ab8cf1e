"""A bundle goes into the store whole or not at all, once, and is known from the right instant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from data import ledger
from data.bundle import BundleErrors, take_in
from data.bundle.format import TABLES
from data.store import Store
from tests.data.bundle_city import AT, CITY, LATER, write_bundle

INTAKE = datetime(2026, 10, 2)
ALWAYS = datetime(1970, 1, 1)


def one(store: Store, sql: str) -> object:
    row = store.cursor().execute(sql).fetchone()
    assert row is not None
    return row[0]


def contents(store: Store) -> dict[str, object]:
    tables = [*TABLES, "submissions", "footage_days"]
    return {name: one(store, f"SELECT count(*) FROM {name}") for name in tables if name != "footage"}


def test_every_row_is_stored_and_footage_reaches_the_ledger(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path / "city")
    with Store.in_memory() as store:
        receipt = take_in(store, folder, taken_in_at=INTAKE)
        assert receipt.is_new
        assert {n: c for n, c in contents(store).items() if n not in ("submissions", "footage_days")} == {
            name: count for name, count in receipt.row_counts.items() if name != "footage"
        }
        assert receipt.row_counts["footage"] == 2
        held, asked = store.cursor().execute("SELECT held, asked FROM footage_days WHERE poll_id = 'Q1'").fetchall()[0]
        assert asked == [{"s": 8 * 3_600_000, "e": 9 * 3_600_000}]
        assert held == [{"s": 8 * 3_600_000 + 1500, "e": 9 * 3_600_000}]
        submission = store.cursor().execute("SELECT * FROM submissions").fetchall()
        assert submission == [(receipt.submission_id, INTAKE, "city", sum(receipt.row_counts.values()))]
        assert one(store, "SELECT agency_id FROM agencies WHERE name = '示例检测'") == "0012"


@pytest.mark.parametrize(
    ("taken_in_at", "register", "asked", "planned"),
    [
        (None, ALWAYS, datetime(2026, 10, 1, 1), datetime(2026, 10, 1)),
        (INTAKE, INTAKE, INTAKE, INTAKE),
        (
            datetime(2026, 10, 1, 0, 30),
            datetime(2026, 10, 1, 0, 30),
            datetime(2026, 10, 1, 1),
            datetime(2026, 10, 1, 0, 30),
        ),
    ],
)
def test_since_when_a_fact_is_known(
    tmp_path: Path, taken_in_at: datetime | None, register: datetime, asked: datetime, planned: datetime
) -> None:
    with Store.in_memory() as store:
        take_in(store, write_bundle(tmp_path), taken_in_at=taken_in_at)
        for table in ("agencies", "cameras", "sessions", "reports", "key_images", "image_reviews", "load_stages"):
            assert store.cursor().execute(f"SELECT DISTINCT known_from, withdrawn FROM {table}").fetchall() == [
                (register, False)
            ]
        assert one(store, "SELECT max(known_from) FROM polls") == asked
        assert one(store, "SELECT max(known_from) FROM footage_days") == asked
        assert one(store, "SELECT max(known_from) FROM exemptions") == asked
        assert one(store, "SELECT max(known_from) FROM recording_plans") == planned
        assert one(store, "SELECT max(known_from) FROM live_probes") == planned


def test_the_same_bundle_again_changes_nothing(tmp_path: Path) -> None:
    folder = write_bundle(tmp_path)
    with Store.in_memory() as store:
        first = take_in(store, folder, taken_in_at=INTAKE)
        before = contents(store)
        again = take_in(store, folder, taken_in_at=datetime(2026, 11, 1))
        assert (again.submission_id, again.is_new) == (first.submission_id, False)
        assert contents(store) == before


def test_a_later_submission_may_refer_to_what_is_on_record(tmp_path: Path) -> None:
    plan = f"camera_id,observed_at,mode\nC1,{LATER},event\n"
    later = write_bundle(tmp_path / "b", {"agencies": CITY["agencies"], "recording_plans": plan}, base=False)
    with Store.in_memory() as store:
        with pytest.raises(BundleErrors, match="'C1' is not in cameras"):
            take_in(store, later, taken_in_at=INTAKE)
        take_in(store, write_bundle(tmp_path / "a"), taken_in_at=INTAKE)
        assert take_in(store, later, taken_in_at=datetime(2026, 10, 3)).is_new
        with store.write() as cursor:
            cursor.execute(
                "INSERT INTO cameras BY NAME SELECT 'C1' AS camera_id, true AS withdrawn, "
                "TIMESTAMP '2026-10-04' AS known_from"
            )
        other = write_bundle(tmp_path / "c", {"agencies": CITY["agencies"], "recording_plans": plan + "\n"}, base=False)
        with pytest.raises(BundleErrors, match="'C1' is not"):
            take_in(store, other, taken_in_at=datetime(2026, 10, 5))


def test_an_image_may_come_again_in_a_later_submission(tmp_path: Path) -> None:
    with Store.in_memory() as store:
        take_in(store, write_bundle(tmp_path / "a"), taken_in_at=INTAKE)
        again = {"key_images": CITY["key_images"].replace("AB" * 32, "cd" * 32)}
        take_in(store, write_bundle(tmp_path / "b", again), taken_in_at=datetime(2026, 10, 3))
        assert one(store, "SELECT count(DISTINCT sha256) FROM key_images WHERE image_id = 'I1'") == 2


def test_a_poll_on_record_is_ignored_when_equal_and_refused_when_not(tmp_path: Path) -> None:
    with Store.in_memory() as store:
        take_in(store, write_bundle(tmp_path / "a"), taken_in_at=INTAKE)
        before = contents(store)
        header, first, second = CITY["footage"].splitlines()
        extra = f"Q3,C1,{LATER},{AT},{LATER},ok,yes,\n"
        swapped = {"footage": "\n".join([header, second, first]), "polls": CITY["polls"] + extra}
        take_in(store, write_bundle(tmp_path / "b", swapped), taken_in_at=datetime(2026, 10, 3))
        assert contents(store)["polls"] == 3

        before = contents(store)
        lacking = {"footage": "\n".join([header, first])}
        with pytest.raises(BundleErrors) as caught:
            take_in(store, write_bundle(tmp_path / "c", lacking), taken_in_at=datetime(2026, 10, 4))
        assert [(e.file, e.line, e.column) for e in caught.value.errors] == [("polls.csv", 2, "poll_id")]
        assert "'Q1' is on record with another content" in caught.value.errors[0].message
        assert contents(store) == before


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from data import ledger
from data.bundle import take_in
from data.store import Store
ledger.append_staged = lambda cursor: os.kill(os.getpid(), signal.SIGKILL)
take_in(Store.open(sys.argv[1]), Path(sys.argv[2]), taken_in_at=datetime(2026, 10, 2))
"""


def test_a_kill_in_the_middle_loses_nothing_and_stores_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "store.duckdb")
    first = write_bundle(tmp_path / "a", {"agencies": CITY["agencies"]}, base=False)
    with Store.open(path) as store:
        take_in(store, first, taken_in_at=INTAKE)
        before = contents(store)
    folder = write_bundle(tmp_path / "city")
    command = [sys.executable, "-c", KILLED, path, str(folder)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    killed = subprocess.run(command, cwd=Path(__file__).parents[2], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    with Store.open(path) as store:
        assert contents(store) == before
        assert take_in(store, folder, taken_in_at=INTAKE).is_new


def test_a_failure_in_the_middle_stores_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(cursor: object) -> int:
        raise KeyboardInterrupt

    folder = write_bundle(tmp_path / "city")
    path = str(tmp_path / "store.duckdb")
    with Store.open(path) as store:
        monkeypatch.setattr(ledger, "append_staged", fail)
        with pytest.raises(KeyboardInterrupt):
            take_in(store, folder, taken_in_at=INTAKE)
    monkeypatch.undo()
    with Store.open(path) as store:
        assert set(contents(store).values()) == {0}
        assert take_in(store, folder, taken_in_at=INTAKE).is_new
    with Store.open(path) as store:
        assert one(store, "SELECT count(*) FROM footage_days") == 1
