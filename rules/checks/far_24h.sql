-- What is missing of the day's duty, short seams dropped, split by whether anybody asked.
WITH required AS (
    SELECT camera_id, agency_id, day, asked, longer_than(missing, $join_tolerance_s * 1000) AS missing
    FROM far_gaps WHERE day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
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
