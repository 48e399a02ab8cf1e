"""One suspected finding: clause, plain sentence, measured against required, and its evidence."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import address, evidence, frame, linked, listings, rulebook, subjects, verdict_tables
from dashboard.markup import Column, Content, Html, chip, el, facts, link, table
from dashboard.queries import Reader
from dashboard.rows import Finding, FindingPeriod
from dashboard.say import instant, quantity, t, word

ORDER = 0
ICON = ":material/flag:"
SHOWN_EVIDENCE = 200


def render() -> None:
    with frame.reading() as reader:
        _show(reader, address.get("finding") or "")


def _show(reader: Reader, finding_id: str) -> None:
    finding = next((f for f in reader.findings() if f.finding_id == finding_id), None)
    crumbs = [(t("page.findings"), address.to("findings"))]
    if finding is None:
        frame.heading("finding", crumbs)
        frame.notice(t("findings.gone", id=finding_id), "gone")
        return
    linked.show(el("nav", *(link(href, name) for name, href in crumbs), css="crumbs"), "crumbs")
    st.title(rulebook.title(finding.rule_id), anchor=False)
    linked.show(_card(finding), "card")
    linked.show(_facts(finding), "finding_facts")
    periods = reader.finding_periods(finding)
    _periods(finding, periods)
    _evidence(finding, periods)


def _card(finding: Finding) -> Html:
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


def _facts(finding: Finding) -> Html:
    agency = link(address.to("agencies", agency=finding.agency_id), finding.agency_name or finding.agency_id)
    pairs: list[tuple[str, Content]] = [
        (t("findings.id"), el("span", finding.finding_id, css="mono")),
        (t("overview.agency"), agency),
        (t("findings.subject"), subjects.inline(finding.subject_type, finding.subject_id, finding.place, finding.site)),
        (t("findings.period"), " · ".join(part for part in listings.period(finding) if part)),
        (t("findings.measured"), quantity(finding.measured, finding.unit)),
        (t("findings.required"), rulebook.required(finding)),
        (t("findings.clause"), finding.clause),
        (t("findings.rule"), link(address.to("rule", rule=finding.rule_id), finding.rule_id, css="mono")),
        (t("findings.changed"), instant(finding.changed_at)),
    ]
    return facts(pairs)


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
            link(verdict_tables.href(finding, row.period), chip(row.outcome, word("outcome", row.outcome))),
            quantity(row.measured, row.unit),
            rulebook.required(replace(finding, required=row.required)),
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
    pieces = [(row.period, piece) for row in periods for piece in evidence.read(row.evidence)]
    st.subheader(t("findings.evidence", count=len(pieces)), anchor=False, help=t("findings.evidence_help"))
    if not pieces:
        frame.notice(t("findings.no_evidence"), "no_evidence")
        return
    label = t("findings.evidence", count=len(pieces))
    linked.show(verdict_tables.evidence_table(finding, pieces[:SHOWN_EVIDENCE], label), "evidence")
    if len(pieces) > SHOWN_EVIDENCE:
        st.caption(t("findings.evidence_cut", shown=SHOWN_EVIDENCE, total=len(pieces)))
