"""One verdict, also an unknown one: what it rests on as rows, and what could not be seen and why."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard import address, evidence, frame, linked, proofs, record_tables, rulebook, subjects, verdict_tables
from dashboard.evidence import Evidence
from dashboard.markup import Content, Html, chip, el, facts, link
from dashboard.proofs import Proof
from dashboard.queries import Reader
from dashboard.record_rows import Verdict
from dashboard.records import SHOWN, Records
from dashboard.say import instant, quantity, t, word

ORDER = 0
ICON = ":material/fact_check:"
SHOWN_EVIDENCE = 200


def render() -> None:
    with frame.reading() as reader:
        records = Records(reader)
        names = ("rule", "type", "subject", "period")
        verdict = records.verdict(*(address.get(name) or "" for name in names))
        if verdict is None:
            frame.heading("verdict", [(t("page.agencies"), address.to("agencies"))])
            frame.notice(t("verdict.not_given"), "not_given")
            return
        _head(verdict)
        pieces = evidence.read(verdict.evidence)
        _pieces(verdict, pieces)
        _rests_on(reader, records, verdict, pieces)


def _head(verdict: Verdict) -> None:
    agency = (verdict.agency_name or verdict.agency_id, address.to("agencies", agency=verdict.agency_id))
    every = address.to("verdicts", agency=verdict.agency_id, rule=verdict.rule_id, month=verdict.month)
    crumbs = ((t("page.agencies"), address.to("agencies")), agency, (t("page.verdicts"), every))
    linked.show(el("nav", *(link(href, name) for name, href in crumbs), css="crumbs"), "crumbs")
    st.title(rulebook.short(verdict.rule_id), anchor=False)
    linked.show(_card(verdict), "card")
    pairs: list[tuple[str, Content]] = [
        (t("findings.subject"), subjects.inline(verdict.subject_type, verdict.subject_id, verdict.place, verdict.site)),
        (t("findings.period"), verdict.period),
        (t("findings.measured"), quantity(verdict.measured, verdict.unit)),
        (t("findings.required"), rulebook.required(verdict)),
        (t("findings.clause"), verdict.clause),
        (t("findings.rule"), link(address.to("rule", rule=verdict.rule_id), verdict.rule_id, css="mono")),
        (t("findings.changed"), instant(verdict.known_from)),
    ]
    linked.show(facts(pairs), "verdict_facts")


def _card(verdict: Verdict) -> Html:
    """Only what is found is said in the rule's sentence: of an unknown verdict it would be an accusation."""
    found = verdict.outcome in {"fail", "suspect"}
    unseen = verdict.outcome == "unknown"
    lines = [
        el("p", chip(verdict.outcome, word("outcome", verdict.outcome))),
        el("p", rulebook.sentence(verdict), css="sentence") if found else None,
        el("p", rulebook.reason(verdict.rule_id, verdict.reason)) if verdict.reason else None,
        el("p", t("verdict.unknown_is_neither"), css="muted") if unseen else None,
        el("p", el("b", t("findings.duty")), " ", rulebook.duty(verdict.rule_id)),
        el("p", t("common.only_people_decide"), css="muted") if found else None,
    ]
    return el("div", *lines, css="card")


def _pieces(verdict: Verdict, pieces: list[Evidence]) -> None:
    label = t("findings.evidence", count=len(pieces))
    st.subheader(label, anchor=False, help=t("findings.evidence_help"))
    if not pieces:
        frame.notice(t("verdict.no_pieces"), "no_pieces")
        return
    lines = [(verdict.period, piece) for piece in pieces[:SHOWN_EVIDENCE]]
    linked.show(verdict_tables.evidence_table(verdict, lines, label), "evidence")
    if len(pieces) > SHOWN_EVIDENCE:
        st.caption(t("findings.evidence_cut", shown=SHOWN_EVIDENCE, total=len(pieces)))


def _rests_on(reader: Reader, records: Records, verdict: Verdict, pieces: list[Evidence]) -> None:
    """Of the piece that the address names, or the only one; without either what was tried, if nothing is known."""
    kind = address.get("kind")
    wanted = {"kind": kind, "from": address.get("from"), "ref": address.get("ref")}
    piece = next((piece for piece in pieces if piece.key == wanted), None)
    if kind and piece is None:
        frame.notice(t("verdict.piece_gone"), "piece_gone")
    if piece is None and len(pieces) == 1:
        piece = pieces[0]
    if piece is not None:
        st.subheader(t("verdict.piece", kind=word("evidence", piece.kind), at=instant(piece.from_at)), anchor="piece")
        shown = proofs.of_piece(records, verdict, piece)
    elif verdict.outcome == "unknown":
        st.subheader(t("verdict.tried"), anchor="tried", help=t("verdict.tried_help"))
        shown = proofs.tried(records, verdict, pieces)
    else:
        if pieces:
            st.caption(t("verdict.open_a_piece"))
        return
    judgement = reader.judgement(verdict.month)
    for number, proof in enumerate(shown):
        _proof(proof, number, judgement.as_of if judgement else None)


def _proof(proof: Proof, number: int, known_by: datetime | None) -> None:
    label = t(f"proof.{proof.title}", count=len(proof.rows))
    st.markdown(f"**{label}**")
    if not proof.rows:
        frame.notice(t("proof.nothing"), f"nothing_{number}")
        return
    linked.show(record_tables.table_of(proof.rows, label, known_by=known_by), f"proof_{number}")
    if len(proof.rows) == SHOWN:
        st.caption(t("proof.cut", shown=SHOWN))
