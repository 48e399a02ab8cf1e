-- Far camera of a room and day: what the required recording (day ∩ duty − exempt) lacks, every gap however short,
-- and the time some answer spoke about. Both in ms of the day.
SELECT c.camera_id, c.agency_id, c.day, coalesce(f.asked, []) AS asked,
       subtract_intervals(subtract_intervals(c.on_duty, coalesce(x.away, [])), coalesce(f.held, [])) AS missing
FROM camera_days c
LEFT JOIN known_footage f USING (camera_id, day)
LEFT JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = c.camera_id AND x.day = c.day
WHERE c.view = 'far' AND c.room_id IS NOT NULL
