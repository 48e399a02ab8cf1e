"""The monthly report: its tables on the screen, its files when asked for."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter, defaultdict

import streamlit as st

from dashboard import frame, linked, listings, report, rulebook, services, summaries
from dashboard.markup import Column, Content, el, joined, table
from dashboard.queries import Reader
from dashboard.rows import Judgement
from dashboard.say import t, word
from data.periods import Month

ORDER = 4
ICON = ":material/description:"


def render() -> None:
    with frame.reading() as reader:
        title, box = st.columns([5, 1], vertical_alignment="bottom")
        with title:
            frame.heading("monthly")
        with box:
            month = frame.month_of(reader)
        if month is None:
            return
        frame.judgement_line(reader, month)
        judgement = reader.judgement(month)
        if judgement is not None:
            _files(judgement)
        _by_agency(reader, month)


def _files(judgement: Judgement) -> None:
    """The dossier as of the judgement on the page, so that files and screen agree."""
    st.subheader(t("monthly.files"), anchor=False)
    key = f"dossier_{judgement.month}_{judgement.as_of}"
    if st.button(t("monthly.prepare"), icon=":material/folder_zip:", key="prepare"):
        with st.spinner(t("monthly.preparing")):
            month, store = Month.parse(judgement.month), services.current().store
            st.session_state[key] = report.build(store, rulebook.rules(), month, judgement.now_at, judgement.as_of)
    dossier: dict[str, bytes] | None = st.session_state.get(key)
    if dossier is None:
        st.caption(t("monthly.prepare_help"))
        return
    st.download_button(
        t("monthly.all_files"),
        _zipped(dossier),
        file_name=f"liuhen-{judgement.month}.zip",
        mime="application/zip",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        key="download_all",
    )
    _each_file(dossier)


def _each_file(dossier: dict[str, bytes]) -> None:
    for name, content in sorted(dossier.items()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                name, content, file_name=name, on_click="ignore", key=f"download_{name}", icon=":material/table:"
            )
            digest = hashlib.sha256(content).hexdigest()
            st.caption(t("monthly.file_facts", size=f"{len(content):,}", digest=digest[:16]))


def _zipped(dossier: dict[str, bytes]) -> bytes:
    """One archive with fixed file times, so that the same dossier is the same file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(dossier.items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def _by_agency(reader: Reader, month: str) -> None:
    """One line per agency, one column per rule: passed of judged, unknown beside it."""
    st.subheader(t("monthly.by_agency"), anchor=False, help=t("overview.rate_help"))
    cells: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for count in reader.agency_rule_counts(month):
        cells[count.row_id][count.rule_id][count.outcome] += count.verdict_count
    rule_ids = sorted({rule_id for rules in cells.values() for rule_id in rules})
    columns = [Column(t("overview.agency"), "wide"), *listings.rule_columns(rule_ids)]
    body = [
        [agency.name, *(_cell(cells[agency.agency_id][rule_id]) for rule_id in rule_ids)]
        for agency in reader.agencies()
    ]
    linked.show(table(columns, body, t("monthly.by_agency")), "by_agency")


def _cell(counts: Counter[str]) -> Content:
    if not counts:
        return el("span", "–", css="muted")
    if not counts["unknown"]:
        return summaries.rate(counts)
    note = el("span", f"{word('outcome', 'unknown')} {counts['unknown']}", css="mark o-unknown")
    return joined([summaries.rate(counts), el("div", note)])
