-- The worst offset measured with any ok poll of the recorder's cameras that day; an empty offset was not measured.
WITH measured AS (
    SELECT c.recorder_id, local_day(p.asked_at) AS day, p.poll_id, p.asked_at, abs(p.clock_offset_ms) AS off_ms
    FROM known_polls p JOIN camera_duties c USING (camera_id)
    ANTI JOIN exempt x ON x.subject_type = 'recorder' AND x.subject_id = c.recorder_id
                      AND p.asked_at >= x.from_at AND p.asked_at < x.to_at
    WHERE c.recorder_id IN (SELECT recorder_id FROM recorder_days)
      AND p.outcome = 'ok' AND p.clock_offset_ms IS NOT NULL
      AND p.asked_at >= day_starts_at(getvariable('month_first'))
      AND p.asked_at < day_starts_at(getvariable('month_next'))
), worst AS (
    SELECT recorder_id, day, max(off_ms) AS off_ms,
           arg_max({'kind': 'clock_offset', 'from_at': asked_at, 'to_at': asked_at, 'ref': poll_id},
                   (off_ms, asked_at, poll_id)) AS proof
    FROM measured GROUP BY ALL
)
SELECT d.recorder_id AS subject_id, d.agency_id, CAST(d.day AS VARCHAR) AS period,
       CASE WHEN whole_day_exempt(x.away) THEN 'pass'
            WHEN w.off_ms IS NULL THEN 'unknown'
            WHEN w.off_ms <= $pass_s * 1000 THEN 'pass'
            WHEN w.off_ms <= $suspect_s * 1000 THEN 'suspect'
            ELSE 'fail' END AS outcome,
       CAST(w.off_ms / 1000 AS DECIMAL(18, 3)) AS measured,
       $pass_s AS required,
       CASE outcome WHEN 'pass' THEN '' WHEN 'unknown' THEN 'not_measured' ELSE 'clock_wrong' END AS reason,
       CASE WHEN outcome IN ('fail', 'suspect') THEN [w.proof] ELSE [] END AS evidence
FROM recorder_days d
LEFT JOIN worst w USING (recorder_id, day)
LEFT JOIN exempt_days x ON x.subject_type = 'recorder' AND x.subject_id = d.recorder_id AND x.day = d.day
WHERE day_ends_at(d.day) + to_hours($grace_h) <= getvariable('now_at')
