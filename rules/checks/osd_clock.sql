-- Median distance between the time shown in the picture and the true time of the probe: one misread digit weighs little.
-- Half a millisecond, the mean of the middle two, is published rounded up.
WITH frames AS (
    SELECT camera_id, agency_id, day, probed_at, is_exempt,
           CASE WHEN NOT is_exempt THEN abs(epoch_ms(osd_time) - epoch_ms(probed_at)) END AS off_ms
    FROM probes
    WHERE outcome = 'ok' AND day_ends_at(day) + to_hours($grace_h) <= getvariable('now_at')
), days AS (
    SELECT camera_id, agency_id, day, median(off_ms) AS median_ms,
           CASE WHEN bool_and(is_exempt) OR median_ms <= $tolerance_s * 1000 THEN 'pass'
                WHEN median_ms IS NULL THEN 'unknown'
                ELSE 'suspect' END AS outcome
    FROM frames GROUP BY ALL
), proofs AS (
    SELECT camera_id, day,
           list({'kind': CASE WHEN off_ms IS NULL THEN 'not_read' ELSE 'osd_off' END,
                 'from_at': probed_at, 'to_at': probed_at, 'ref': camera_id} ORDER BY probed_at) AS evidence
    FROM frames SEMI JOIN (FROM days WHERE outcome <> 'pass') USING (camera_id, day)
    WHERE NOT is_exempt AND coalesce(off_ms > $tolerance_s * 1000, true)
    GROUP BY camera_id, day
)
SELECT camera_id AS subject_id, agency_id, CAST(day AS VARCHAR) AS period, outcome,
       CAST(round(median_ms) / 1000 AS DECIMAL(18, 3)) AS measured,
       $tolerance_s AS required,
       CASE outcome WHEN 'suspect' THEN 'osd_clock_wrong' WHEN 'unknown' THEN 'not_read' ELSE '' END AS reason,
       coalesce(p.evidence, []) AS evidence
FROM days LEFT JOIN proofs p USING (camera_id, day)
