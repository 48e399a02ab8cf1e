"""Every command's exit code, what it prints, and that ugly input gets one sentence and never a traceback."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dashboard.cli import main
from data.settings import SECRETS_NAME, STORE_NAME
from tests.dashboard.small import MONTH, NOW, bundle, late_answer, rows

ROOT = Path(__file__).parents[2]
JUDGE = ["--month", MONTH, "--now", NOW]
PASSWORD = "hunter2-geheim"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUHEN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def given(tmp_path: Path) -> str:
    return str(bundle(tmp_path / "given"))


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    try:
        code = main(argv)
    except SystemExit as left:  # argparse leaves so
        code = int(str(left.code))
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 2) -> str:
    """What a refusal says: exactly one line."""
    found, _, err = said(capsys, *argv)
    assert (found, err.count("\n"), "Traceback" in err) == (code, 1, False), err
    return err


def run(*argv: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboard.cli", *argv], cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        env={"PATH": os.environ["PATH"], "LIUHEN_HOME": str(home), "HOME": str(home)} | environment,
    )  # fmt: skip


# judging


def test_judging_a_bundle_stores_nothing_and_tells_that_something_fails(
    given: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "verdicts.csv"
    code, shown, err = said(capsys, "judge", given, *JUDGE, "--out", str(out), "--json")
    assert (code, err) == (1, "")
    assert not home.exists()
    told = json.loads(shown)
    assert told["rules"]["far_24h"] == {"pass": 4, "fail": 1, "unknown": 1}
    assert hashlib.sha256(out.read_bytes()).hexdigest() == told["fingerprint"]
    assert out.read_bytes().count(b"\n") == told["verdicts"] + 1
    assert not out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_nothing_failing_is_exit_code_0(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "judge", given, *JUDGE, "--rule", "early_deletion")[0] == 0


def test_store_and_bundle_give_the_same_fingerprint(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "import", given)[0] == 0
    later = ["--month", MONTH, "--now", "2099-01-01T00:00:00+08:00", "--json", "--rule", "far_24h"]
    stored, judged = said(capsys, "judge", *later), said(capsys, "judge", given, *later)
    assert stored == judged


def test_as_of_hides_what_was_learnt_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = str(tmp_path / "s.duckdb")
    now = ["--now", "2026-11-06T00:00:00+08:00"]
    folder = bundle(tmp_path / "all", rows() | {t: rows()[t] + late_answer()[t] for t in ("polls", "footage")})
    argv = ["judge", str(folder), "--month", MONTH, *now, "--rule", "far_24h", "--json"]
    assert json.loads(said(capsys, *argv)[1])["rules"]["far_24h"] == {"pass": 5, "fail": 1}
    before = json.loads(said(capsys, *argv, "--as-of", "2026-11-04T00:00:00+08:00")[1])
    assert before["rules"]["far_24h"] == {"pass": 4, "fail": 1, "unknown": 1}
    assert not Path(store).exists()


@pytest.mark.parametrize(
    "environment",
    [{"TZ": "America/New_York"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}],
    ids=["elsewhere", "C"],
)
def test_the_fingerprint_does_not_depend_on_the_machine(
    given: str, home: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    here = said(capsys, "judge", given, *JUDGE)[1]
    there = run("judge", given, *JUDGE, home=home, **environment)
    assert (there.returncode, there.stdout, there.stderr) == (1, here, "")


# importing


def test_a_bundle_twice_is_one(given: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "6 polls" in said(capsys, "import", given)[1]
    code, out, _ = said(capsys, "import", given)
    assert code == 0 and "nothing changed" in out
    assert json.loads(said(capsys, "import", given, "--json")[1])["new"] is False
    with duckdb.connect(str(home / STORE_NAME)) as store:
        assert store.execute("SELECT count(*) FROM polls").fetchall() == [(6,)]


def test_all_errors_of_a_broken_bundle_are_told_with_their_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = rows()
    broken["rooms"][0]["kind"] = "ballroom"
    broken["cameras"][1]["recorder_id"] = "N9"
    broken["polls"][2]["asked_at"] = "yesterday"
    for command in (["import"], ["judge", *JUDGE], ["report", *JUDGE, "--out", str(tmp_path / "out")]):
        code, out, err = said(capsys, command[0], str(bundle(tmp_path / "broken", broken)), *command[1:])
        assert (code, out) == (2, "")
        lines = err.splitlines()
        assert [line.split(": ")[0] for line in lines] == [
            "cameras.csv line 3, column recorder_id",
            "polls.csv line 4, column asked_at",
            "rooms.csv line 2, column kind",
        ]
    assert not (tmp_path / "out").exists()


# ugly arguments


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "COMMAND"),
        (["nonsense"], "nonsense"),
        (["judge", "GIVEN"], "--month"),
        (["judge", "GIVEN", "--month", "2026-13"], "YYYY-MM"),
        (["judge", "GIVEN", "--month", "9999-12"], "9998"),
        (["judge", "GIVEN", "--month", MONTH, "--now", "yesterday"], "ISO 8601"),
        (["judge", "GIVEN", "--month", MONTH, "--now", "0001-01-01"], "1900"),
        (["judge", "GIVEN", "--month", MONTH, "--as-of", "9999-12-31T23:00-12:00"], "9998"),
        (["judge", "GIVEN", *JUDGE, "--rule", "far_25h"], "far_24h"),
        (["judge", "GIVEN", *JUDGE, "--store", "s.duckdb"], "not both"),
        (["judge", *JUDGE], "import a bundle first"),
        (["judge", "nowhere", *JUDGE], "neither a folder nor a .zip"),
        (["judge", "GIVEN", *JUDGE, "--out", "TMP/no/such/file.csv"], "cannot be written"),
        (["judge", "GIVEN", *JUDGE, "--out", "TMP"], "cannot be written"),
        (["report", "GIVEN", *JUDGE], "--out"),
        (["report", "GIVEN", *JUDGE, "--out", "TEXT"], "cannot be written"),
        (["report", *JUDGE, "--out", "TMP/out"], "import a bundle first"),
        (["import", "nowhere"], "neither a folder nor a .zip"),
        (["import", "GIVEN", "--store", "TMP"], "is a folder"),
        (["import", "GIVEN", "--store", "TEXT"], "cannot be opened as a store"),
        (["import", "GIVEN", "--store", "TEXT/below.duckdb"], "cannot be made"),
        (["import", "GIVEN", "--store", "OTHER"], "of something else"),
        (["import", "GIVEN", "--store", "sqlite:x.db"], "not a store"),
        (["judge", "--store", "TEXT", *JUDGE], "cannot be opened as a store"),
        (["collect", "--once"], "import a bundle first"),
        (["serve"], "there is no store"),
        (["serve", "--port", "70000"], "65535"),
        (["demo", "--days", "0"], "number of days"),
        (["demo", "--dir", "TMP", "--days", "1", "--no-serve"], "not a demo"),
        (["rules", "show"], "needs the id"),
        (["rules", "show", "far_25h"], "far_24h"),
        (["rules", "sing"], "sing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_wrong_arguments_get_one_sentence(
    argv: list[str], told: str, given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_text("hello", encoding="utf-8")
    with duckdb.connect(str(tmp_path / "other")) as other:
        other.execute("CREATE TABLE polls (a INTEGER)")
    places = {"GIVEN": given, "TEXT": str(tmp_path / "text"), "OTHER": str(tmp_path / "other"), "TMP": str(tmp_path)}
    for name, place in places.items():
        argv = [word.replace(name, place, 1) if word.startswith(name) else word for word in argv]
    assert told in refused(capsys, *argv)
    with duckdb.connect(str(tmp_path / "other")) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("polls",)]


@pytest.mark.parametrize(
    "argv",
    [["judge", *JUDGE], ["import", "GIVEN"], ["collect", "--once"], ["report", *JUDGE, "--out", "r"], ["serve"]],
    ids=lambda argv: argv[0],
)
def test_a_store_that_another_process_holds(
    argv: list[str], given: str, held: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "open in another process" in refused(capsys, *[given if word == "GIVEN" else word for word in argv])
    assert not Path("r").exists()


@pytest.fixture
def held(given: str, home: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Path]:
    assert said(capsys, "import", given)[0] == 0
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(home / STORE_NAME)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    yield home / STORE_NAME
    holder.communicate(b"")


# collecting


def test_nobody_answering_is_exit_code_3(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "import", given)[0] == 0
    assert "no recorder X9" in refused(capsys, "collect", "--once", "--recorder", "X9")
    code, out, err = said(capsys, "collect", "--once", "--recorder", "N1", "--json")
    assert (code, json.loads(out)["answers"]) == (3, 0)
    assert "cannot be reached" in err and "Traceback" not in err


def test_a_recorder_of_an_unknown_protocol_is_exit_code_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strange = rows()
    strange["recorders"][0]["protocol"] = "telepathy"
    assert said(capsys, "import", str(bundle(tmp_path / "strange", strange)))[0] == 0
    code, _, err = said(capsys, "collect", "--once", "--recorder", "N1")
    assert code == 3 and "telepathy" in err and "isapi" in err


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [
        (f"n1: {{user: monitor, password: {PASSWORD}}}\n", 0o644, "chmod 600"),
        (f"n1: {{user: monitor, password: {PASSWORD}", 0o600, "mapping"),
        (f"n1: {{user: monitor, pasword: {PASSWORD}}}\n", 0o600, "mapping"),
        (f"- {PASSWORD}\n", 0o600, "mapping"),
        (f"\udcff{PASSWORD}", 0o600, "UTF-8"),
    ],
    ids=["world-readable", "cut off", "unknown field", "a list", "not text"],
)
def test_bad_secrets_are_refused_and_never_shown(
    content: str, mode: int, told: str, given: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "import", given)[0] == 0
    secrets = home / SECRETS_NAME
    secrets.write_text(content, encoding="utf-8", errors="surrogateescape")
    secrets.chmod(mode)
    refusal = refused(capsys, "collect", "--once", "--recorder", "N1")
    assert told in refusal and str(secrets) in refusal and PASSWORD not in refusal


# rules and pipes


def test_the_catalogue_can_be_listed_shown_tested_and_written(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(said(capsys, "rules", "list", "--json")[1])
    assert "far_24h" in [rule["id"] for rule in listed]
    code, table, _ = said(capsys, "rules", "list")
    assert code == 0 and table.count("\n") == len(listed) + 1
    code, page, _ = said(capsys, "rules", "show", "far_24h")
    assert code == 0 and "```sql" in page and "tolerance_s" in page
    code, told, _ = said(capsys, "rules", "test", "far_camera_per_room")
    passed, _, total, *_ = told.split()
    assert code == 0 and passed == total != "0"
    code, docs, _ = said(capsys, "rules", "docs")
    assert code == 0 and all(rule["id"] in docs for rule in listed)


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a shell")
def test_a_reader_that_leaves_early_is_no_trouble(home: Path) -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m dashboard.cli rules docs | head -1; "{sys.executable}" -m dashboard.cli rules list | :',
        shell=True, cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "LIUHEN_HOME": str(home), "HOME": str(home)},
    )  # fmt: skip
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)


def test_output_is_utf_8_whatever_the_locale(home: Path) -> None:
    done = run("rules", "list", home=home, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "标题" in done.stdout
