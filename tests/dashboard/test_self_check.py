"""The agency's mirror: the bureau's verdicts and fingerprint, true deadlines, and a page that needs nothing else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard import rulebook, selfcheck, texts
from dashboard.evidence import Evidence
from dashboard.selfcheck import machine, page, terms, text, wording
from dashboard.selfcheck.model import Finding, Period, SelfCheck
from dashboard.speech import Speech
from data.bundle import take_in
from data.periods import parse_instant, to_iso
from data.store import Store
from rules.catalogue import CATALOGUE_DIR, CHECKS_DIR, Rule
from rules.engine import judge
from tests.dashboard.small import MONTH, NOW, Rows, bundle, rows
from tests.dashboard.test_cli import refused, said

CHROMIUM = shutil.which("chromium")
EARLY = "2026-10-04T02:00:00+08:00"
"""The third day ended two hours ago, and a report was issued ten hours ago."""
LATER = "2026-10-20T08:00:00+08:00"
ISSUED = "2026-10-03T16:00:00+08:00"
MARKUP = "<script>alert(1)</script>\"'><img src=//evil onerror=alert(2)>&amp;${body}"
HOSTILE = f"{MARKUP}\u202e\x1b[2J"
ZH, EN = Speech("zh"), Speech("en")


def lab(name: str = "江西示例检测有限公司") -> Rows:
    """A lab with a rebar test whose session is older than its report, and a report still in its grace."""
    content = rows(name)
    report = {"agency_id": "007", "test_item": "REBAR_TENSILE", "project": "示例·艾溪湖一号地块项目"}
    content["reports"] = [
        report | {"report_no": "R1", "issued_at": "2026-10-02T15:00:00+08:00"},
        report | {"report_no": "R2", "issued_at": ISSUED},
    ]
    content["sessions"] = [
        {"session_id": "T1", "agency_id": "007", "kind": "test", "report_no": "R1", "test_item": "REBAR_TENSILE",
         "started_at": "2026-09-29T09:00:00+08:00", "ended_at": "2026-09-29T09:10:00+08:00"},
    ]  # fmt: skip
    return content


def checked(folder: Path, content: Rows, now: str = EARLY, rules: dict[str, Rule] | None = None) -> SelfCheck:
    chosen = rulebook.rules() if rules is None else rules
    now_at = parse_instant(now)
    with Store.in_memory() as store:
        warnings = take_in(store, bundle(folder, content), taken_in_at=None).warnings
        with store.cursor() as cursor:
            month = selfcheck.default_month(now_at)
            judgement = judge(cursor, chosen.values(), month, now_at=now_at)
            ahead = judge(cursor, selfcheck.without_grace(chosen), month, now_at=now_at)
            return selfcheck.build(cursor, judgement, ahead, chosen, warnings)


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> SelfCheck:
    return checked(tmp_path_factory.mktemp("early"), lab())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> SelfCheck:
    content = lab(HOSTILE)
    content["rooms"][0]["name"] = content["recorders"][0]["address"] = content["reports"][0]["project"] = HOSTILE
    content["reports"][0]["report_no"] = content["sessions"][0]["report_no"] = f"R1{MARKUP}"
    return checked(tmp_path_factory.mktemp("hostile"), content)


def one(findings: tuple[Finding, ...], rule_id: str) -> Finding:
    [found] = [finding for finding in findings if finding.rule.id == rule_id]
    return found


# the command


def test_the_fingerprint_is_the_one_that_judge_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = str(bundle(tmp_path / "given", lab()))
    judged = said(capsys, "judge", given, "--month", MONTH, "--now", NOW)
    code, out, err = said(capsys, "self-check", given, "--month", MONTH, "--now", NOW)
    [fingerprint] = re.findall(r"fingerprint ([0-9a-f]{64})", judged[1])
    assert (code, err) == (judged[0], "") == (1, "")
    assert fingerprint in out
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", given)
    html = tmp_path / "page.html"
    asked = ("--month", MONTH, "--now", NOW, "--json", "--lang", "en", "--html", str(html))
    told = json.loads(said(capsys, "self-check", archive, *asked)[1])
    assert told["fingerprint"] == fingerprint and fingerprint in html.read_text(encoding="utf-8")
    assert sum(told["counts"].values()) == told["verdicts"] and not told["compliant"]


def test_a_bundle_of_agencies_only_is_no_error_and_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = str(bundle(tmp_path / "given", {"agencies": rows()["agencies"]}))
    code, out, err = said(capsys, "self-check", given, "--now", NOW)
    assert (code, err) == (0, "")
    assert texts.lookup("zh", "selfcheck.nothing_judged") in out


def test_a_bundle_with_errors_is_refused_as_judge_refuses_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = rows()
    content["cameras"][0]["view"] = "sideways"
    content["rooms"][0]["kind"] = "attic"
    given = str(bundle(tmp_path / "given", content))
    judged = said(capsys, "judge", given, "--month", MONTH, "--now", NOW)
    assert said(capsys, "self-check", given, "--now", NOW) == judged
    assert judged[0] == 2 and judged[2].count("\n") == 2


def test_a_page_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = str(bundle(tmp_path / "given", {"agencies": rows()["agencies"]}))
    assert "cannot be written" in refused(capsys, "self-check", given, "--html", str(tmp_path / "no" / "page.html"))
    assert "--lang" in refused(capsys, "self-check", given, "--lang", "fr")


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2026-11-01T00:00:00+08:00", "2026-10"),  # nothing of November has ended
        ("2026-10-31T16:30:00Z", "2026-10"),  # which is half past midnight in Nanchang
        ("2026-11-01T23:59:59+08:00", "2026-10"),
        ("2026-11-02T00:00:00+08:00", "2026-11"),
        ("2027-01-01T08:00:00+08:00", "2026-12"),
    ],
)
def test_the_month_is_that_of_yesterday(now: str, month: str) -> None:
    assert str(selfcheck.default_month(parse_instant(now))) == month


# what it says


def test_findings_are_joined_and_the_worst_comes_first(early: SelfCheck) -> None:
    ranks = [("critical", "major", "minor", "advice").index(finding.severity) for finding in early.findings]
    assert ranks == sorted(ranks) and len(set(ranks)) > 1
    gap = one(early.findings, "far_24h")
    assert (gap.subject.id, gap.subject.site, gap.subject.place) == ("C1", "本部", "力学室")
    assert (gap.measured, gap.required, gap.first_period, gap.last_period) == ("7200", "60", "2026-10-02", "2026-10-02")
    assert [wording.interval(ZH, piece) for piece in gap.evidence] == ["2026-10-02 03:00:00 – 05:00:00"]
    assert "C1" in wording.sentence(ZH, gap) and "7200" in wording.sentence(EN, gap)
    assert sum(early.counts[outcome] for outcome in ("fail", "suspect")) == sum(len(f.periods) for f in early.findings)


def test_consecutive_days_are_one_finding(tmp_path: Path) -> None:
    content = rows()
    content["footage"] = [span for span in content["footage"] if span["camera_id"] != "C1"]
    gap = one(checked(tmp_path, content, LATER).findings, "far_24h")
    assert (len(gap.periods), gap.first_period, gap.last_period) == (3, "2026-10-01", "2026-10-03")
    [piece] = gap.evidence
    assert wording.interval(ZH, piece) == "2026-10-01 00:00:00 – 2026-10-04 00:00:00"
    assert (gap.first_until, gap.last_until) == (date(2027, 4, 1), date(2027, 4, 3))
    assert wording.period(ZH, gap) == "2026-10-01 至 2026-10-03 · 连续 3 期"


def test_footage_can_be_fetched_until_its_own_day_has_passed_the_term(early: SelfCheck) -> None:
    assert one(early.findings, "far_24h").first_until == date(2027, 4, 2)
    clip = one(early.findings, "key_clip_rebar")
    assert (clip.last_period, clip.first_until) == ("2026-10-02", date(2027, 3, 29)), "counted from the session"
    assert wording.until(ZH, clip, early) == "至 2027-03-29"
    last = replace(early, now_at=parse_instant("2027-03-29T23:59:59+08:00"))
    assert wording.until(EN, clip, last) == "until 2027-03-29"
    late = replace(early, now_at=parse_instant("2027-03-30T00:00:00+08:00"))
    assert wording.until(EN, clip, late).startswith("ended on 2027-03-29")
    assert all(f.first_until is None for f in early.findings if f.rule.mend != "footage")


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [("2026-08-31", 6, "2027-02-28"), ("2026-02-28", 6, "2026-08-28"), ("2026-10-02", 3, "2027-01-02")],
)
def test_the_term_is_the_catalogues_and_clamped_to_the_months_end(day: str, months: int, until: str) -> None:
    rules = dict(rulebook.rules())
    kept = rules["retention_6_months"]
    term = kept.parameters["months"].model_copy(update={"value": Decimal(months)})
    rules["retention_6_months"] = kept.model_copy(update={"parameters": kept.parameters | {"months": term}})
    period = Period(day, "fail", "", "", "", (Evidence("missing", parse_instant(f"{day}T01:00"), None, ""),))
    found = terms.kept_until(rules["far_24h"], [period], terms.months(rules))
    assert found == (date.fromisoformat(until), date.fromisoformat(until))


def test_what_is_in_its_grace_is_listed_exactly_when_that_runs_out(early: SelfCheck, tmp_path: Path) -> None:
    assert early.pending and all(finding.listed_from_at for finding in early.pending)
    clip = one(early.pending, "key_clip_rebar")
    assert clip.listed_from_at is not None
    assert (clip.subject.id, to_iso(clip.listed_from_at)) == ("R2", "2026-10-04T16:00:00+08:00")
    for deadline in {finding.listed_from_at for finding in early.pending if finding.listed_from_at}:
        due = {keyed(finding) for finding in early.pending if finding.listed_from_at == deadline}
        then = checked(tmp_path / "then", lab(), to_iso(deadline))
        assert due <= {keyed(finding) for finding in then.findings}
    just_before = checked(tmp_path / "just", lab(), "2026-10-04T15:59:59.999+08:00")
    assert keyed(clip) in {keyed(finding) for finding in just_before.pending}
    assert keyed(clip) not in {keyed(finding) for finding in just_before.findings}


def keyed(finding: Finding) -> tuple[str, ...]:
    return finding.rule.id, finding.subject.kind, finding.subject.id, finding.last_period


def test_a_day_in_its_grace_is_pending_until_the_grace_is_over(tmp_path: Path) -> None:
    content = rows()
    content["footage"] = [span for span in content["footage"] if span["poll_id"] != "C1-03"]
    gap = one(checked(tmp_path, content).pending, "far_24h")
    assert gap.listed_from_at is not None
    assert (gap.last_period, to_iso(gap.listed_from_at)) == ("2026-10-03", "2026-10-04T06:00:00+08:00")


def test_a_suspect_verdict_is_pending_from_the_instant_its_day_ends(tmp_path: Path) -> None:
    content = {name: lines for name, lines in rows().items() if name not in ("polls", "footage")}
    silent = one(checked(tmp_path, content, "2026-10-04T00:00:00+08:00").pending, "recorder_answers")
    assert silent.listed_from_at is not None
    assert (silent.outcome, to_iso(silent.listed_from_at)) == ("suspect", "2026-10-04T06:00:00+08:00")


def test_nothing_is_pending_when_every_grace_is_over(tmp_path: Path) -> None:
    assert checked(tmp_path, lab(), LATER).pending == ()


def test_what_was_not_asked_is_told_with_its_stretches_joined(tmp_path: Path) -> None:
    content = rows()
    content["polls"] = [poll for poll in content["polls"] if poll["poll_id"] not in ("C1-01", "C1-02")]
    content["footage"] = [s for s in content["footage"] if s["poll_id"] not in ("C1-01", "C1-02")]
    check = checked(tmp_path, content, LATER)
    [unseen] = [u for u in check.unseen if (u.rule.id, u.subject.id) == ("far_24h", "C1")]
    assert (unseen.reason, unseen.period_count) == ("not_asked", 2)
    assert [wording.interval(EN, piece) for piece in unseen.evidence] == ["2026-10-01 00:00:00 – 2026-10-03 00:00:00"]
    assert "polls.csv" in wording.visible_by(EN, unseen)
    assert sum(u.period_count for u in check.unseen) == check.counts["unknown"]


def test_every_reason_for_not_knowing_says_what_would_make_it_visible() -> None:
    said_of = {
        reason
        for path in [*CHECKS_DIR.glob("*.sql"), *CATALOGUE_DIR.glob("*.test.yaml")]
        for reason in re.findall(
            r"(?:'unknown' THEN '|outcome: unknown\b[^}\n]*reason: )(\w+)", path.read_text("utf-8")
        )
    }
    assert len(said_of) > 5
    missing = sorted(reason for reason in said_of if f"visible.{reason}" not in texts.table())
    assert not missing, f"texts.yaml, group visible: say what would make {missing} visible"


def test_every_kind_of_evidence_has_a_word() -> None:
    sql = "".join(path.read_text("utf-8") for path in CHECKS_DIR.parent.rglob("*.sql"))
    kinds = {kind for pair in re.findall(r"'kind': '(\w+)',|evidence_row\('(\w+)'", sql) for kind in pair if kind}
    missing = sorted(kind for kind in kinds if f"evidence.{kind}" not in texts.table())
    assert "missing" in kinds and not missing, f"texts.yaml, group evidence: no word for {missing}"


def test_a_broken_rule_is_told_and_is_not_compliant(tmp_path: Path) -> None:
    rules = dict(rulebook.rules())
    rules["far_24h"] = rules["far_24h"].model_copy(update={"check": "SELECT nothing"})
    check = checked(tmp_path, {"agencies": rows()["agencies"]}, LATER, rules)
    assert check.counts == {"error": 1}
    assert [rule.id for rule, _ in check.broken] == ["far_24h"] and not check.is_compliant
    assert "far_24h" in page.write(check, ZH) and any("far_24h" in line for line in text.head(check, EN))


# the page and the terminal


class Seen(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("speech", [ZH, EN], ids=["zh", "en"])
def test_nothing_in_the_bundle_becomes_markup_or_steers_a_terminal(hostile: SelfCheck, speech: Speech) -> None:
    markup = page.write(hostile, speech)
    seen = Seen(markup)
    assert not seen.tags & {"script", "img", "link", "iframe", "object", "base", "form", "svg"}
    assert not {name for name, _ in seen.attributes if name.startswith("on") or name in {"src", "style", "action"}}
    assert all(value.startswith("#") for name, value in seen.attributes if name == "href")
    assert "<script>alert(1)</script>" in seen.text and "${body}" in seen.text
    shown = [*text.head(hostile, speech)]
    for section in text.sections(hostile, speech):
        shown += [section.title, *section.header, *(cell for row in section.rows for cell in row), *section.notes]
    assert not re.search("[\u202e\x1b\n]", "".join(shown)) and not re.search("[\u202e\x1b]", markup)
    assert json.loads(json.dumps(machine.tell(hostile, speech)))["agencies"][0]["name"] == HOSTILE


def test_links_of_the_page_lead_somewhere(early: SelfCheck) -> None:
    seen = Seen(page.write(early, ZH))
    places = [value for name, value in seen.attributes if name == "id"]
    assert {value[1:] for name, value in seen.attributes if name == "href"} <= set(places)


def test_five_thousand_findings_stay_a_usable_page(early: SelfCheck) -> None:
    clip = one(early.findings, "key_clip_rebar")
    many = tuple(
        replace(clip, finding_id=f"{number:010x}", subject=replace(clip.subject, id=f"B{number}"))
        for number in range(5000)
    )
    check = replace(early, findings=(*many, *(f for f in early.findings if f is not clip)))
    markup = page.write(check, ZH)
    assert len(markup) < 400_000
    assert "5000 件" in markup and "共 5000 条" in markup
    seen = Seen(markup)
    places = {value for name, value in seen.attributes if name == "id"}
    assert {value[1:] for name, value in seen.attributes if name == "href"} <= places
    assert one(early.findings, "far_24h").subject.id in seen.text, "a rule with thousands hides no other"
    [today, *_] = text.sections(check, ZH)
    assert len(today.rows) == text.SHOWN_ROWS and f"共 {len(check.findings)} 条" in today.notes[-1]
    assert len(machine.tell(check, ZH)["findings"]) == len(check.findings)


@dataclass
class Opened:
    browser: Browser
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: Path, **options: Any) -> Page:
        shown = self.browser.new_page(**options)
        shown.on("request", lambda request: self.requests.append(request.url))
        shown.on("console", lambda message: self.complaints.append(message.text))
        shown.on("pageerror", lambda error: self.complaints.append(str(error)))
        shown.goto(path.as_uri())
        return shown


@pytest.fixture(scope="module")
def opened() -> Iterator[Opened]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        cut_off = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=cut_off)
        yield Opened(browser)
        browser.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("speech", [ZH, EN], ids=["zh", "en"])
def test_the_page_opens_from_a_file_with_the_world_cut_off(
    hostile: SelfCheck, opened: Opened, speech: Speech, width: int, scheme: Any, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_text(page.write(hostile, speech), encoding="utf-8")
    shown = opened.open(path, viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown.screenshot(path=tmp_path / "page.png", full_page=True)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out sideways"
    dark = shown.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    assert (set(opened.requests), opened.complaints) == ({path.as_uri()}, [])
    opened.requests.clear()
    shown.close()


def test_folded_parts_open_by_key_and_are_printed(tmp_path: Path, opened: Opened) -> None:
    content = rows()
    content["footage"] = [span for span in content["footage"] if span["camera_id"] != "C1"]
    path = tmp_path / "page.html"
    path.write_text(page.write(checked(tmp_path / "b", content, LATER), ZH), encoding="utf-8")
    shown = opened.open(path)
    folded = shown.locator("details").filter(has_text=texts.lookup("zh", "findings.periods", count=3)).first
    body, summary = folded.locator("table"), folded.locator("summary")
    assert not body.is_visible()
    shown.emulate_media(media="print")
    assert body.evaluate("table => table.checkVisibility({contentVisibilityAuto: true})")
    shown.emulate_media(media="screen")
    summary.focus()
    shown.keyboard.press("Enter")
    assert body.is_visible()
    opened.requests.clear()
    shown.close()
