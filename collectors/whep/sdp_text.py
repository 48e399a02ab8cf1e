"""SDP as lists of lines: the session part and one list per media section."""

from __future__ import annotations

from collections.abc import Iterable


def split(sdp: str) -> tuple[list[str], list[list[str]]]:
    session: list[str] = []
    sections: list[list[str]] = []
    for line in filter(None, (raw.strip() for raw in sdp.splitlines())):
        if line.startswith("m="):
            sections.append([line])
        else:
            (sections[-1] if sections else session).append(line)
    return session, sections


def values(lines: Iterable[str], name: str) -> list[str]:
    return [line.partition(":")[2] for line in lines if line.startswith(f"a={name}:")]


def kind(section: list[str]) -> str:
    return section[0][2:].split(" ")[0]


def rejected(section: list[str]) -> bool:
    return section[0].split(" ")[1:2] == ["0"] and "a=bundle-only" not in section
