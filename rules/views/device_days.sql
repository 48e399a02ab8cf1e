-- Device and ended day on which it is in use; `required` is the day without exempt time, in ms of the day.
SELECT v.device_id, v.room_id, r.kind AS room_kind, p.agency_id, v.produces_test_result, d.day,
       subtract_intervals([{'s': 0, 'e': 86400000}], coalesce(x.away, [])) AS required
FROM known_devices v
JOIN known_rooms r USING (room_id)
JOIN known_premises p USING (premises_id)
JOIN ended_days d ON v.in_use_from <= d.day AND coalesce(d.day < v.in_use_to, true)
LEFT JOIN exempt_days x ON x.subject_type = 'device' AND x.subject_id = v.device_id AND x.day = d.day
WHERE in_scope(p.agency_id)
