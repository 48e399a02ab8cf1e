-- Room and ended day on which it is in use; `required` is the day without exempt time, in ms of the day.
SELECT r.room_id, p.agency_id, r.kind, coalesce(r.disciplines, []) AS disciplines, d.day,
       subtract_intervals([{'s': 0, 'e': 86400000}], coalesce(x.away, [])) AS required
FROM known_rooms r
JOIN known_premises p USING (premises_id)
JOIN ended_days d ON r.in_use_from <= d.day AND coalesce(d.day < r.in_use_to, true)
LEFT JOIN exempt_days x ON x.subject_type = 'room' AND x.subject_id = r.room_id AND x.day = d.day
WHERE in_scope(p.agency_id)
