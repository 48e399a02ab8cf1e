-- What a user has who keeps no ledger: the answers of recorders as they came, a file an hour, in device time, and the
-- register and records as plain tables.
-- file: cameras
SELECT c.camera_id, c.view, c.covers, c.live_url, c.duty_from, c.room_id, r.kind AS room_kind, r.disciplines
FROM cameras c LEFT JOIN rooms r USING (room_id);
-- file: polls
SELECT poll_id, camera_id, asked_at, covers_from, covers_to, outcome, complete, clock_offset_ms FROM polls;
-- file: footage
WITH stretches AS (
    SELECT poll_id, camera_id, day, unnest(held) AS held FROM footage_days
), hours AS (
    SELECT *, unnest(range(held.s // 3600000, (held.e - 1) // 3600000 + 1)) AS hour FROM stretches
)
SELECT h.poll_id, h.camera_id,
       instant_of(h.day, greatest(h.held.s, h.hour * 3600000) + p.clock_offset_ms) AS started_at,
       instant_of(h.day, least(h.held.e, h.hour * 3600000 + 3600000) + p.clock_offset_ms) AS ended_at
FROM hours h JOIN polls p USING (poll_id);
-- file: sessions
SELECT session_id, report_no, kind, room_id, device_id, started_at, ended_at, peak_at FROM sessions;
-- file: load_stages
SELECT session_id, stage_no, direction, started_at, completed_at FROM load_stages;
-- file: reports
SELECT report_no, test_item, method, issued_at FROM reports;
-- file: key_images
SELECT image_id, report_no, session_id, role, media, started_at, ended_at, stage_no, pile_no, sha256, stored_at
FROM key_images;
-- file: image_reviews
SELECT report_no, reviewed_at FROM image_reviews;
-- file: live_probes
SELECT camera_id, probed_at, outcome, first_frame_ms, black, frozen FROM live_probes;
-- Whatever belongs to an agency with an exemption: the others know no exemptions, so there they may differ.
-- file: exempted
WITH agencies AS (SELECT 'A' || exemption_id[2:] AS agency_id FROM exemptions)
SELECT camera_id AS subject_id FROM cameras JOIN rooms USING (room_id) WHERE 'A' || premises_id[2:] IN (FROM agencies)
UNION ALL SELECT session_id FROM sessions WHERE agency_id IN (FROM agencies)
UNION ALL SELECT report_no FROM reports WHERE agency_id IN (FROM agencies);
