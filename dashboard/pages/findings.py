"""Suspected findings: a list with filters, and one finding with its clause, sentence, figures and evidence."""

from __future__ import annotations

import streamlit as st

from dashboard import frame, linked, listings, rulebook
from dashboard.queries import Reader
from dashboard.rows import Finding
from dashboard.say import t, word
from rules.catalogue import SEVERITIES

ORDER = 3
ICON = ":material/flag:"
PAGE_SIZE = 50
SHOWN_EVIDENCE = 200


def render() -> None:
    with frame.reading() as reader:
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
        rule = frame.choose("rule", t("overview.rule"), rule_ids, rulebook.short, everything=everything)
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
