"""The format of a submission bundle: every file, column, type, key and reference, once and only here.

Reading, validation and docs/bundle.md follow from this table; a test holds it against schema.sql.
"""

from __future__ import annotations

from data.bundle.columns import Check, Column, Reference, Table, not_before, ref
from data.bundle.kinds import (
    DATE,
    FLAG,
    ID,
    INT32_MAX,
    INT64_MAX,
    LIST,
    REFERENCE,
    SHA256,
    SOURCE,
    TEXT,
    TIME,
    number,
    whole,
    words,
)

_COUNT = whole(0)
_REPORT_NOTE = "the report must be on record; a session may name its report earlier"

_TABLES = (
    Table("agencies", "检测机构", (
        Column("agency_id", ID, True),
        Column("name", TEXT, True),
        Column("district_code", ID),
        Column("cma", FLAG),
        Column("is_fictional", FLAG),
    ), key=("agency_id",)),
    Table("premises", "检测场所", (
        Column("premises_id", ID, True),
        ref("agency_id", "agencies", required=True),
        Column("name", TEXT, True),
        Column("kind", words("main", "remote_lab", "site_lab"), True),
        Column("address", TEXT),
        Column("longitude", number(-180, 180), note="degrees, WGS 84"),
        Column("latitude", number(-90, 90), note="degrees, WGS 84"),
    ), key=("premises_id",)),
    Table("rooms", "自然间", (
        Column("room_id", ID, True),
        ref("premises_id", "premises", required=True),
        Column("name", TEXT, True),
        Column("kind", words(
            "sample_reception", "sample_storage", "curing_room", "test_room", "tested_specimen_room"), True),
        Column("disciplines", LIST, note="for example `rebar_mechanics`, `concrete_mechanics`"),
        Column("in_use_from", DATE, True),
        Column("in_use_to", DATE, note="first day no longer in use"),
    ), key=("room_id",), checks=(not_before("in_use_to", "in_use_from"),)),
    Table("devices", "检测设备", (
        Column("device_id", ID, True),
        ref("room_id", "rooms", required=True),
        Column("name", TEXT, True),
        Column("produces_test_result", FLAG, True),
        Column("parallel_capacity", whole(1), default=1, note="specimens at once"),
        Column("in_use_from", DATE, True),
        Column("in_use_to", DATE, note="first day no longer in use"),
    ), key=("device_id",), checks=(not_before("in_use_to", "in_use_from"),)),
    Table("recorders", "硬盘录像机", (
        Column("recorder_id", ID, True),
        ref("premises_id", "premises", required=True),
        Column("protocol", ID, True),
        Column("address", TEXT, True),
        Column("credential", ID, note="the name of a secret, never the secret"),
    ), key=("recorder_id",)),
    Table("cameras", "监控机位", (
        Column("camera_id", ID, True),
        ref("room_id", "rooms", note="empty for on-site cameras"),
        ref("agency_id", "agencies", note="needed when there is neither room nor recorder"),
        ref("recorder_id", "recorders"),
        Column("channel", ID),
        Column("view", words("far", "near", "onsite"), True),
        Column("mount", words("fixed", "movable"), True),
        Column("position", ID, note="for example `inside`, `corridor_facing_door`"),
        Column("covers", LIST, refers_to="devices"),
        Column("live_url", ID),
        Column("duty_from", TIME, True),
        Column("duty_to", TIME),
    ), key=("camera_id",), checks=(
        not_before("duty_to", "duty_from"),
        Check("agency_id", "room_id IS NULL AND recorder_id IS NULL AND agency_id IS NULL",
              "is empty; agency_id is needed when there is neither room_id nor recorder_id"),
    )),
    Table("sessions", "检测活动", (
        Column("session_id", ID, True),
        ref("agency_id", "agencies", required=True),
        Column("kind", words("test", "reception", "onsite"), True),
        Column("report_no", ID, note="the report may be issued and submitted later"),
        Column("test_item", ID),
        Column("method", ID, note="for piles `kentledge`, `self_balanced`, `anchor_pile`"),
        ref("room_id", "rooms"),
        ref("device_id", "devices"),
        Column("camera_ids", LIST, refers_to="cameras"),
        Column("pile_no", ID),
        Column("started_at", TIME, True),
        Column("ended_at", TIME, note="empty: still running or not recorded"),
        Column("peak_at", TIME),
    ), key=("session_id",), checks=(not_before("ended_at", "started_at"),)),
    Table("load_stages", "加载级", (
        ref("session_id", "sessions", required=True),
        Column("stage_no", whole(1), True),
        Column("direction", words("load", "unload"), True),
        Column("started_at", TIME, True),
        Column("completed_at", TIME, True),
    ), key=("session_id", "stage_no", "direction"), checks=(not_before("completed_at", "started_at"),)),
    Table("reports", "检测报告", (
        Column("report_no", ID, True),
        ref("agency_id", "agencies", required=True),
        Column("test_item", ID, True, note="`REBAR_TENSILE`, `CUBE_COMP`, … or any other code"),
        Column("method", ID, note="for piles `kentledge`, `self_balanced`, `anchor_pile`"),
        Column("project", TEXT),
        Column("issued_at", TIME, True),
        Column("tester", TEXT),
        Column("reviewer", TEXT),
        Column("approver", TEXT),
    ), key=("report_no",)),
    Table("key_images", "关键影像", (
        Column("image_id", ID, True, note="may come again in a later submission"),
        ref("report_no", "reports", required=True, note=_REPORT_NOTE),
        ref("session_id", "sessions"),
        Column("role", words(
            "failure", "load_stage", "unload", "stack_side", "load_box_insertion", "nameplate", "core",
            "core_dimension", "self_declared"), True),
        Column("media", words("clip", "photo"), True),
        Column("started_at", TIME, True),
        Column("ended_at", TIME, note="clips"),
        Column("stage_no", whole(1)),
        Column("pile_no", ID),
        Column("side", ID),
        Column("project", TEXT),
        Column("building", TEXT),
        Column("floor", TEXT),
        Column("axis", TEXT),
        Column("road_section", TEXT),
        Column("position", TEXT),
        Column("source", SOURCE, note="`separate` or `clip_of:<camera_id>`"),
        Column("file", TEXT),
        Column("sha256", SHA256),
        Column("size_bytes", whole(0, INT64_MAX)),
        Column("stored_at", TIME),
        Column("keep_until", DATE),
    ), key=("image_id",), checks=(not_before("ended_at", "started_at"),), special_references=(
        Reference("source", "cameras",
                  ("CASE WHEN starts_with(source, 'clip_of:') THEN nullif(source[9:], '') END",)),
    )),
    Table("image_reviews", "影像审核", (
        ref("report_no", "reports", required=True, note=_REPORT_NOTE),
        Column("person", TEXT, True),
        Column("role", words("reviewer", "approver"), True),
        Column("reviewed_at", TIME, True),
    )),
    Table("polls", "录像查询", (
        Column("poll_id", ID, True),
        ref("camera_id", "cameras", required=True),
        Column("asked_at", TIME, True),
        Column("covers_from", TIME, True),
        Column("covers_to", TIME, True),
        Column("outcome", words("ok", "unreachable", "refused", "malformed"), True),
        Column("complete", FLAG, True),
        Column("clock_offset_ms", whole(-INT32_MAX), note="device minus true time"),
    ), key=("poll_id", "camera_id"), known_at="asked_at", checks=(not_before("covers_to", "covers_from"),)),
    Table("footage", "录像段", (
        Column("poll_id", REFERENCE, True, note="with camera_id a row of polls.csv in the same bundle"),
        Column("camera_id", REFERENCE, True),
        Column("started_at", TIME, True, note="device time"),
        Column("ended_at", TIME, True, note="device time"),
    ), special_references=(Reference("poll_id, camera_id", "polls", ("poll_id", "camera_id")),),
        checks=(not_before("ended_at", "started_at"),)),
    Table("live_probes", "实时画面探测", (
        ref("camera_id", "cameras", required=True),
        Column("probed_at", TIME, True),
        Column("outcome", words("ok", "no_media", "refused", "unreachable", "not_probed"), True),
        Column("first_frame_ms", _COUNT),
        Column("width", _COUNT, note="pixels"),
        Column("height", _COUNT, note="pixels"),
        Column("fps", number(0, 1000)),
        Column("black", FLAG),
        Column("frozen", FLAG),
        Column("osd_text", TEXT, note="`-`: the frame was read and no text found"),
        Column("osd_time", TIME),
    ), key=("camera_id", "probed_at"), known_at="probed_at"),
    Table("recording_plans", "录像计划", (
        ref("camera_id", "cameras", required=True),
        Column("observed_at", TIME, True),
        Column("mode", words("continuous", "event", "off", "unknown"), True),
    ), key=("camera_id", "observed_at"), known_at="observed_at"),
    Table("exemptions", "豁免", (
        Column("exemption_id", ID, True),
        Column("scope_type", words("agency", "premises", "room", "recorder", "camera"), True),
        Column("scope_id", REFERENCE, True, note="an id of the kind that scope_type says"),
        Column("from_at", TIME, True),
        Column("to_at", TIME, True),
        Column("reason", TEXT, True),
        Column("document_no", TEXT, True),
        Column("approved_by", TEXT, True),
        Column("entered_at", TIME, True),
    ), key=("exemption_id",), known_at="entered_at", checks=(not_before("to_at", "from_at"),),
        special_references=tuple(
            Reference("scope_id", target, (f"CASE WHEN scope_type = '{scope}' THEN scope_id END",))
            for scope, target in (("agency", "agencies"), ("premises", "premises"), ("room", "rooms"),
                                  ("recorder", "recorders"), ("camera", "cameras")))),
)  # fmt: skip

TABLES = {table.name: table for table in _TABLES}
"""In the order of reference: what a table refers to stands before it."""
MANDATORY = "agencies"
