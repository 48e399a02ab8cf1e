-- Each session that was unloaded has one clip from before its last unloading stage was complete until then. A session
-- with a stage whose completion is not on record cannot be proven either way.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item)
      AND list_contains(string_split($methods, ' '), method)
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), unloadings AS (
    SELECT session_id, max(started_at) AS began_at,
           CASE WHEN bool_and(completed_at IS NOT NULL) THEN max(completed_at) END AS completed_at
    FROM report_stages WHERE direction = 'unload' GROUP BY session_id
), clips AS (
    SELECT session_id, started_at, ended_at FROM session_clips
    WHERE role = 'unload' AND ended_at - started_at >= to_seconds($clip_s)
), fitting AS (
    SELECT s.report_no, s.session_id, s.is_exempt, u.began_at, u.completed_at,
           bool_or(c.started_at <= u.completed_at - to_seconds($clip_s) AND c.ended_at >= u.completed_at) AS served,
           any_value(c.session_id) FILTER (u.completed_at IS NULL) AS undecided
    FROM unloadings u JOIN report_sessions s USING (session_id) LEFT JOIN clips c USING (session_id)
    GROUP BY ALL
), sums AS (
    SELECT report_no, count(*) FILTER (NOT is_exempt) AS required, count(*) FILTER (served AND NOT is_exempt) AS served,
           count(undecided) FILTER (NOT is_exempt) AS undecided,
           in_order(list({'key': session_id, 'piece': {
               'kind': 'unloading_without_clip', 'from_at': coalesce(completed_at, began_at) - to_seconds($clip_s),
               'to_at': coalesce(completed_at, began_at), 'ref': session_id}})
               FILTER (NOT is_exempt AND NOT coalesce(served, false))) AS evidence
    FROM fitting GROUP BY report_no
), lone AS (
    SELECT report_no, list({'kind': 'clip_without_stage', 'from_at': started_at, 'to_at': ended_at, 'ref': image_id}
                           ORDER BY image_id) AS evidence
    FROM report_images WHERE role = 'unload' AND media = 'clip' AND ended_at - started_at >= to_seconds($clip_s)
      AND report_no NOT IN (SELECT report_no FROM sums)
    GROUP BY report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period,
       CASE WHEN s.required IS NULL
            THEN CASE WHEN r.is_exempt THEN 'pass' WHEN l.report_no IS NULL THEN 'fail' ELSE 'suspect' END
            WHEN s.served + s.undecided < s.required THEN 'fail'
            WHEN s.served < s.required THEN 'unknown'
            ELSE 'pass' END AS outcome,
       coalesce(s.served, 0) AS measured,
       coalesce(s.required, 0) AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN s.required IS NULL THEN 'no_stage_on_record'
            WHEN outcome = 'unknown' THEN 'completion_not_recorded' ELSE 'clip_missing' END AS reason,
       CASE outcome WHEN 'pass' THEN [] WHEN 'suspect' THEN l.evidence ELSE coalesce(s.evidence, []) END AS evidence
FROM reports r LEFT JOIN sums s USING (report_no) LEFT JOIN lone l USING (report_no)
