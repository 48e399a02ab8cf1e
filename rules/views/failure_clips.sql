-- What each judged report on rebar or cubes has of the failure. `required`: its sessions outside exempt time, NULL if
-- none is on record; `served`: those with a clip that shows it (see failure_sessions); `shortest_ms`: of each of these
-- the length of its longest such clip, and of these lengths the least. `has_lone`: there is a clip, but no session.
-- `evidence`: sessions not served, or the lone clips. Lists are sorted when made, because an ordered aggregate costs
-- several times as much.
WITH sums AS (
    SELECT report_no, count(*) FILTER (NOT is_exempt) AS required, count(longest_ms) FILTER (NOT is_exempt) AS served,
           min(longest_ms) FILTER (NOT is_exempt) AS shortest_ms
    FROM failure_sessions GROUP BY report_no
), unserved AS (
    SELECT report_no, list({'kind': 'session_without_clip', 'from_at': started_at, 'to_at': ended_at,
                            'ref': session_id}) AS evidence
    FROM failure_sessions WHERE NOT is_exempt AND longest_ms IS NULL GROUP BY report_no
), lone AS (
    SELECT report_no,
           list({'kind': 'clip_without_session', 'from_at': started_at, 'to_at': ended_at, 'ref': image_id}) AS evidence
    FROM report_images
    WHERE role = 'failure' AND media = 'clip' AND ended_at IS NOT NULL
      AND report_no NOT IN (SELECT report_no FROM report_sessions)
    GROUP BY report_no
)
SELECT r.report_no, r.agency_id, r.test_item, r.issued_at, r.day, r.is_exempt, s.required, s.served, s.shortest_ms,
       l.report_no IS NOT NULL AS has_lone, list_sort(coalesce(u.evidence, l.evidence, [])) AS evidence
FROM judged_reports r LEFT JOIN sums s USING (report_no) LEFT JOIN unserved u USING (report_no)
LEFT JOIN lone l USING (report_no)
WHERE r.test_item IN ('REBAR_TENSILE', 'CUBE_COMP')
