"""The gaps of one day, line by line, each with its cause and the rows that prove it."""

from __future__ import annotations

from dashboard import subjects
from dashboard.causes import Explained, Proof
from dashboard.causes.ladder import SEAM
from dashboard.markup import Content, el, joined, link
from dashboard.rows import Day
from dashboard.say import clock_ms, duration, instant, t, word
from data.periods import DAY_MS, LOCAL_OFFSET

COVERAGE = {"missing": "missing", "unobserved": "unknown"}
"""The coverage word, and colour, of each kind of gap."""
SEAM_MS = round(SEAM.total_seconds() * 1000)


def lines(intervals: Day, causes: list[Explained], camera_id: str) -> list[list[Content]]:
    """State, from and to, length, cause; seams between files, which need no cause, stand among them."""
    seams = [x for x in intervals.missing if x["e"] - x["s"] <= SEAM_MS]
    found = [(x["s"], _line("missing", x["s"], x["e"], el("span", t("camera.seam"), css="muted"))) for x in seams]
    for each in causes:
        from_ms, to_ms = _ms_of_day(each)
        found.append((from_ms, _line(COVERAGE[each.kind], from_ms, to_ms, _cause(each, camera_id))))
    return [line for _, line in sorted(found, key=lambda pair: pair[0])]


def _line(name: str, from_ms: int, to_ms: int, cause: Content) -> list[Content]:
    return [
        el("span", el("i", css=f"swatch c-{name}"), f" {word('coverage', name)}"),
        f"{clock_ms(from_ms)} – {clock_ms(to_ms)}",
        duration(to_ms - from_ms),
        cause,
    ]


def _cause(each: Explained, camera_id: str) -> Content:
    proofs = [el("div", _proof(proof, camera_id), css="muted small") for proof in each.proofs]
    return joined([word("cause", each.cause), *proofs])


def _proof(proof: Proof, camera_id: str) -> Content:
    said = f"{word('cause_proof', proof.kind)} {instant(proof.at, seconds=True)}: {word('cause_says', proof.says)}"
    if proof.kind == "poll":
        return link(subjects.href("poll", proof.ref, camera=camera_id), said)
    return said


def _ms_of_day(each: Explained) -> tuple[int, int]:
    """The causes of one day lie inside it."""
    midnight = (each.from_at + LOCAL_OFFSET).replace(hour=0, minute=0, second=0, microsecond=0) - LOCAL_OFFSET
    from_ms, to_ms = (round((at - midnight).total_seconds() * 1000) for at in (each.from_at, each.to_at))
    return from_ms, min(to_ms, DAY_MS)
