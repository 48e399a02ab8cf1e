-- For every ended day in use, the duties of the room's far cameras together contain the day. The inner table governs
-- the curing room: only the camera in the corridor facing the door counts (reading A6).
WITH judged AS (
    SELECT subject_id, agency_id, day,
           subtract_intervals(any_value(required), coalesce(unite_all(list(on_duty) FILTER (
               WHERE view = 'far'
                 AND (room_kind <> 'curing_room' OR position = $curing_room_position))), [])) AS uncovered
    FROM camera_posts WHERE subject_type = 'room' GROUP BY ALL
)
SELECT subject_id, agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       count(*) FILTER (WHERE len(uncovered) > 0) AS measured, 0 AS required,
       CASE WHEN measured > 0 THEN 'fail' ELSE 'pass' END AS outcome,
       CASE outcome WHEN 'fail' THEN 'no_far_camera' ELSE '' END AS reason,
       flatten(list(list_transform(uncovered, lambda gap: evidence_row('no_camera', day, gap.s, gap.e))
                    ORDER BY day)) AS evidence
FROM judged GROUP BY subject_id, agency_id
