-- For every ended day in use, the duties of the room's far cameras together contain the day. The inner table governs
-- the curing room: only the camera in the corridor facing its door counts (reading A6).
WITH room_days AS (
    SELECT r.room_id, p.agency_id, d.day,
           subtract_intervals([{'s': 0, 'e': 86400000}], coalesce(x.away, [])) AS required
    FROM known_rooms r
    JOIN known_premises p USING (premises_id)
    JOIN ended_days d ON r.in_use_from <= d.day AND coalesce(d.day < r.in_use_to, true)
    LEFT JOIN exempt_days x ON x.subject_type = 'room' AND x.subject_id = r.room_id AND x.day = d.day
), covered AS (
    SELECT room_id, day, unite_all(list(on_duty ORDER BY camera_id)) AS on_duty
    FROM camera_days
    WHERE view = 'far' AND (room_kind <> 'curing_room' OR position = $curing_room_position)
    GROUP BY ALL
), judged AS (
    SELECT r.*, subtract_intervals(r.required, coalesce(c.on_duty, [])) AS uncovered
    FROM room_days r LEFT JOIN covered c USING (room_id, day)
), counted AS (
    SELECT room_id, agency_id, min(day) AS first_day, count(*) FILTER (WHERE len(uncovered) > 0) AS days_lacking,
           flatten(list(list_transform(uncovered, lambda gap: evidence_row('no_camera', day, gap.s, gap.e))
                        ORDER BY day)) AS evidence
    FROM judged GROUP BY ALL
)
SELECT room_id AS subject_id, agency_id, strftime(first_day, '%Y-%m') AS period,
       CASE WHEN days_lacking > 0 THEN 'fail' ELSE 'pass' END AS outcome,
       days_lacking AS measured, 0 AS required,
       CASE WHEN days_lacking > 0 THEN 'no_far_camera' ELSE '' END AS reason,
       evidence
FROM counted
