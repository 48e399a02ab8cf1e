"""Suspected findings: a list with filters, and one finding with its clause, sentence, figures and evidence."""

from __future__ import annotations

import streamlit as st

from dashboard import address, evidence, frame, linked, listings, rulebook
from dashboard.markup import Column, Content, chip, el, facts, joined, link, table
from dashboard.queries import Reader
from dashboard.rows import Finding, FindingPeriod
from dashboard.say import duration, instant, quantity, t, word
from rules.catalogue import SEVERITIES

ORDER = 3
ICON = ":material/flag:"
PAGE_SIZE = 50
SHOWN_EVIDENCE = 200


def render() -> None:
    with frame.reading() as reader:
        wanted = address.get("finding")
        if wanted:
            _detail(reader, wanted)
        else:
            _list(reader)


def _list(reader: Reader) -> None:
    frame.heading("findings")
    boxes = st.columns(5)
    with boxes[0]:
        month = frame.month_of(reader)
    if month is None:
        return
    every = reader.findings(month)
    names = {agency.agency_id: agency.name for agency in reader.agencies()}
    everything = t("common.all")
    with boxes[1]:
        agency = frame.choose("agency", t("overview.agency"), list(names), names.__getitem__, everything=everything)
    with boxes[2]:
        rule_ids = sorted({finding.rule_id for finding in every} | set(rulebook.rules()))
        rule = frame.choose(
            "rule", t("overview.rule"), rule_ids, lambda x: word("rule_short", x), everything=everything
        )
    with boxes[3]:
        severity = frame.choose(
            "severity", t("findings.severity"), SEVERITIES[::-1], lambda x: word("severity", x), everything=everything
        )
    with boxes[4]:
        outcome = frame.choose(
            "outcome", t("findings.outcome"), ("fail", "suspect"), lambda x: word("outcome", x), everything=everything
        )
    shown = [
        finding
        for finding in every
        if agency in (None, finding.agency_id)
        and rule in (None, finding.rule_id)
        and severity in (None, rulebook.severity(finding))
        and outcome in (None, finding.outcome)
    ]
    _paged(shown, len(every))


def _paged(shown: list[Finding], total: int) -> None:
    st.markdown(t("findings.count", shown=len(shown), total=total))
    if not shown:
        frame.notice(t("findings.none"), "no_findings")
        return
    slot = st.container()
    pages = -(-len(shown) // PAGE_SIZE)
    page = st.pagination(pages, key="findings_page") if pages > 1 else 1
    with slot:
        linked.show(listings.findings_table(shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]), "findings_table")


def _detail(reader: Reader, finding_id: str) -> None:
    finding = next((f for f in reader.findings() if f.finding_id == finding_id), None)
    crumbs = [(t("page.findings"), address.to("findings"))]
    if finding is None:
        frame.heading("findings", crumbs)
        frame.notice(t("findings.gone", id=finding_id), "gone")
        return
    linked.show(el("nav", *(link(href, name) for name, href in crumbs), css="crumbs"), "crumbs")
    st.title(rulebook.title(finding.rule_id), anchor=False)
    linked.show(_card(finding), "card")
    linked.show(_facts(finding), "finding_facts")
    periods = reader.finding_periods(finding)
    _periods(finding, periods)
    _evidence(finding, periods)


def _card(finding: Finding) -> Content:
    rule = rulebook.rules().get(finding.rule_id)
    remedy = str(getattr(rule.remedy, address.language())) if rule else ""
    lines = [
        el(
            "p",
            chip(finding.outcome, word("outcome", finding.outcome)),
            word("severity", rulebook.severity(finding)),
        ),
        el("p", rulebook.sentence(finding), css="sentence"),
        el("p", rulebook.reason(finding.rule_id, finding.reason)) if finding.reason else None,
        el("p", el("b", t("findings.duty")), " ", rulebook.duty(finding.rule_id)),
        el("p", el("b", t("findings.remedy")), " ", remedy),
        el("p", t("common.only_people_decide"), css="muted"),
    ]
    return el("div", *lines, css="card")


def _facts(finding: Finding) -> Content:
    where: list[Content] = [
        link(address.to("agencies", agency=finding.agency_id), finding.agency_name or finding.agency_id)
    ]
    pairs: list[tuple[str, Content]] = [
        (t("findings.id"), el("span", finding.finding_id, css="mono")),
        (t("overview.agency"), joined(where)),
        (t("findings.subject"), _subject_link(finding)),
        (t("findings.period"), " · ".join(part for part in listings.period(finding) if part)),
        (t("findings.measured"), quantity(finding.measured, finding.unit)),
        (t("findings.required"), quantity(finding.required, finding.unit)),
        (t("findings.clause"), finding.clause),
        (t("findings.rule"), el("span", finding.rule_id, css="mono")),
        (t("findings.changed"), instant(finding.changed_at)),
    ]
    return facts(pairs)


def _subject_link(finding: Finding) -> Content:
    name = " · ".join(part for part in (listings.place(finding), finding.subject_id) if part)
    if finding.camera_id:
        return link(address.to("camera", camera=finding.camera_id, day=_first_day(finding)), name)
    if finding.room_id:
        return link(address.to("agencies", room=finding.room_id), name)
    if finding.recorder_id:
        return link(address.to("sources", source=finding.recorder_id), name)
    return name


def _first_day(finding: Finding) -> str | None:
    return finding.first_period if len(finding.first_period) == 10 else None


def _periods(finding: Finding, periods: list[FindingPeriod]) -> None:
    st.subheader(t("findings.periods", count=len(periods)), anchor=False)
    columns = [
        Column(t("findings.period")),
        Column(t("findings.outcome")),
        Column(t("findings.measured"), "num"),
        Column(t("findings.required"), "num"),
        Column(t("findings.why"), "wide"),
        Column(t("findings.changed")),
    ]
    body: list[list[Content]] = [
        [
            _period_link(finding, row.period),
            chip(row.outcome, word("outcome", row.outcome)),
            quantity(row.measured, row.unit),
            quantity(row.required, row.unit),
            rulebook.reason(finding.rule_id, row.reason),
            instant(row.known_from),
        ]
        for row in periods
    ]
    linked.show(table(columns, body, t("findings.period")), "periods")


def _period_link(finding: Finding, period: str) -> Content:
    if finding.camera_id and len(period) == 10:
        return link(address.to("camera", camera=finding.camera_id, day=period), period)
    return period


def _evidence(finding: Finding, periods: list[FindingPeriod]) -> None:
    pieces = [piece for row in periods for piece in evidence.read(row.evidence)]
    st.subheader(t("findings.evidence", count=len(pieces)), anchor=False)
    if not pieces:
        frame.notice(t("findings.no_evidence"), "no_evidence")
        return
    columns = [
        Column(t("findings.kind")),
        Column(t("findings.from")),
        Column(t("findings.to")),
        Column(t("camera.length")),
        Column(t("findings.ref"), "wide"),
    ]
    body = [_evidence_line(finding, piece) for piece in pieces[:SHOWN_EVIDENCE]]
    linked.show(table(columns, body, t("findings.evidence", count=len(pieces))), "evidence")
    if len(pieces) > SHOWN_EVIDENCE:
        st.caption(t("findings.evidence_cut", shown=SHOWN_EVIDENCE, total=len(pieces)))


def _evidence_line(finding: Finding, piece: evidence.Evidence) -> list[Content]:
    kind: Content = word("evidence", piece.kind)
    if finding.camera_id and piece.day:
        kind = link(address.to("camera", camera=finding.camera_id, day=piece.day.isoformat()), kind)
    return [
        kind,
        instant(piece.from_at, seconds=True),
        instant(piece.to_at, seconds=True),
        duration(piece.length_ms) if piece.length_ms is not None else t("common.none"),
        piece.ref,
    ]
