-- Of what the cameras of `$part` owe of a session: what they are known to lack, and what nobody was asked about. Short
-- seams are dropped first, but where no camera counts nothing is a seam. A session of no length, or wholly exempt,
-- requires nothing; one without an end cannot be told. The evidence names the cameras of the part, else the session.
WITH owed AS (
    FROM session_missing WHERE part = $part AND day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
), split AS (
    SELECT *, CASE WHEN has_camera THEN longer_than(missing, $join_tolerance_s * 1000) ELSE missing END AS lacking,
           subtract_intervals(lacking, not_asked) AS known_missing,
           intersect_intervals(lacking, not_asked) AS unknown_missing
    FROM owed WHERE len(missing) > 0
), opened AS (
    SELECT session_id, string_agg(camera_id, ' ' ORDER BY camera_id) AS camera_ids
    FROM session_cameras SEMI JOIN split USING (session_id) WHERE part = $part GROUP BY session_id
), found AS (
    SELECT s.session_id, total_length(known_missing) AS known_ms, total_length(unknown_missing) AS unknown_ms,
           coalesce(o.camera_ids, s.session_id) AS ref,
           list_concat(
               list_transform(known_missing, lambda gap:
                   {'kind': 'missing', 'from_at': make_timestamp_ms(gap.s), 'to_at': make_timestamp_ms(gap.e),
                    'ref': ref}),
               list_transform(unknown_missing, lambda gap:
                   {'kind': 'not_asked', 'from_at': make_timestamp_ms(gap.s), 'to_at': make_timestamp_ms(gap.e),
                    'ref': ref})) AS evidence
    FROM split s LEFT JOIN opened o USING (session_id)
)
SELECT o.session_id AS subject_id, o.agency_id, CAST(o.day AS VARCHAR) AS period,
       CASE WHEN NOT o.has_ended THEN 'end_not_recorded'
            WHEN f.session_id IS NULL THEN ''
            WHEN NOT o.has_camera THEN 'no_camera'
            WHEN f.known_ms > $tolerance_s * 1000 THEN 'footage_missing'
            WHEN f.unknown_ms > $tolerance_s * 1000 THEN 'not_asked' ELSE '' END AS reason,
       CASE WHEN reason = '' THEN 'pass' WHEN reason IN ('no_camera', 'footage_missing') THEN 'fail' ELSE 'unknown' END
           AS outcome,
       CASE WHEN o.has_ended THEN CAST(coalesce(f.known_ms, 0) / 1000 AS DECIMAL(18, 3)) END AS measured,
       $tolerance_s AS required,
       coalesce(f.evidence, []) AS evidence
FROM owed o LEFT JOIN found f USING (session_id)
