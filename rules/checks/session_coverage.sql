-- Of what the cameras of `$part` owe of a session: what they are known to lack, and what nobody was asked about. Short
-- seams are dropped first, but where no camera counts nothing is a seam. A session of no length, or wholly exempt,
-- requires nothing; one without an end cannot be told.
WITH split AS (
    SELECT *, CASE WHEN has_camera THEN longer_than(missing, $join_tolerance_s * 1000) ELSE missing END AS lacking,
           subtract_intervals(lacking, not_asked) AS known_missing,
           intersect_intervals(lacking, not_asked) AS unknown_missing
    FROM session_missing
    WHERE part = $part AND day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
), judged AS (
    SELECT *, CASE WHEN NOT has_ended THEN 'end_not_recorded'
                   WHEN NOT has_camera AND len(missing) > 0 THEN 'no_camera'
                   WHEN total_length(known_missing) > $tolerance_s * 1000 THEN 'footage_missing'
                   WHEN total_length(unknown_missing) > $tolerance_s * 1000 THEN 'not_asked'
                   ELSE '' END AS reason,
           coalesce(camera_ids, session_id) AS ref
    FROM split
)
SELECT session_id AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN reason = '' THEN 'pass' WHEN reason IN ('no_camera', 'footage_missing') THEN 'fail' ELSE 'unknown' END
           AS outcome,
       CASE WHEN has_ended THEN CAST(total_length(known_missing) / 1000 AS DECIMAL(18, 3)) END AS measured,
       $tolerance_s AS required, reason,
       list_concat(
           list_transform(known_missing, lambda gap:
               {'kind': 'missing', 'from_at': make_timestamp_ms(gap.s), 'to_at': make_timestamp_ms(gap.e), 'ref': ref}),
           list_transform(unknown_missing, lambda gap:
               {'kind': 'not_asked', 'from_at': make_timestamp_ms(gap.s), 'to_at': make_timestamp_ms(gap.e),
                'ref': ref}))
       AS evidence
FROM judged
