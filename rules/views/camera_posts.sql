-- What must be watched day by day, rooms and devices, each with every camera of its room on duty that day; without one,
-- a single row whose camera columns are empty. `covers_it`: the camera lists the device.
SELECT 'room' AS subject_type, r.room_id AS subject_id, r.agency_id, r.kind AS room_kind, r.disciplines,
       false AS produces_test_result, r.day, r.required,
       c.view, c.mount, c.position, c.live_url, false AS covers_it, c.on_duty
FROM room_days r LEFT JOIN camera_days c USING (room_id, day)
UNION ALL
SELECT 'device', d.device_id, d.agency_id, d.room_kind, [], d.produces_test_result, d.day, d.required,
       c.view, c.mount, c.position, c.live_url, list_contains(c.covers, d.device_id), c.on_duty
FROM device_days d LEFT JOIN camera_days c USING (room_id, day)
