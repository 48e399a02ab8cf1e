"""How a media section speaks of H264: which payload types, with which profile and parameter sets."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error

from collectors.whep.sdp_text import values


def match_h264(section: list[str], model: list[str], changes: list[str]) -> list[str]:
    """Every H264 format becomes one of the offered: packetization mode 1 and a profile of its own."""
    offered = dict(h264_formats(model))
    free = list(offered.values())
    lines = section
    for pt, own in h264_formats(section):
        wanted = [profile for profile in (own, offered.get(pt, ""), *free) if profile in free]
        profile = wanted[0] if wanted else "42e01f"
        free = [other for other in free if other != profile]
        start = f"a=fmtp:{pt} "
        before = next((line.removeprefix(start) for line in lines if line.startswith(start)), "")
        after = _as_offered(before, profile)
        if set(after.split(";")) != set(before.replace(" ", "").split(";")):
            changes.append(f"H264 format {pt} rewritten to packetization mode 1 and profile {profile}")
            lines = [*(line for line in lines if not line.startswith(start)), start + after]
    return lines


def _as_offered(options: str, profile: str) -> str:
    rewritten = ("packetization-mode=", "profile-level-id=")
    kept = [o for o in options.replace(" ", "").split(";") if o and not o.lower().startswith(rewritten)]
    return ";".join([*kept, "packetization-mode=1", f"profile-level-id={profile}"])


def h264_formats(section: list[str]) -> list[tuple[str, str]]:
    """Payload type and profile-level-id of each H264 format."""
    fmtp = {value.split(" ")[0]: value for value in values(section, "fmtp")}
    found = []
    for value in values(section, "rtpmap"):
        pt, _, codec = value.partition(" ")
        if codec.upper().startswith("H264/"):
            profile = re.search(r"profile-level-id=([0-9a-fA-F]{6})", fmtp.get(pt, ""))
            found.append((pt, profile.group(1) if profile else ""))
    return found


def parameter_sets(sections: list[list[str]]) -> tuple[bytes, ...]:
    """SPS and PPS from `sprop-parameter-sets`: some cameras never repeat them in the stream."""
    found: list[bytes] = []
    for value in (value for section in sections for value in values(section, "fmtp")):
        for part in re.findall(r"sprop-parameter-sets=([^; ]+)", value):
            try:
                found += [b64decode(nal, validate=True) for nal in part.split(",")]
            except Base64Error:
                continue  # a mangled hint; parameter sets in the stream still count
    return tuple(found)
