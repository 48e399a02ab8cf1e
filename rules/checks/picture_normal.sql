-- Longest run of black or frozen frames among the day's `ok` probes; probes without a picture do not break a run. A
-- frame in exempt time is nobody's fault and breaks it, as a good one does: each of them opens the run of the bad ones
-- after it. Runs are told apart only on days with so many bad frames that there is something to tell.
WITH frames AS (
    SELECT camera_id, agency_id, day, probed_at,
           (coalesce(black, false) OR coalesce(frozen, false)) AND NOT is_exempt AS is_bad
    FROM probes
    WHERE outcome = 'ok' AND day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
), days AS (
    SELECT camera_id, agency_id, day, count(*) FILTER (WHERE is_bad) AS bad_count FROM frames GROUP BY ALL
), numbered AS (
    SELECT camera_id, day, probed_at, is_bad,
           count(*) FILTER (WHERE NOT is_bad) OVER (PARTITION BY camera_id, day ORDER BY probed_at) AS run_no
    FROM frames SEMI JOIN (FROM days WHERE bad_count > least(1, $most_in_a_row)) USING (camera_id, day)
), runs AS (
    SELECT camera_id, day, count(*) AS frame_count,
           {'kind': 'black_or_frozen', 'from_at': min(probed_at), 'to_at': max(probed_at), 'ref': camera_id} AS proof
    FROM numbered WHERE is_bad GROUP BY camera_id, day, run_no
), longest AS (
    SELECT camera_id, day, max(frame_count) AS frame_count,
           list(proof ORDER BY proof.from_at) FILTER (WHERE frame_count > $most_in_a_row) AS proofs
    FROM runs GROUP BY camera_id, day
)
SELECT camera_id AS subject_id, d.agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN l.frame_count > $most_in_a_row THEN 'suspect' ELSE 'pass' END AS outcome,
       coalesce(l.frame_count, d.bad_count) AS measured,
       $most_in_a_row AS required,
       CASE outcome WHEN 'suspect' THEN 'black_or_frozen' ELSE '' END AS reason,
       coalesce(l.proofs, []) AS evidence
FROM days d LEFT JOIN longest l USING (camera_id, day)
