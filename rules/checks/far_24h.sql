-- required = day ∩ duty − exempt; missing = required − held, short seams dropped; split by whether anybody asked.
WITH required AS (
    SELECT c.camera_id, c.agency_id, c.day, coalesce(f.asked, []) AS asked,
           longer_than(
               subtract_intervals(subtract_intervals(c.on_duty, coalesce(x.away, [])), coalesce(f.held, [])),
               $join_tolerance_s * 1000) AS missing
    FROM camera_days c
    LEFT JOIN known_footage f USING (camera_id, day)
    LEFT JOIN exempt_days x ON x.subject_type = 'camera' AND x.subject_id = c.camera_id AND x.day = c.day
    WHERE c.view = 'far' AND c.room_id IS NOT NULL
      AND day_ends_at(c.day) + to_hours($grace_h) <= getvariable('now_at')
), split AS (
    SELECT camera_id, agency_id, day,
           intersect_intervals(missing, asked) AS known_missing, subtract_intervals(missing, asked) AS not_asked
    FROM required
)
SELECT camera_id AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN total_length(known_missing) > $tolerance_s * 1000 THEN 'fail'
            WHEN total_length(not_asked) > $tolerance_s * 1000 THEN 'unknown'
            ELSE 'pass' END AS outcome,
       CAST(total_length(known_missing) AS DECIMAL(18, 3)) / 1000 AS measured,
       $tolerance_s AS required,
       CASE outcome WHEN 'fail' THEN 'footage_missing' WHEN 'unknown' THEN 'not_asked' ELSE '' END AS reason,
       list_concat(
           list_transform(known_missing, lambda gap: evidence_row('missing', day, gap.s, gap.e)),
           list_transform(not_asked, lambda gap: evidence_row('not_asked', day, gap.s, gap.e))) AS evidence
FROM split
