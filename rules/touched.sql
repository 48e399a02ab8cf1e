-- Whose verdicts new facts can change. A fact is looked at in all its versions, because what moved from one agency to
-- another changes the verdicts of both. Variables: since_as_of, as_of, month_first, month_next.

-- name: words
CREATE OR REPLACE TEMP MACRO is_new(known_from) AS
    known_from >= getvariable('since_as_of') AND known_from <= getvariable('as_of');

-- name: seen
-- Of cameras of which something new is known, in whatever tables ({seen}: their ids): the most frequent case by far,
-- and so not by way of everybody's owners.
WITH seen AS ({seen}), changed AS (
    SELECT agency_id, room_id, recorder_id FROM cameras SEMI JOIN seen USING (camera_id)
), places AS (
    SELECT premises_id FROM rooms SEMI JOIN changed USING (room_id)
    UNION ALL SELECT premises_id FROM recorders SEMI JOIN changed USING (recorder_id)
)
SELECT agency_id FROM changed UNION SELECT agency_id FROM premises SEMI JOIN places USING (premises_id)

-- name: owners
-- Which agencies each thing belongs or ever belonged to.
CREATE OR REPLACE TEMP VIEW owners_of_premises AS SELECT DISTINCT premises_id, agency_id FROM premises;
CREATE OR REPLACE TEMP VIEW owners_of_rooms AS
SELECT DISTINCT room_id, agency_id FROM rooms JOIN owners_of_premises USING (premises_id);
CREATE OR REPLACE TEMP VIEW owners_of_recorders AS
SELECT DISTINCT recorder_id, agency_id FROM recorders JOIN owners_of_premises USING (premises_id);
CREATE OR REPLACE TEMP VIEW owners_of_cameras AS
SELECT camera_id, agency_id FROM cameras WHERE agency_id IS NOT NULL
UNION SELECT c.camera_id, o.agency_id FROM cameras c JOIN owners_of_rooms o USING (room_id)
UNION SELECT c.camera_id, o.agency_id FROM cameras c JOIN owners_of_recorders o USING (recorder_id);
CREATE OR REPLACE TEMP VIEW owners_of_sessions AS
SELECT DISTINCT session_id, agency_id FROM sessions
UNION SELECT s.session_id, r.agency_id FROM sessions s JOIN reports r USING (report_no);

-- name: agencies
SELECT agency_id FROM agencies WHERE is_new(known_from)
-- name: premises
SELECT agency_id FROM owners_of_premises WHERE premises_id IN (SELECT premises_id FROM premises WHERE is_new(known_from))
-- name: rooms
WITH changed AS (SELECT room_id FROM rooms WHERE is_new(known_from))
SELECT agency_id FROM owners_of_rooms WHERE room_id IN (FROM changed)
UNION -- a camera is on duty as long as its room, and its recorder may be another agency's
SELECT o.agency_id FROM owners_of_recorders o JOIN cameras c USING (recorder_id) WHERE c.room_id IN (FROM changed)
-- name: devices
SELECT o.agency_id FROM devices v JOIN owners_of_rooms o USING (room_id)
WHERE v.device_id IN (SELECT device_id FROM devices WHERE is_new(known_from))
-- name: recorders
SELECT agency_id FROM owners_of_recorders
WHERE recorder_id IN (SELECT recorder_id FROM recorders WHERE is_new(known_from))
UNION
SELECT o.agency_id FROM cameras c JOIN owners_of_cameras o USING (camera_id)
WHERE c.recorder_id IN (SELECT recorder_id FROM recorders WHERE is_new(known_from))
-- name: sessions
WITH changed AS (SELECT session_id FROM sessions WHERE is_new(known_from))
SELECT agency_id FROM owners_of_sessions WHERE session_id IN (FROM changed)
UNION
SELECT agency_id FROM sessions
WHERE device_id IN (SELECT device_id FROM sessions WHERE session_id IN (FROM changed) AND device_id IS NOT NULL)
-- name: load_stages
SELECT agency_id FROM owners_of_sessions WHERE session_id IN (SELECT session_id FROM load_stages WHERE is_new(known_from))
-- name: reports
SELECT agency_id FROM reports WHERE report_no IN (SELECT report_no FROM reports WHERE is_new(known_from))
-- name: image_reviews
SELECT agency_id FROM reports WHERE report_no IN (SELECT report_no FROM image_reviews WHERE is_new(known_from))
-- name: key_images
WITH changed AS (
    SELECT report_no, session_id, sha256 FROM key_images
    WHERE image_id IN (SELECT image_id FROM key_images WHERE is_new(known_from))
)
SELECT agency_id FROM reports
WHERE report_no IN (SELECT report_no FROM changed
                    UNION SELECT report_no FROM key_images
                          WHERE sha256 IN (SELECT sha256 FROM changed WHERE sha256 IS NOT NULL))
UNION
SELECT agency_id FROM owners_of_sessions WHERE session_id IN (SELECT session_id FROM changed WHERE session_id IS NOT NULL)
-- name: exemptions
WITH changed AS (
    SELECT scope_type, scope_id FROM exemptions
    WHERE exemption_id IN (SELECT exemption_id FROM exemptions WHERE is_new(known_from))
)
SELECT scope_id FROM changed WHERE scope_type = 'agency'
UNION SELECT agency_id FROM owners_of_premises JOIN changed ON scope_type = 'premises' AND scope_id = premises_id
UNION SELECT agency_id FROM owners_of_rooms JOIN changed ON scope_type = 'room' AND scope_id = room_id
UNION SELECT agency_id FROM owners_of_recorders JOIN changed ON scope_type = 'recorder' AND scope_id = recorder_id
UNION SELECT o.agency_id FROM owners_of_cameras o JOIN cameras c USING (camera_id)
      JOIN changed ON scope_type = 'camera' AND scope_id = c.camera_id OR scope_type = 'recorder' AND scope_id = c.recorder_id

-- name: due
-- Agencies with a report or so whose grace, one of `graces_h`, ran out between two instants of judgement. The last two
-- lines follow from the two before; by them alone most reports are passed over.
SELECT DISTINCT agency_id FROM reports, unnest(CAST($graces_h AS INTEGER[])) g(grace_h)
WHERE issued_at + to_hours(grace_h) > getvariable('since_now_at')
  AND issued_at + to_hours(grace_h) <= getvariable('now_at')
  AND issued_at > getvariable('since_now_at') - to_hours(list_max(CAST($graces_h AS INTEGER[])))
  AND issued_at <= getvariable('now_at')
-- name: guests
-- Agencies whose sessions use a room, a device or a camera of one of `agencies`: what is known of these decides theirs
-- too. The ids of all three are looked up in one list: one that stands for two things touches somebody too many at most.
WITH places AS (SELECT premises_id FROM premises WHERE agency_id IN (SELECT unnest($agencies))), rooms_used AS (
    SELECT room_id FROM rooms SEMI JOIN places USING (premises_id)
), used AS (
    SELECT room_id AS id FROM rooms_used
    UNION ALL SELECT device_id FROM devices SEMI JOIN rooms_used USING (room_id)
    UNION ALL SELECT camera_id FROM cameras SEMI JOIN rooms_used USING (room_id)
    UNION ALL SELECT camera_id FROM cameras
              SEMI JOIN (FROM recorders SEMI JOIN places USING (premises_id)) USING (recorder_id)
    UNION ALL SELECT camera_id FROM cameras WHERE agency_id IN (SELECT unnest($agencies))
), month AS NOT MATERIALIZED (
    SELECT agency_id, room_id, device_id, camera_ids FROM sessions
    WHERE started_at >= day_starts_at(getvariable('month_first'))
      AND started_at < day_starts_at(getvariable('month_next'))
      AND NOT list_contains($agencies, agency_id)
), uses AS (
    SELECT agency_id, room_id AS id FROM month
    UNION ALL SELECT agency_id, device_id FROM month
    UNION ALL SELECT agency_id, unnest(camera_ids) FROM month WHERE len(camera_ids) > 0
)
SELECT DISTINCT agency_id FROM uses SEMI JOIN used USING (id)
