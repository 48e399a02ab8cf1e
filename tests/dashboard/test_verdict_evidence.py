"""What a verdict rests on, as rows: every kind of evidence, every subject, the viewer's scope, and exemptions."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dashboard import evidence, proofs, record_tables, rulebook, texts
from dashboard.queries import Reader
from dashboard.record_rows import ImageRow, PollRow
from dashboard.records import Records
from dashboard.rows import WHOLE_CITY, Scope
from data.bundle.format import TABLES
from data.periods import LOCAL_OFFSET, Month
from data.store import Store
from rules import catalogue
from rules.cases import load_cases
from rules.catalogue.model import Subject
from tests.dashboard import city
from tests.dashboard.test_pages import markup, opened

OCTOBER = Month.parse("2026-10")
RULES = Path(rulebook.__file__).parents[1] / "rules"
SILENT_CAMERA = "NC-A-002-P1-R05-C1"
PILE_REPORT = ("pile_stage_clips", "report", "ML2610-ZH-0007", "2026-10-19")
EVIDENCE_KIND = re.compile(r"'kind':\s*(.*?),\s*'from_at'|evidence_row\((.*?), (?:lost\.)?day", re.DOTALL)
ADDED = re.compile(r"(?:'(\w+_)' \|\| )?('?[\w.]+'?)(?: \|\| '(_\w+)')?")
"""A word or a column, perhaps with something put before or behind it."""
DYNAMIC = {
    "p.outcome": "ok unreachable refused malformed",  # polls that are no answer; `ok` is one that was incomplete
    "outcome": "no_media unreachable refused",  # live probes that showed nothing
    "plan.mode": "event off",
    "role": "core core_dimension",
    "word": "core core_dimension",
}
"""Names whose value is a word of a bundle; a test of this module holds them against the bundle's format."""


@pytest.fixture
def records(reader: Reader) -> Records:
    return Records(reader)


def local(*moment: int) -> datetime:
    return datetime(*moment) - LOCAL_OFFSET  # type: ignore[arg-type]


def kinds_in(path: Path) -> set[str]:
    """Every value that a `kind` of this SQL can have: its literals, or those of the column it names."""
    sql = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    found: set[str] = set()
    for expression in (one or two for one, two in EVIDENCE_KIND.findall(sql)):
        results = re.findall(r"(?:THEN|ELSE) (\S+)", expression) or [expression]
        for result in results:
            before, name, after = ADDED.fullmatch(result).groups("")  # type: ignore[union-attr]
            if name.startswith("'"):
                found.add(name.strip("'"))
                continue
            words = DYNAMIC[name].split() if name in DYNAMIC else written(sql, name)
            assert words, f"{path.name}: no value of {name} found"
            found |= {f"{before}{word}{after}" for word in words}
    return found


def written(sql: str, name: str) -> list[str]:
    """The literals that become the column `name`."""
    cases = re.findall(rf"CASE ((?:(?!CASE).)*?) END AS {name}\b", sql, re.DOTALL)
    found = re.findall(rf"'(\w+)' AS {name}\b", sql)
    if found:  # a further branch of the union gives its word in the same place
        found += re.findall(r"UNION ALL\s+SELECT [\w.]+, '(\w+)',", sql)
    return found + re.findall(r"THEN '(\w+)'", " ".join(cases))


def all_kinds() -> set[str]:
    files = [path for path in RULES.rglob("*.sql") if path.name != "macros.sql"]
    return {kind for path in files for kind in kinds_in(path)} - {"kind"}


def test_every_kind_of_evidence_has_a_word_and_rests_on_something() -> None:
    kinds = all_kinds()
    assert {"missing", "plan_off", "core_missing", "term_too_short", "review", "refused"} <= kinds
    worded = {key.removeprefix("evidence.") for key in texts.table() if key.startswith("evidence.")}
    assert kinds - worded == set(), "texts.yaml, group evidence: say what these kinds are"
    assert kinds - evidence.RESTS_ON.keys() == set(), "evidence.RESTS_ON: decide what these kinds rest on"
    assert (evidence.RESTS_ON.keys() | worded) - kinds == set(), "no check gives these kinds"


@pytest.mark.parametrize("kind", sorted(evidence.RESTS_ON))
def test_what_a_piece_rests_on_is_decided_for_its_kind(records: Records, kind: str) -> None:
    """Also when nothing of it is on record: then there is nothing to show, never an error."""
    verdict = records.verdict(*PILE_REPORT)
    assert verdict is not None
    piece = evidence.Evidence(kind, city.NOW, city.NOW, "nothing 1")
    assert proofs.of_piece(records, verdict, piece)
    assert f"rests_on.{piece.rests_on('camera')}" in texts.table()


def test_every_rule_subject_unit_and_reason_has_a_text() -> None:
    rules = catalogue.load()
    for rule in rules.values():
        keys = [f"rule_short.{rule.id}", *(f"subject_type.{subject}" for subject in rule.subject)]
        keys += [f"unit.{rule.unit}"] if rule.unit not in {"", "share"} else []
        assert not [key for key in keys if key not in texts.table()], rule.id
    shorts = [texts.table()[f"rule_short.{rule_id}"] for rule_id in rules]
    assert all(len({text[language] for text in shorts}) == len(rules) for language in texts.LANGUAGES)


def test_every_subject_type_has_a_row_in_the_viewers_subjects() -> None:
    sql = (Path(rulebook.__file__).parent / "queries.sql").read_text("utf-8")
    view = sql.split("TEMP VIEW viewer_subjects AS")[1].split(";")[0]
    assert set(Subject.__args__) == set(re.findall(r"SELECT '(\w+)'", view))


def test_words_of_records_are_those_of_the_bundle() -> None:
    fields = {("key_images", "role"), ("image_reviews", "role"), ("key_images", "media"), ("load_stages", "direction"),
              ("recording_plans", "mode"), ("sessions", "kind")}  # fmt: skip
    for table, field in fields:
        column = next(column for column in TABLES[table].columns if column.name == field)
        accepted = re.findall(r"`(\w+)`", column.kind.word)
        assert accepted and not [w for w in accepted if f"{record_tables.WORDS[field]}.{w}" not in texts.table()]


def test_at_most_and_at_least_are_those_of_the_cases() -> None:
    """Where a rule was broken above its figure the figure is a most, where it was broken below it is a least."""
    told: set[str] = set()
    for rule_id, rule in catalogue.load().items():
        for row in (row for case in load_cases(rule_id).cases for row in case.expect if row["outcome"] == "fail"):
            if row.get("measured") not in {None, ""} and row.get("required") not in {None, ""}:
                over = float(row["measured"]) - float(row["required"])
                assert over == 0 or (over > 0) == (rule.bound == "at_most"), rule_id
                told.add(rule_id)
    assert len(told) > 10


def test_an_unasked_day_shows_the_poll_that_failed(records: Records) -> None:
    verdict = records.verdict("far_24h", "camera", SILENT_CAMERA, "2026-10-25")
    assert verdict is not None and verdict.outcome == "unknown"
    [piece] = evidence.read(verdict.evidence)
    assert (piece.kind, piece.from_at, piece.to_at) == ("not_asked", local(2026, 10, 25), local(2026, 10, 26))
    [proof] = proofs.of_piece(records, verdict, piece)
    [poll] = proof.rows
    assert isinstance(poll, PollRow)
    assert (poll.poll_id, poll.outcome, poll.complete) == (f"{SILENT_CAMERA}@1026", "unreachable", False)


def test_a_hole_shows_the_answers_that_denied_it(records: Records) -> None:
    verdict = records.verdict("far_24h", "camera", city.NIGHT_GAP_CAMERA, "2026-10-07")
    assert verdict is not None
    [piece] = evidence.read(verdict.evidence)
    [proof] = proofs.of_piece(records, verdict, piece)
    assert [(poll.outcome, poll.complete) for poll in proof.rows] == [("ok", True)]


def test_a_stage_shows_its_session_and_images(records: Records) -> None:
    verdict = records.verdict(*PILE_REPORT)
    assert verdict is not None
    pieces = evidence.read(verdict.evidence)
    assert [piece.ref for piece in pieces] == ["S-PILE-7 4", "S-PILE-7 9"]
    found = {proof.title: proof.rows for proof in proofs.of_piece(records, verdict, pieces[0])}
    assert [session.session_id for session in found["sessions"]] == ["S-PILE-7"] and len(found["stages"]) == 10
    assert {image.stage_no for image in found["images"] if isinstance(image, ImageRow)} == {1, 2, 3, 5, 6, 7, 8, 10}


def test_a_piece_has_an_address_and_one_that_is_gone_says_so(store: Store) -> None:
    key = dict(zip(("rule", "type", "subject", "period"), PILE_REPORT, strict=True))
    piece = {"kind": "stage_without_clip", "from": "2026-10-14T14:00:00+08:00", "ref": "S-PILE-7 4"}
    shown = markup(opened("verdict", **key))
    assert "from=2026-10-14T14%3A00%3A00%2B08%3A00" in shown and "ref=S-PILE-7+4" in shown
    assert "K-10" in markup(opened("verdict", **key, **piece))
    assert "已不在这条判定之中" in markup(opened("verdict", **key, **(piece | {"ref": "S-PILE-7 5"})))
    assert "当前不存在" in markup(opened("verdict", **(key | {"subject": "nobody"})))


def test_unknown_is_told_with_what_was_tried_and_never_as_a_breach(store: Store) -> None:
    shown = markup(opened("verdict", rule="far_24h", type="camera", subject=SILENT_CAMERA, period="2026-10-25"))
    assert f"{SILENT_CAMERA}@1026" in shown and "无法连接" in shown and "chip o-unknown" in shown
    assert "已确认缺失录像" not in shown and "o-fail" not in shown


def test_the_list_leads_to_unknown_verdicts(store: Store) -> None:
    shown = markup(opened("verdicts", camera=SILENT_CAMERA, outcome="unknown", rule="far_24h"))
    assert shown.count("<tr>") - 1 == 13
    matrix = markup(opened("camera", camera=SILENT_CAMERA, day="2026-10-25"))
    assert f"/verdicts?month=2026-10&amp;rule=far_24h&amp;camera={SILENT_CAMERA}" in matrix


@pytest.mark.parametrize("agency_id", [agency[0] for agency in city.AGENCIES])
def test_records_are_the_viewers_own(store: Store, agency_id: str) -> None:
    mine = Records(Reader(store, Scope(agency_id), city.NOW))
    shown = mine.verdicts("2026-10", skipped=0, shown=10_000)
    assert {verdict.agency_id for verdict in shown} == {agency_id}
    assert all(verdict.place is not None for verdict in shown), "each of its subjects has a row"
    other = next(agency[0] for agency in city.AGENCIES if agency[0] != agency_id)
    foreign = f"{other}-P1-R01-C1"
    whole = (datetime(2026, 1, 1), city.NOW)
    hidden = [
        mine.polls([foreign], *whole), mine.probes(foreign, *whole), mine.plans(foreign, *whole),
        mine.cameras([foreign]), mine.watching("camera", foreign), mine.poll(f"{foreign}@100200-0928"),
        mine.verdict("far_24h", "camera", foreign, "2026-10-05"),
    ]  # fmt: skip
    if agency_id != "NC-A-005":
        hidden += [
            mine.images(report_no="ML2610-ZH-0007"), mine.image_versions("K-1"), mine.stages("S-PILE-7"),
            mine.sessions(session_id="S-PILE-7"), mine.reports("ML2610-ZH-0007"), mine.reviews("ML2610-ZH-0007"),
        ]  # fmt: skip
    if agency_id != "NC-A-001":
        hidden.append(mine.exemptions(OCTOBER))
    assert not any(hidden)


def test_every_type_of_subject_is_named_and_opened(store: Store) -> None:
    """Verdicts about what the city of the tests has none of: a device, and an image that was handed in again."""
    facts = {
        "devices": {"device_id": "D-1", "room_id": "NC-A-001-P1-R02", "name": "万能试验机", "parallel_capacity": 1},
        "key_images": {"image_id": "K-1", "report_no": "ML2610-ZH-0007", "file": "b.mp4", "sha256": "b" * 64,
                       "role": "load_stage", "media": "clip", "started_at": local(2026, 10, 14)},
    }  # fmt: skip
    about = {"device": ("far_covers_devices", "D-1", "NC-A-001"), "image": ("key_image_changed", "K-1", "NC-A-005")}
    piece = '[{"kind": "handed_in_changed", "from_at": "2026-10-20 00:00:00", "to_at": null, "ref": "second"}]'
    with store.write() as cursor:
        for table, fields in facts.items():
            row = fields | {"known_from": local(2026, 10, 20), "submission_id": "second", "withdrawn": False}
            marks = ", ".join("?" * len(row))
            cursor.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        for subject_type, (rule_id, subject_id, agency_id) in about.items():
            cursor.execute(
                "INSERT INTO verdict_changes VALUES"
                " ('j', '2026-10', ?, ?, ?, ?, '2026-10', 'fail', '', '', '', '', '', ?, ?)",
                [rule_id, subject_type, subject_id, agency_id, piece, city.JUDGED_AT],
            )
    shown = markup(opened("findings"))
    assert "钢筋力学室 · 万能试验机" in shown and "/record?month=2026-10&amp;record=device&amp;id=D-1" in shown
    assert "ML2610-ZH-0007 · b.mp4" in shown and "record=image&amp;id=K-1" in shown and "record=session" in shown
    image = markup(opened("verdict", rule="key_image_changed", type="image", subject="K-1", period="2026-10"))
    assert "历次提交（2 次）" in image and "b.mp4" in image and "second" in image
    assert "万能试验机" in markup(opened("record", record="device", id="D-1"))
    assert "b.mp4" in markup(opened("record", record="image", id="K-1"))
    others = Records(Reader(store, Scope("NC-A-002"), city.NOW))
    assert not others.devices("D-1") and not others.image_versions("K-1")
    assert not others.verdict("key_image_changed", "image", "K-1", "2026-10")


def granted(store: Store, **fields: object) -> None:
    row = {
        "exemption_id": "EX-2", "scope_type": "camera", "scope_id": city.EXCUSED_CAMERA, "reason": "示例",
        "from_at": local(2026, 10, 20), "to_at": local(2026, 12, 1), "document_no": "示例2号", "approved_by": "李示例",
        "entered_at": local(2026, 10, 1), "known_from": local(2026, 10, 1), "submission_id": "x", "withdrawn": False,
    } | fields  # fmt: skip
    with store.write() as cursor:
        names = ", ".join(row)
        cursor.execute(f"INSERT INTO exemptions ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def test_exemptions_count_what_they_excused(store: Store) -> None:
    granted(store)
    granted(store, exemption_id="EX-3", from_at=local(2026, 10, 12, 17), to_at=local(2026, 12, 1))
    granted(store, exemption_id="EX-4", scope_type="agency", scope_id="NC-A-001", from_at=local(2026, 10, 12, 16, 59))
    granted(store, exemption_id="EX-5", scope_type="agency", scope_id="NC-A-002", from_at=local(2026, 10, 12))
    granted(store, exemption_id="EX-6", from_at=local(2026, 9, 1), to_at=local(2026, 10, 1))
    found = Records(Reader(store, WHOLE_CITY, city.NOW)).exemptions(OCTOBER)
    assert {x.exemption_id: (x.excused_count, x.state) for x in found} == {
        "EX-2026-031": (1, "expired"),
        "EX-2": (0, "unused"),
        "EX-3": (0, "unused"),  # begins at the very end of the hole, which is half-open
        "EX-4": (1, "in_force"),
        "EX-5": (0, "unused"),
    }
    before = Records(Reader(store, WHOLE_CITY, local(2026, 10, 15))).exemptions(OCTOBER)
    assert {x.exemption_id: x.state for x in before}["EX-2"] == "ahead"


def test_exemptions_are_said_in_words(store: Store) -> None:
    granted(store)
    shown = markup(opened("exemptions"))
    assert "2026-10-12 12:00:00" in shown and "2026-10-12 18:00:00" in shown
    assert "没有豁免任何判定：EX-2。" in shown and "已到期：EX-2026-031。" in shown


def test_what_was_learnt_after_the_judgement_is_marked(store: Store) -> None:
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO polls BY NAME SELECT * REPLACE ('late' AS poll_id, $at AS asked_at, $at AS known_from)"
            " FROM polls WHERE poll_id = $id",
            {"at": city.JUDGED_AT + timedelta(minutes=5), "id": f"{SILENT_CAMERA}@1026"},
        )
    shown = markup(opened("verdict", rule="far_24h", type="camera", subject=SILENT_CAMERA, period="2026-10-25"))
    assert shown.count("判定之后才得知") == 1
