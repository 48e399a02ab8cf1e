-- Keeps `unknown` from being a place to hide: some camera of the recorder answered in the last hours of the day.
WITH polls AS (
    SELECT c.recorder_id, p.asked_at, p.outcome, p.complete, p.poll_id
    FROM known_polls p JOIN camera_duties c USING (camera_id)
    WHERE c.recorder_id IN (SELECT recorder_id FROM recorder_days)
      AND p.asked_at >= day_starts_at(getvariable('month_first')) - to_hours(CAST($within_h AS INTEGER))
      AND p.asked_at < day_starts_at(getvariable('month_next'))
), counted AS (
    SELECT d.recorder_id, d.agency_id, d.day,
           count(*) FILTER (WHERE p.outcome = 'ok' AND p.complete) AS answer_count, count(p.poll_id) AS poll_count,
           list({'kind': p.outcome, 'from_at': p.asked_at, 'to_at': p.asked_at, 'ref': p.poll_id}
                ORDER BY p.asked_at, p.poll_id)
               FILTER (WHERE p.poll_id IS NOT NULL AND NOT (p.outcome = 'ok' AND p.complete)) AS failures
    FROM recorder_days d
    LEFT JOIN polls p ON p.recorder_id = d.recorder_id AND p.asked_at < day_ends_at(d.day)
                     AND p.asked_at >= day_ends_at(d.day) - to_hours(CAST($within_h AS INTEGER))
    WHERE day_ends_at(d.day) + to_hours($grace_h) <= getvariable('now_at')
    GROUP BY ALL
)
SELECT d.recorder_id AS subject_id, d.agency_id, CAST(d.day AS VARCHAR) AS period,
       CASE WHEN d.answer_count > 0 OR whole_day_exempt(x.away) THEN 'pass' ELSE 'suspect' END AS outcome,
       NULL AS measured, NULL AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN d.poll_count = 0 THEN 'not_asked' ELSE 'silent' END AS reason,
       CASE outcome WHEN 'suspect' THEN coalesce(d.failures, []) ELSE [] END AS evidence
FROM counted d
LEFT JOIN exempt_days x ON x.subject_type = 'recorder' AND x.subject_id = d.recorder_id AND x.day = d.day
