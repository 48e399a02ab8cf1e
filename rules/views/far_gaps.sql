-- Far camera of a room and day: what the required recording (day ∩ duty − exempt) lacks, every gap however short,
-- and the time some answer spoke about. Both in ms of the day.
SELECT camera_id, agency_id, day, asked, subtract_intervals(required, held) AS missing
FROM (SELECT c.camera_id, c.agency_id, c.day, coalesce(f.asked, []) AS asked, coalesce(f.held, []) AS held,
             subtract_intervals(c.on_duty, coalesce(x.away, [])) AS required
      FROM camera_days c
      LEFT JOIN known_footage f USING (camera_id, day)
      LEFT JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = c.camera_id AND x.day = c.day
      WHERE c.view = 'far' AND c.room_id IS NOT NULL)
