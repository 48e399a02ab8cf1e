"""The month of the whole city: rules with their denominators, agencies worst first, and what is silent now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import streamlit as st

from dashboard import address, frame, linked, listings, outcomes, rulebook, silence
from dashboard.markup import Column, Content, bar, el, joined, link, table
from dashboard.queries import Reader
from dashboard.rows import AgencyCount, Finding
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
        _headline(findings, agencies)
        _rules(reader, month)
        _agencies(agencies, findings)
        _recent(findings)
        _silent(reader)


def _headline(findings: Sequence[Finding], agencies: Sequence[AgencyCount]) -> None:
    counts = Counter({o: 0 for o in outcomes.WORST_FIRST})
    for count in agencies:
        if count.outcome:
            counts[count.outcome] += count.verdict_count
    total = counts.total()
    days = sum(count.camera_days for count in agencies)
    unknown_days = sum(count.camera_days for count in agencies if count.outcome == "unknown")
    grave = sum(rulebook.severity(finding) in {"critical", "major"} for finding in findings)
    of_all = t("overview.of_verdicts", total=f"{total:,}")
    known = outcomes.percent(days - unknown_days, days) if days else t("common.none")
    frame.tiles(
        [
            (
                "fail" if findings else "",
                t("overview.findings"),
                f"{len(findings):,}",
                t("overview.grave", count=grave),
            ),
            *(
                (o, word("outcome", o), f"{counts[o]:,}", of_all)
                for o in ("fail", "suspect", "unknown", "maturing", "pass")
            ),
            (
                "",
                t("overview.known_share"),
                known,
                t("overview.camera_days", known=f"{days - unknown_days:,}", days=f"{days:,}"),
            ),
        ],
        "headline",
    )


def _rules(reader: Reader, month: str) -> None:
    st.subheader(t("overview.rules"), anchor=False, help=t("overview.rules_help"))
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    for count in reader.rule_counts(month):
        by_rule[count.rule_id][count.outcome] += count.verdict_count
    words = listings.outcome_words()
    body = [_rule_line(rule_id, counts, words) for rule_id, counts in sorted(by_rule.items(), key=_worst_rule)]
    columns = [
        Column(t("overview.rule"), "wide"),
        Column(t("overview.rate"), "num", t("overview.rate_help")),
        Column(t("overview.unknown_share"), "num"),
        Column(t("overview.distribution"), "barcell"),
        *(Column(words[o], "num") for o in outcomes.WORST_FIRST if o != "error"),
    ]
    linked.show(table(columns, body, t("overview.rules")), "rules")


def _worst_rule(item: tuple[str, Counter[str]]) -> tuple[float, int, str]:
    rule_id, counts = item
    judged = outcomes.judged(counts)
    return (counts["pass"] / judged if judged else 1.0, -counts["unknown"], rule_id)


def _rule_line(rule_id: str, counts: Counter[str], words: dict[str, str]) -> list[Content]:
    total = counts.total()
    name = [
        link(address.to("findings", rule=rule_id), word("rule_short", rule_id)),
        el("div", rulebook.duty(rule_id), css="muted small"),
    ]
    broken = el("div", f"{words['error']} {counts['error']}", css="chip o-error") if counts["error"] else ""
    return [
        joined([*name, broken]),
        _rate(counts),
        outcomes.percent(counts["unknown"], total),
        bar(counts, words),
        *(_figure(counts[o], o) for o in outcomes.WORST_FIRST if o != "error"),
    ]


def _rate(counts: Counter[str]) -> Content:
    """Small denominators stay two counts; a percentage always has its denominator beside it."""
    judged = outcomes.judged(counts)
    if not judged:
        return el("span", t("common.none"), css="muted")
    fraction = f"{counts['pass']:,} / {judged:,}"
    if judged < outcomes.SMALL_DENOMINATOR:
        return el("b", fraction)
    return el("b", outcomes.percent(counts["pass"], judged)) + el("div", fraction, css="muted small")


def _figure(count: int, outcome: str) -> Content:
    if not count:
        return el("span", "0", css="muted")
    return el("span", f"{count:,}", css=f"mark o-{outcome}")


def _agencies(agencies: Sequence[AgencyCount], findings: Sequence[Finding]) -> None:
    st.subheader(t("overview.agencies"), anchor=False, help=t("overview.agencies_help"))
    words = listings.outcome_words()
    found = Counter(finding.agency_id for finding in findings)
    by_agency: dict[str, list[AgencyCount]] = defaultdict(list)
    for count in agencies:
        by_agency[count.agency_id].append(count)
    ranked = sorted(by_agency.values(), key=_worst_agency)
    columns = [
        Column(t("overview.agency"), "wide"),
        Column(t("overview.district")),
        Column(t("overview.findings"), "num"),
        *(Column(words[o], "num") for o in ("fail", "suspect", "unknown", "pass")),
        Column(t("overview.known_share"), "num", t("overview.known_share_help")),
        Column(t("overview.distribution"), "barcell"),
    ]
    body = [_agency_line(counts, found[counts[0].agency_id], words) for counts in ranked]
    linked.show(table(columns, body, t("overview.agencies")), "agencies")


def _by_outcome(counts: Sequence[AgencyCount]) -> Counter[str]:
    return Counter({count.outcome: count.verdict_count for count in counts if count.outcome})


def _worst_agency(counts: Sequence[AgencyCount]) -> tuple[int, int, int, str]:
    told = _by_outcome(counts)
    return (-told["fail"], -told["suspect"], -told["unknown"], counts[0].agency_id)


def _agency_line(counts: Sequence[AgencyCount], found: int, words: dict[str, str]) -> list[Content]:
    told = _by_outcome(counts)
    days = sum(count.camera_days for count in counts)
    unknown_days = sum(count.camera_days for count in counts if count.outcome == "unknown")
    agency = counts[0]
    known: Content = t("common.none")
    if days:
        fraction = el("span", f" {days - unknown_days}/{days}", css="muted small")
        known = joined([outcomes.percent(days - unknown_days, days), fraction])
    return [
        link(address.to("agencies", agency=agency.agency_id), agency.name),
        word("district", agency.district_code),
        link(address.to("findings", agency=agency.agency_id), str(found)) if found else "0",
        *(_figure(told[o], o) for o in ("fail", "suspect", "unknown", "pass")),
        known,
        bar(told, words),
    ]


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
