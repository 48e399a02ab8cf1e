-- Exempt time of each subject, with the agency whose verdicts it may change: an exemption counts for everything its
-- scope contains. Empty while exemptions are not counted.
WITH scopes AS (
    SELECT 'camera' AS subject_type, camera_id AS subject_id, agency_id,
           unnest(['agency', 'premises', 'room', 'recorder', 'camera']) AS scope_type,
           unnest([agency_id, premises_id, room_id, recorder_id, camera_id]) AS scope_id
    FROM camera_duties
    UNION ALL
    SELECT 'room', room_id, agency_id, unnest(['agency', 'premises', 'room']), unnest([agency_id, premises_id, room_id])
    FROM known_rooms JOIN known_premises USING (premises_id)
    UNION ALL
    SELECT 'device', device_id, agency_id, unnest(['agency', 'premises', 'room']), unnest([agency_id, premises_id, room_id])
    FROM known_devices JOIN known_rooms USING (room_id) JOIN known_premises USING (premises_id)
    UNION ALL
    SELECT 'recorder', recorder_id, agency_id, unnest(['agency', 'premises', 'recorder']),
           unnest([agency_id, premises_id, recorder_id])
    FROM known_recorders JOIN known_premises USING (premises_id)
    UNION ALL
    SELECT 'session', session_id, s.agency_id, unnest(['agency', 'premises', 'room']), unnest([s.agency_id, premises_id, s.room_id])
    FROM judged_sessions s LEFT JOIN known_rooms r ON r.room_id = s.room_id
    UNION ALL
    SELECT 'agency', agency_id, agency_id, 'agency', agency_id FROM known_agencies
)
SELECT DISTINCT s.subject_type, s.subject_id, s.agency_id, x.from_at, x.to_at
FROM scopes s JOIN known_exemptions x USING (scope_type, scope_id)
WHERE getvariable('exempting') AND x.from_at < x.to_at
