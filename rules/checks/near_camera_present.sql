-- For every ended day in use, the duties of the near cameras that serve together contain the day: for a device those
-- that list it or can be moved to it, for a reception room all of them.
WITH judged AS (
    SELECT subject_type, subject_id, agency_id, day,
           subtract_intervals(any_value(required), coalesce(unite_all(list(on_duty) FILTER (
               WHERE view = 'near' AND (subject_type = 'room' OR covers_it OR mount = 'movable'))), [])) AS uncovered
    FROM camera_posts
    WHERE subject_type = 'room' AND room_kind = 'sample_reception'
       OR subject_type = 'device' AND room_kind = 'test_room' AND produces_test_result
    GROUP BY ALL
)
SELECT subject_type, subject_id, agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       count(*) FILTER (WHERE len(uncovered) > 0) AS measured, 0 AS required,
       CASE WHEN measured > 0 THEN 'fail' ELSE 'pass' END AS outcome,
       CASE WHEN outcome = 'pass' THEN ''
            WHEN subject_type = 'room' THEN 'none_at_reception' ELSE 'none_at_device' END AS reason,
       flatten(list(list_transform(uncovered, lambda gap: evidence_row('no_camera', day, gap.s, gap.e))
                    ORDER BY day)) AS evidence
FROM judged GROUP BY subject_type, subject_id, agency_id
