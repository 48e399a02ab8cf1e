"""Where each thing has its page: subjects of verdicts and the records they rest on."""

from __future__ import annotations

from datetime import datetime

from dashboard import address
from dashboard.markup import Content, Html, el, joined, link
from dashboard.say import word
from data.periods import to_iso

PAGES = {"agency": ("agencies", "agency"), "room": ("room", "room"), "camera": ("camera", "camera")}
PAGES["recorder"] = ("recorder", "recorder")
"""Page and parameter of what has a page of its own; everything else is shown on the page `record`."""


def href(kind: str, identifier: str, *, at: datetime | None = None, camera: str | None = None) -> str:
    """`at` tells observations of one camera apart, `camera` the rows of one poll."""
    if kind in PAGES:
        page, parameter = PAGES[kind]
        return address.to(page, **{parameter: identifier})
    return address.to("record", record=kind, id=identifier, at=to_iso(at) if at else None, camera=camera)


def named(subject_type: str, subject_id: str, place: str | None = None, site: str | None = None) -> Html:
    """Where it is, in words, and below what it is with its id, linked."""
    where = " · ".join(part for part in (site, place) if part)
    return joined([where, el("div", _linked(subject_type, subject_id), css="small")])


def inline(subject_type: str, subject_id: str, place: str | None = None, site: str | None = None) -> Content:
    where = " · ".join(part for part in (site, place) if part)
    return joined([_linked(subject_type, subject_id), f" · {where}" if where else ""])


def _linked(subject_type: str, subject_id: str) -> Html:
    name = el("span", subject_id, css="mono")
    kind = el("span", f"{word('subject_type', subject_type)} ", css="muted")
    return joined([kind, link(href(subject_type, subject_id), name)])
