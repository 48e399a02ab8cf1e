-- Sessions in scope that start on an ended day of the month.
SELECT session_id, agency_id, kind, report_no, test_item, room_id, device_id, coalesce(camera_ids, []) AS camera_ids,
       pile_no, started_at, ended_at, peak_at, local_day(started_at) AS day
FROM known_sessions
WHERE in_scope(agency_id) AND local_day(started_at) IN (FROM ended_days)
