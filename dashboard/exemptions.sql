-- A month's exemptions with how many verdicts each excused. A query's body over the relations `granted` (exemptions) and `excused`
-- (the month's excused verdicts); {from_at}, {to_at} and {now_at} are the month and the present.
--
-- An exemption excused a verdict when the verdict's subject lies in its scope and it holds some of the time that the
-- verdict is about: a piece of its evidence, or, when no piece lies in an exemption of such a scope, its period. A report
-- is exempt by its issue and by the starts of its sessions and stages (rules/views), so for it these are the time. Two
-- exemptions that share one verdict count it both; none that had a part is ever left at nought.
WITH cameras AS (
    SELECT c.camera_id, c.room_id, c.recorder_id, p.premises_id
    FROM known_cameras c LEFT JOIN known_rooms r USING (room_id) LEFT JOIN known_recorders n USING (recorder_id)
    LEFT JOIN known_premises p ON p.premises_id = coalesce(r.premises_id, n.premises_id)
), places AS (
    SELECT 'room' AS subject_type, room_id AS subject_id, unnest(['premises', 'room']) AS scope_type,
           unnest([premises_id, room_id]) AS scope_id FROM known_rooms
    UNION ALL
    SELECT 'device', d.device_id, unnest(['premises', 'room']), unnest([r.premises_id, r.room_id])
    FROM known_devices d JOIN known_rooms r USING (room_id)
    UNION ALL
    SELECT 'session', s.session_id, unnest(['premises', 'room']), unnest([r.premises_id, r.room_id])
    FROM known_sessions s JOIN known_rooms r USING (room_id)
    UNION ALL
    SELECT 'recorder', recorder_id, unnest(['premises', 'recorder']), unnest([premises_id, recorder_id]) FROM known_recorders
    UNION ALL
    SELECT 'camera', camera_id, unnest(['premises', 'room', 'recorder', 'camera']),
           unnest([premises_id, room_id, recorder_id, camera_id]) FROM cameras
), pardons AS (
    SELECT row_number() OVER (ORDER BY rule_id, subject_type, subject_id, period) AS verdict_no, subject_type, subject_id,
           agency_id, evidence, day_starts_at(CAST(left(period || '-01', 10) AS DATE)) AS starts_at,
           CASE WHEN length(period) = 10 THEN day_ends_at(CAST(period AS DATE))
                ELSE day_starts_at(CAST(CAST(period || '-01' AS DATE) + INTERVAL 1 MONTH AS DATE)) END AS ends_at
    FROM excused
), spans AS (
    SELECT verdict_no, true AS is_exact, piece.from_at, coalesce(piece.to_at, piece.from_at) AS to_at
    FROM (SELECT verdict_no, unnest(from_json(evidence, '[{"from_at": "TIMESTAMP", "to_at": "TIMESTAMP"}]')) AS piece
          FROM pardons WHERE subject_type <> 'report')
    WHERE piece.from_at IS NOT NULL
    UNION ALL
    SELECT v.verdict_no, true, r.issued_at, r.issued_at
    FROM pardons v JOIN known_reports r ON v.subject_type = 'report' AND r.report_no = v.subject_id
    UNION ALL
    SELECT v.verdict_no, true, unnest([s.started_at, l.started_at]), unnest([s.started_at, l.started_at])
    FROM pardons v JOIN known_sessions s ON v.subject_type = 'report' AND s.report_no = v.subject_id
    LEFT JOIN known_load_stages l USING (session_id)
    UNION ALL
    SELECT verdict_no, false, starts_at, ends_at FROM pardons
), contained AS (
    SELECT verdict_no, scope_type, scope_id FROM pardons JOIN places USING (subject_type, subject_id)
    UNION ALL SELECT verdict_no, 'agency', agency_id FROM pardons
), parts AS (
    SELECT DISTINCT x.exemption_id, s.verdict_no, s.is_exact
    FROM granted x JOIN contained c USING (scope_type, scope_id) JOIN spans s USING (verdict_no)
    WHERE s.from_at < x.to_at AND (x.from_at < s.to_at OR x.from_at <= s.from_at)
), counted AS (
    SELECT exemption_id, count(DISTINCT verdict_no) AS excused_count
    FROM (FROM parts WHERE is_exact OR verdict_no NOT IN (SELECT verdict_no FROM parts WHERE is_exact))
    GROUP BY exemption_id
)
SELECT x.exemption_id, x.scope_type, x.scope_id, x.from_at, x.to_at, x.reason, x.document_no, x.approved_by,
       coalesce(c.excused_count, 0) AS excused_count,
       CASE WHEN x.from_at > {now_at} THEN 'ahead' WHEN x.to_at <= {now_at} THEN 'expired'
            WHEN coalesce(c.excused_count, 0) = 0 THEN 'unused' ELSE 'in_force' END AS state
FROM granted x LEFT JOIN counted c USING (exemption_id)
WHERE x.from_at < x.to_at AND x.from_at < {to_at} AND x.to_at > {from_at}
ORDER BY x.from_at, x.exemption_id
