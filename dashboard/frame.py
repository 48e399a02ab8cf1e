"""What every page has around its content: a reader for the visit, a heading, the month and the choice of filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from dashboard import address, linked, services
from dashboard.markup import Content, el, facts, joined, link
from dashboard.queries import Reader
from dashboard.rows import WHOLE_CITY
from dashboard.say import instant, t


@contextmanager
def reading() -> Iterator[Reader]:
    """The visitor's sight of the store at this moment."""
    current = services.current()
    reader = Reader(current.store, WHOLE_CITY, current.clock())
    try:
        yield reader
    finally:
        reader.close()


def heading(page: str, crumbs: Sequence[tuple[str, str]] = ()) -> None:
    """Title and one line of what the page is for; `crumbs` are (name, address) of the pages above."""
    if crumbs:
        linked.show(el("nav", *(link(href, name) for name, href in crumbs), css="crumbs"), f"{page}_crumbs")
    st.title(t(f"page.{page}"), anchor=False)
    st.caption(t(f"page.{page}_help"))


def titled(crumbs: Sequence[tuple[str, str]], name: str, identifier: str) -> None:
    """The heading of one agency, room or camera, with the pages above it."""
    linked.show(el("nav", *(link(href, crumb) for crumb, href in crumbs), css="crumbs"), "crumbs")
    st.title(name, anchor=False)
    if identifier != name:
        st.caption(identifier)


def month_box(reader: Reader) -> str | None:
    with st.container(width=200):
        return month_of(reader)


def month_of(reader: Reader) -> str | None:
    """The month the visitor looks at, chosen in a box; None, and a notice, when nothing was judged yet."""
    months = reader.months()
    if not months:
        notice(t("common.nothing_judged"), "nothing_judged")
        return None
    wanted = address.get("month")
    chosen = choose(
        "month", t("common.month"), months, everything=None, default=wanted if wanted in months else months[0]
    )
    if wanted and wanted not in months:
        notice(t("common.no_such_month", wanted=wanted, month=chosen or months[0]), "no_such_month")
    return chosen or months[0]


def choose(
    name: str,
    label: str,
    options: Sequence[str],
    show: Callable[[str], str] = str,
    *,
    everything: str | None,
    default: str | None = None,
) -> str | None:
    """A box whose choice is the parameter `name` of the address; `everything` words the choice of none."""
    key = f"choose_{name}"
    offered = [*([""] if everything is not None else []), *options]
    present = address.get(name) or default or ""
    st.session_state[key] = present if present in offered else offered[0]
    chosen = st.selectbox(
        label,
        offered,
        key=key,
        format_func=lambda option: show(option) if option else (everything or ""),
        on_change=lambda: address.put(name, st.session_state[key] or None),
    )
    return chosen or None


def judgement_line(reader: Reader, month: str) -> None:
    """When and from what the shown verdicts were made."""
    last = reader.judgement(month)
    if last is None:
        notice(t("common.month_not_judged", month=month), "not_judged")
        return
    pairs: list[tuple[str, Content]] = [
        (t("judgement.now_at"), instant(last.now_at)),
        (t("judgement.as_of"), instant(last.as_of)),
        (t("judgement.verdicts"), f"{last.verdict_count:,}"),
        (t("judgement.fingerprint"), _fingerprint(last.fingerprint)),
        (t("judgement.ruleset"), el("span", last.ruleset[:10], css="mono", title=last.ruleset)),
    ]
    linked.show(facts(pairs), "judgement")


def _fingerprint(fingerprint: str | None) -> Content:
    """It is that of all verdicts together, so a judgement of what changed has none."""
    if fingerprint is None:
        return t("judgement.no_fingerprint")
    return el("span", fingerprint[:16], css="mono", title=fingerprint)


def notice(sentence: str, key: str) -> None:
    """Says why there is nothing to show."""
    linked.show(el("div", sentence, css="empty"), f"notice_{key}")


def tiles(figures: Sequence[tuple[str, str, str, str]], key: str) -> None:
    """Headline figures: (outcome class or "", name, figure, note)."""
    blocks = [
        el("div", el("div", name, css="name"), el("div", figure, css="figure"), el("div", note, css="note"),
           css=f"tile o-{outcome}" if outcome else "tile")
        for outcome, name, figure, note in figures
    ]  # fmt: skip
    linked.show(el("div", joined(blocks), css="tiles"), key)
