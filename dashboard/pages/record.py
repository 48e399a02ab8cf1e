"""One record that verdicts rest on or are about: a poll, a probe, a plan, an image, a session, a report, a device."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from dashboard import address, frame, linked, record_tables
from dashboard.proofs import Proof
from dashboard.records import Records
from dashboard.say import t, word
from data.periods import parse_instant

ORDER = 0
ICON = ":material/description:"


def render() -> None:
    kind, identifier = address.get("record") or "", address.get("id") or ""
    with frame.reading() as reader:
        shown = _READ[kind](Records(reader), identifier) if kind in _READ else []
        crumbs = [(t("page.agencies"), address.to("agencies"))]
        if not shown or not shown[0].rows:
            frame.heading("record", crumbs)
            frame.notice(t("agencies.not_found", id=identifier or t("common.none")), "no_record")
            return
        frame.titled(crumbs, f"{word('record_kind', kind)} {identifier}", identifier)
        first, *others = shown
        alone = len(first.rows) == 1
        if alone:
            linked.show(record_tables.facts_of(first.rows[0]), "record_facts")
        for number, proof in enumerate(others if alone else shown):
            if proof.rows:
                label = t(f"proof.{proof.title}", count=len(proof.rows))
                st.subheader(label, anchor=False)
                linked.show(record_tables.table_of(proof.rows, label), f"proof_{number}")


def _poll(records: Records, poll_id: str) -> list[Proof]:
    return [Proof("poll", records.poll(poll_id, address.get("camera")))]


def _probe(records: Records, camera_id: str) -> list[Proof]:
    at = _at()
    return [Proof("probes", records.probes(camera_id, at, at))] if at else []


def _plan(records: Records, camera_id: str) -> list[Proof]:
    at = _at()
    return [Proof("plans", records.plans(camera_id, at, at))] if at else []


def _at() -> datetime | None:
    try:
        return parse_instant(address.get("at") or "")
    except ValueError:
        return None


def _image(records: Records, image_id: str) -> list[Proof]:
    """The newest version is the image; when it was handed in more than once, every version below."""
    versions = records.image_versions(image_id)
    return [
        Proof("images", records.images(image_id=image_id)),
        Proof("versions", versions if len(versions) > 1 else []),
    ]


def _session(records: Records, session_id: str) -> list[Proof]:
    return [
        Proof("sessions", records.sessions(session_id=session_id)),
        Proof("cameras", records.cameras(records.watching("session", session_id))),
        Proof("stages", records.stages(session_id)),
        Proof("images", records.images(session_id=session_id)),
    ]


def _report(records: Records, report_no: str) -> list[Proof]:
    return [
        Proof("reports", records.reports(report_no)),
        Proof("sessions", records.sessions(report_no=report_no)),
        Proof("images", records.images(report_no=report_no)),
        Proof("reviews", records.reviews(report_no)),
    ]


def _device(records: Records, device_id: str) -> list[Proof]:
    cameras = records.cameras(records.watching("device", device_id))
    return [Proof("devices", records.devices(device_id)), Proof("cameras", cameras)]


_READ: dict[str, Callable[[Records, str], list[Proof]]] = {
    "poll": _poll,
    "probe": _probe,
    "plan": _plan,
    "image": _image,
    "session": _session,
    "report": _report,
    "device": _device,
}
