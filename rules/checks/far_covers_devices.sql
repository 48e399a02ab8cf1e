-- For every ended day the device is in use, the duties of its room's far cameras that list it together contain the day.
WITH judged AS (
    SELECT subject_id, agency_id, day,
           subtract_intervals(any_value(required), coalesce(unite_all(list(on_duty) FILTER (
               WHERE view = 'far' AND covers_it)), [])) AS uncovered
    FROM camera_posts WHERE subject_type = 'device' GROUP BY ALL
)
SELECT subject_id, agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       count(*) FILTER (WHERE len(uncovered) > 0) AS measured, 0 AS required,
       CASE WHEN measured > 0 THEN 'fail' ELSE 'pass' END AS outcome,
       CASE outcome WHEN 'fail' THEN 'not_covered' ELSE '' END AS reason,
       flatten(list(list_transform(uncovered, lambda gap: evidence_row('no_camera', day, gap.s, gap.e))
                    ORDER BY day)) AS evidence
FROM judged GROUP BY subject_id, agency_id
