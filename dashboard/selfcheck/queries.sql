-- What a self-check asks of judged verdicts (registered as `judged` and, without any grace, as `ahead`) and of what was
-- known (data/known.py).

-- name: agencies
SELECT agency_id, name FROM known_agencies ORDER BY agency_id;

-- name: subjects
CREATE OR REPLACE TEMP VIEW subjects AS
WITH rooms AS (
    SELECT r.room_id, r.name AS place, p.name AS site FROM known_rooms r LEFT JOIN known_premises p USING (premises_id)
)
SELECT 'room' AS subject_type, room_id AS subject_id, place, site, CAST(NULL AS TIMESTAMP) AS issued_at FROM rooms
UNION ALL
SELECT 'camera', c.camera_id, r.place, coalesce(r.site, p.name), NULL
FROM known_cameras c LEFT JOIN rooms r USING (room_id) LEFT JOIN known_recorders n USING (recorder_id)
LEFT JOIN known_premises p USING (premises_id)
UNION ALL
SELECT 'recorder', n.recorder_id, n.address, p.name, NULL
FROM known_recorders n LEFT JOIN known_premises p USING (premises_id)
UNION ALL
SELECT 'device', d.device_id, concat_ws(' ', r.place, d.name), r.site, NULL
FROM known_devices d LEFT JOIN rooms r USING (room_id)
UNION ALL
SELECT 'session', s.session_id, r.place, r.site, NULL FROM known_sessions s LEFT JOIN rooms r USING (room_id)
UNION ALL
SELECT 'report', report_no, project, NULL, issued_at FROM known_reports
UNION ALL
SELECT 'image', image_id, report_no, NULL, NULL FROM known_key_images;

-- name: findings
-- The joining of periods is the body of dashboard/findings.sql; `issued_at` is that of a report.
WITH bad AS (FROM {bad}), joined AS ({findings})
SELECT j.finding_id, j.rule_id, j.subject_type, j.subject_id, j.agency_id, j.outcome, j.measured, j.required, j.unit,
       j.reason, j.clause, coalesce(s.place, '') AS place, coalesce(s.site, '') AS site, s.issued_at,
       list({'period': b.period, 'outcome': b.outcome, 'measured': b.measured, 'required': b.required,
             'reason': b.reason, 'evidence': b.evidence} ORDER BY b.period) AS periods
FROM joined j JOIN bad b USING (rule_id, subject_type, subject_id) LEFT JOIN subjects s USING (subject_type, subject_id)
WHERE b.period BETWEEN j.first_period AND j.last_period AND length(b.period) = length(j.first_period)
GROUP BY ALL ORDER BY ALL;

-- name: listed
SELECT * FROM judged WHERE outcome IN ('fail', 'suspect');

-- name: pending
SELECT * FROM ahead WHERE outcome IN ('fail', 'suspect')
  AND (rule_id, subject_type, subject_id, period) NOT IN
      (SELECT (rule_id, subject_type, subject_id, period) FROM judged WHERE outcome IN ('fail', 'suspect'));

-- name: unseen
SELECT rule_id, subject_type, subject_id, agency_id, reason, coalesce(s.place, '') AS place,
       coalesce(s.site, '') AS site, min(period) AS first_period, max(period) AS last_period,
       count(*) AS period_count, list(evidence ORDER BY period) AS evidence
FROM judged LEFT JOIN subjects s USING (subject_type, subject_id)
WHERE outcome = 'unknown' GROUP BY ALL ORDER BY ALL;

-- name: outcomes
SELECT outcome, count(*) FROM judged GROUP BY ALL;

-- name: broken
SELECT rule_id, reason FROM judged WHERE outcome = 'error' ORDER BY ALL;
