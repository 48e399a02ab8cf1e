"""The month of the whole city: rules with their denominators, agencies worst first, and what is silent now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from dashboard import address, frame, linked, listings, outcomes, rulebook, silence, summaries
from dashboard.markup import Column, Content, link, table
from dashboard.queries import Reader
from dashboard.rows import AgencyCount, Finding, RuleCount
from dashboard.say import instant, t, word

ORDER = 1
ICON = ":material/monitoring:"
SHOWN_FINDINGS = 8


def render() -> None:
    with frame.reading() as reader:
        title, box = st.columns([5, 1], vertical_alignment="bottom")
        with title:
            frame.heading("overview")
        with box:
            month = frame.month_of(reader)
        if month is None:
            return
        frame.judgement_line(reader, month)
        findings = reader.findings(month)
        agencies = reader.agency_counts(month)
        rule_counts = reader.rule_counts(month)
        _headline(findings, rule_counts, agencies)
        st.subheader(t("overview.rules"), anchor=False, help=t("overview.rules_help"))
        linked.show(summaries.rules_table(rule_counts), "rules")
        st.subheader(t("overview.agencies"), anchor=False, help=t("overview.agencies_help"))
        found = Counter(finding.agency_id for finding in findings)
        linked.show(summaries.agencies_table(agencies, found), "agencies")
        _recent(findings)
        _silent(reader)


def _headline(findings: Sequence[Finding], rule_counts: Sequence[RuleCount], agencies: Sequence[AgencyCount]) -> None:
    counts: Counter[str] = Counter()
    for count in rule_counts:
        counts[count.outcome] += count.verdict_count
    grave = sum(rulebook.severity(finding) in {"critical", "major"} for finding in findings)
    of_all = t("overview.of_verdicts", total=f"{counts.total():,}")
    shown = ["fail", "suspect", *(["error"] if counts["error"] else []), "unknown", "maturing", "pass"]
    every = f"{len(findings):,}"
    frame.tiles(
        [
            ("fail" if findings else "", t("overview.findings"), every, t("overview.grave", count=grave)),
            *((outcome, word("outcome", outcome), f"{counts[outcome]:,}", of_all) for outcome in shown),
            _known_tile(agencies),
        ],
        "headline",
    )


def _known_tile(agencies: Sequence[AgencyCount]) -> tuple[str, str, str, str]:
    days = sum(count.camera_days for count in agencies)
    known = days - sum(count.camera_days for count in agencies if count.outcome == "unknown")
    share = outcomes.percent(known, days) if days else t("common.none")
    return ("", t("overview.known_share"), share, t("overview.camera_days", known=f"{known:,}", days=f"{days:,}"))


def _recent(findings: Sequence[Finding]) -> None:
    st.subheader(t("overview.recent"), anchor=False)
    if not findings:
        frame.notice(t("findings.none"), "no_findings")
        return
    linked.show(listings.findings_table(findings[:SHOWN_FINDINGS]), "recent")
    if len(findings) > SHOWN_FINDINGS:
        more = link(address.to("findings"), t("overview.all_findings", count=len(findings)))
        linked.show(more, "all_findings")


def _silent(reader: Reader) -> None:
    st.subheader(t("overview.silent"), anchor=False, help=t("overview.silent_help"))
    silent = [source for source in reader.sources() if silence.is_silent(source, reader.now_at)]
    if not silent:
        frame.notice(t("overview.none_silent"), "none_silent")
        return
    columns = [
        Column(t("sources.source")),
        Column(t("overview.agency"), "wide"),
        Column(t("sources.answered_at")),
        Column(t("sources.outcome")),
        Column(t("sources.reason"), "wide"),
    ]
    body: list[list[Content]] = [
        [
            link(address.to("sources", source=source.source_id), source.source_id),
            source.agency_name,
            instant(source.answered_at) if source.answered_at else t("sources.never"),
            silence.outcome_chip(source),
            source.reason,
        ]
        for source in silent
    ]
    linked.show(table(columns, body, t("overview.silent")), "silent")
