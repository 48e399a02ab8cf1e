"""liuhen rules preview and sweep: figures counted by hand, files, refusals, and a store that stays as it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dashboard.cli import main
from rules.laboratory import listed
from tests.dashboard.small import MONTH, NOW, bundle

AT = ["--month", MONTH, "--now", NOW]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIUHEN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def given(tmp_path: Path) -> str:
    return str(bundle(tmp_path / "given"))


def said(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    try:
        code = main(["rules", *argv])
    except SystemExit as left:  # argparse leaves so
        code = int(str(left.code))
    out, err = capsys.readouterr()
    return code, out, err


def test_a_preview_tells_what_changes_and_stores_nothing(
    given: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "changes.csv"
    code, shown, err = said(
        capsys, "preview", "far_24h", "--set", "tolerance_s=7200", given, *AT, "--json", "--out", str(out)
    )
    assert (code, err, home.exists()) == (0, "", False)
    told = json.loads(shown)
    assert told["tried"] == {"tolerance_s": {"before": "60", "after": "7200"}}
    assert told["affected"] == ["far_gap_budget"]
    assert {"rule_id": "far_24h", "before": "fail", "after": "pass", "verdicts": 1} in told["transitions"]
    assert {"rule_id": "far_gap_budget", "before": None, "after": "suspect", "verdicts": 1} in told["transitions"]
    with out.open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == told["changes"]
    assert len(told["changes"]) == 7


def test_a_preview_is_a_table_for_a_person(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown, _ = said(capsys, "preview", "far_24h", given, *AT, "--set", "tolerance_s=7200")
    assert code == 0 and "fail → pass" in shown and "60 → 7200" in shown and "(none) → suspect" in shown
    assert "2 verdicts change their outcome, 5 more only their figures; nothing was stored" in shown
    assert "follow this value: far_gap_budget" in shown
    code, shown, _ = said(capsys, "preview", "far_24h", given, *AT, "--status", "retired")
    assert "status active → retired" in shown and "6 verdicts change their outcome" in shown


def test_a_store_file_stays_as_it_was(
    given: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "own.duckdb"
    assert main(["import", given, "--store", str(store)]) == 0
    before = store.read_bytes()
    for words in (["preview", "far_24h", "--set", "tolerance_s=0"], ["sweep", "far_24h", "--over", "tolerance_s=0,9"]):
        code, _, err = said(capsys, *words, "--store", str(store), *AT)
        assert (code, err) == (0, "")
    assert store.read_bytes() == before
    assert not home.exists()


def test_a_sweep_counts_every_value_and_draws_it(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chart = tmp_path / "sweep.svg"
    words = ["sweep", "far_24h", given, *AT, "--over", "tolerance_s=0,60,7200", "--chart", str(chart)]
    code, shown, err = said(capsys, *words, "--json")
    assert (code, err) == (0, "")
    told = json.loads(shown)
    assert (told["parameter"], told["unit"], told["as_it_is"]) == ("tolerance_s", "s", "60")
    assert told["affected"] == ["far_gap_budget"]
    failing = {"pass": 4, "fail": 1, "unknown": 1}
    assert [point["counts"] for point in told["points"]] == [failing, failing, {"pass": 5, "unknown": 1}]
    _, table, _ = said(capsys, *words)
    assert table.splitlines()[2].split() == ["60", "*", "4", "1", "·", "1", "·", "·", "·", "·"]
    _looks_right(chart)


def _looks_right(chart: Path) -> None:
    """Bars are as long as their counts, words are in both languages, and nothing is fetched."""
    text = chart.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert "href" not in text and "url(#hatch)" in text
    words = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert "疑似不符 Suspected breach" in words and "60" in words and "7200" in words
    heights: dict[str, list[float]] = {}
    for bar in root.iter(f"{SVG}rect"):
        tip = bar.find(f"{SVG}title")
        if tip is not None:
            outcome, _, count = str(tip.text).rpartition(": ")
            heights.setdefault(outcome, []).append(round(float(bar.get("height", "0")) / int(count), 1))
    assert len(heights["符合 Pass"]) == 3, "passing verdicts are in one panel only"
    assert len(set(heights["符合 Pass"])) == 1
    assert len(heights["未知 Unknown"]) == 6 and len(set(heights["未知 Unknown"])) == 2, "each panel has its own scale"


def test_a_chart_of_words_escapes_them(given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chart = tmp_path / "words.svg"
    over = "methods=kentledge,<b>anchor & others</b>,kentledge self_balanced"
    code, _, err = said(capsys, "sweep", "pile_stage_clips", given, *AT, "--over", over, "--chart", str(chart))
    assert (code, err) == (0, "")
    words = [element.text or "" for element in ET.fromstring(chart.read_text(encoding="utf-8")).iter(f"{SVG}text")]
    assert "<b>anchor & others</b>" in words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,30, 60", ["0", "30", "60"]),
        ("0:120:40", ["0", "40", "80", "120"]),
        ("0.90:1:0.05", ["0.90", "0.95", "1.00"]),
        ("5,5", ["5"]),
        ("kentledge self_balanced,any", ["kentledge self_balanced", "any"]),
        ("0:10:4", ["0", "4", "8"]),
    ],
)
def test_values_are_listed_or_stepped(text: str, values: list[str]) -> None:
    assert listed(text) == values


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["preview", "far_25h", "GIVEN", *AT, "--set", "tolerance_s=1"], "no rule far_25h; known:"),
        (["preview", "far_24h", "GIVEN", *AT, "--set", "tolerance=1"], "accepted: join_tolerance_s, tolerance_s"),
        (["preview", "far_24h", "GIVEN", *AT, "--set", "tolerance_s"], "is not NAME=VALUE"),
        (["preview", "far_24h", "GIVEN", *AT, "--set", "tolerance_s=soon"], "a number of s, zero or more"),
        (["preview", "far_24h", "GIVEN", *AT, "--set", "tolerance_s=1", "--set", "tolerance_s=2"], "set twice"),
        (["preview", "far_24h", "GIVEN", *AT], "as it is"),
        (["preview", "far_24h", "GIVEN", *AT, "--set", "tolerance_s=60"], "as it is"),
        (["preview", "far_24h", "GIVEN", *AT, "--status", "alive"], "draft"),
        (["preview", "far_24h", "GIVEN", "MORE", *AT, "--set", "tolerance_s=1"], "MORE"),
        (["preview", "far_24h", "GIVEN", "--set", "tolerance_s=1"], "--month"),
        (["preview", "far_24h", "GIVEN", "--store", "x", *AT, "--set", "tolerance_s=1"], "not both"),
        (["preview", "far_24h", *AT, "--set", "tolerance_s=1"], "there is no store"),
        (["preview", "far_24h", "GIVEN", *AT, "--set", "tolerance_s=1", "--out", "no/such/x.csv"], "cannot be written"),
        (["sweep", "far_24h", "GIVEN", *AT], "--over"),
        (["sweep", "far_24h", "GIVEN", *AT, "--over", "tolerance_s=0,,2"], "empty value"),
        (["sweep", "far_24h", "GIVEN", *AT, "--over", "tolerance_s=9:1:1"], "goes nowhere"),
        (["sweep", "far_24h", "GIVEN", *AT, "--over", "tolerance_s=0:9:0"], "goes nowhere"),
        (["sweep", "far_24h", "GIVEN", *AT, "--over", "tolerance_s=0:1:0.001"], "1001 values; at most 100"),
        (["sweep", "far_24h", "GIVEN", *AT, "--over", "tolerance_s=1..2:3:1"], "from:to:step"),
        (["sweep", "far_24h", "GIVEN", *AT, "--over", "tolerance_s=0,soon"], "'soon' is not accepted"),
        (["sweep", "far_gap_budget", "GIVEN", *AT, "--over", "tolerance_s=0,1"], "of far_24h"),
        (["preview", *AT], "ID"),
    ],
)
def test_wrong_words_get_one_sentence(
    words: list[str], told: str, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, *(given if word == "GIVEN" else word for word in words))
    assert (code, out, err.count("\n")) == (2, "", 1) and told in err


def test_pages_are_written_and_those_of_gone_rules_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "docs", "--pages", str(tmp_path))
    (tmp_path / "far_23h.md").write_text((tmp_path / "far_24h.md").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "notes.md").write_text("somebody's own", encoding="utf-8")
    code, page, _ = said(capsys, "docs", "--pages", str(tmp_path))
    assert code == 0 and page == said(capsys, "docs")[1]
    assert not (tmp_path / "far_23h.md").exists() and (tmp_path / "notes.md").exists()


def test_options_may_stand_before_the_action(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--json", "list") == said(capsys, "list", "--json")
    assert said(capsys, "--profile", "guangxi", "show", "pile_stage_clips")[1].count("status: retired") == 1
    assert "no profile atlantis" in said(capsys, "list", "--profile", "atlantis")[2]
