"""Makes a relay's SDP answer digestible for aiortc, which refuses much that browsers accept.

Only what aiortc 1.16 was seen to reject is changed, and every change is named in `Answer.changes`; the
decoder does not care about profile, level or packetization mode, so rewriting them loses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from collectors.whep.candidates import keep_candidates
from collectors.whep.h264_sdp import match_h264, parameter_sets
from collectors.whep.sdp_text import kind, rejected, split, values

STATIC_RTPMAP = {"0": "PCMU/8000", "8": "PCMA/8000", "9": "G722/8000"}
TRANSPORT = ("ice-ufrag", "ice-pwd", "fingerprint", "setup")
MAX_SECTIONS = 16


class UnusableAnswer(Exception):
    """The answer is no WebRTC session description, or one we can never connect to."""


class UnreadableCodec(Exception):
    """The relay would send, but nothing this probe can decode: our limit, not the camera's fault."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`changes` and `dropped_candidates` tell what was done to the relay's words."""

    sdp: str
    parameter_sets: tuple[bytes, ...]
    changes: tuple[str, ...]
    dropped_candidates: tuple[str, ...]


def sanitise(answer: str, offer: str, relay_address: str) -> Answer:
    """`relay_address`: the IP address the answer came from; it decides which media addresses are believed."""
    session, sections = split(answer)
    _, offered = split(offer)
    if not sections or len(sections) > MAX_SECTIONS or not answer.startswith("v=0"):
        raise UnusableAnswer("the answer is not a session description with media")
    changes: list[str] = []
    sections = _in_order_of_the_offer(sections, offered, changes)
    _require_h264(sections)
    _require_transport([*session, *sections[0]])
    dropped: list[str] = []
    cleaned = []
    for section, model in zip(sections, offered, strict=True):
        lines = _complete_transport(section, sections[0], session, changes)
        lines = _drop_unreadable_lines(lines, changes)
        lines = match_h264(lines, model, changes)
        lines, refused = keep_candidates(lines, relay_address)
        dropped += refused
        cleaned.append(lines)
    session = _bundle_everything(session, cleaned)
    text = "\r\n".join([*session, *(line for lines in cleaned for line in lines)]) + "\r\n"
    return Answer(text, parameter_sets(cleaned), tuple(dict.fromkeys(changes)), tuple(dropped))


def _in_order_of_the_offer(sections: list[list[str]], offered: list[list[str]], changes: list[str]) -> list[list[str]]:
    """One section per offered one, in that order; aiortc refuses an answer with missing or swapped ones."""
    left = list(sections)
    ordered = []
    for model in offered:
        mid = values(model, "mid")
        found = next((s for s in left if values(s, "mid") == mid and kind(s) == kind(model)), None)
        found = found or next((s for s in left if kind(s) == kind(model)), None)
        if found is not None:
            left.remove(found)
        if found is None or (rejected(found) and kind(model) != "video"):
            changes.append(f"put back the missing {kind(model)} section as inactive")
            ordered.append(_inactive(model))
            continue
        ordered.append([*(line for line in found if not line.startswith("a=mid:")), f"a=mid:{mid[0]}"])
    if left or [kind(s) for s in sections] != [kind(s) for s in ordered]:
        changes.append("matched the sections to those of the offer")
    return ordered


def _inactive(model: list[str]) -> list[str]:
    kept = [line for line in model if line.startswith(("m=", "c=", "a=mid:", "a=rtpmap:", "a=fmtp:", "a=rtcp-mux"))]
    return [*kept, "a=inactive"]


def _require_h264(sections: list[list[str]]) -> None:
    """A section switched off means no H264 as well: MediaMTX rejects the video of a stream that has only sound."""
    video = next(section for section in sections if kind(section) == "video")
    codecs = [value.split(" ", 1)[-1].split("/")[0] for value in values(video, "rtpmap")]
    if rejected(video) or "a=inactive" in video or "a=recvonly" in video:
        raise UnreadableCodec("of this stream: the relay has no H264 video in it")
    if not any(codec.upper() == "H264" for codec in codecs):
        raise UnreadableCodec(", ".join(dict.fromkeys(codecs)) or "of this stream: it is not named")


def _require_transport(lines: list[str]) -> None:
    if missing := [name for name in TRANSPORT if not values(lines, name)]:
        raise UnusableAnswer(f"the answer lacks {', '.join(missing)}")


def _complete_transport(section: list[str], first: list[str], session: list[str], changes: list[str]) -> list[str]:
    missing = [name for name in TRANSPORT if not values([*section, *session], name)]
    if not missing:
        return section
    changes.append(f"completed the {kind(section)} section with the transport of the first")
    return [*section, *(line for line in first if line.startswith(tuple(f"a={name}:" for name in missing)))]


def _drop_unreadable_lines(section: list[str], changes: list[str]) -> list[str]:
    mapped = {value.split(" ")[0] for value in values(section, "rtpmap")}
    formats = section[0].split(" ")[3:]
    added = [f"a=rtpmap:{pt} {STATIC_RTPMAP[pt]}" for pt in formats if pt in STATIC_RTPMAP and pt not in mapped]
    mapped.update(pt for pt in formats if pt in STATIC_RTPMAP)
    kept = [line for line in section if _readable(line, mapped)]
    if added or len(kept) != len(section):
        changes.append("dropped or completed format lines without an rtpmap or a value")
    return [*kept, *added]


def _readable(line: str, mapped: set[str]) -> bool:
    if line.startswith("a=ssrc:"):
        return re.match(r"a=ssrc:\d+ [^:]+:", line) is not None
    if line.startswith("a=fmtp:"):
        return line[7:].split(" ", maxsplit=1)[0] in mapped and " " in line
    if line.startswith("a=rtcp-fb:"):
        return line[10:].split(" ", maxsplit=1)[0] in {*mapped, "*"} and " " in line
    return True


def _bundle_everything(session: list[str], sections: list[list[str]]) -> list[str]:
    mids = [mid for section in sections for mid in values(section, "mid")]
    return [
        *(line for line in session if not line.startswith("a=group:BUNDLE")),
        f"a=group:BUNDLE {' '.join(mids)}",
    ]
