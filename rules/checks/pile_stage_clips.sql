-- Every load stage on record has its clip, from before the loading starts until after it is complete. A stage without a
-- completion time cannot be proven either way: it makes the report unknown, not passed.
WITH reports AS (
    SELECT *, list_contains(string_split($methods, ' '), method) AS is_described
    FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item)
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), clips AS (
    SELECT session_id, stage_no, started_at, ended_at FROM session_clips
    WHERE role = 'load_stage' AND pile_no IS NOT NULL
      AND ended_at - started_at >= to_seconds($clip_s)
), fitting AS (
    SELECT t.report_no, t.session_id, t.stage_no, t.is_exempt, t.started_at, t.completed_at,
           bool_or(c.ended_at >= t.completed_at + to_seconds($after_s)) AS served,
           any_value(c.session_id) FILTER (t.completed_at IS NULL) AS undecided
    FROM report_stages t
    LEFT JOIN clips c ON c.session_id = t.session_id AND c.stage_no = t.stage_no
                     AND c.started_at <= t.started_at - to_seconds($before_s)
    WHERE t.direction = 'load'
    GROUP BY ALL
), sums AS (
    SELECT report_no, count(*) FILTER (NOT is_exempt) AS required, count(*) FILTER (served AND NOT is_exempt) AS served,
           count(undecided) FILTER (NOT is_exempt) AS undecided,
           in_order(list({'key': {'session': session_id, 'stage': stage_no}, 'piece': {
               'kind': 'stage_without_clip', 'from_at': started_at, 'to_at': coalesce(completed_at, started_at),
               'ref': session_id || ' ' || stage_no}})
               FILTER (NOT is_exempt AND NOT coalesce(served, false))) AS evidence
    FROM fitting GROUP BY report_no
), lone AS (
    SELECT report_no, list({'kind': 'clip_without_stage', 'from_at': started_at, 'to_at': ended_at, 'ref': image_id}
                           ORDER BY image_id) AS evidence
    FROM report_images WHERE role = 'load_stage' AND media = 'clip' AND ended_at - started_at >= to_seconds($clip_s)
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
       CASE WHEN outcome = 'pass' THEN ''
            WHEN outcome = 'unknown' THEN 'completion_not_recorded'
            WHEN s.required IS NULL AND r.is_described THEN 'no_stage_on_record'
            WHEN s.required IS NULL THEN 'no_stage_on_record_by_analogy'
            WHEN r.is_described THEN 'stage_clip_missing'
            ELSE 'stage_clip_missing_by_analogy' END AS reason,
       CASE outcome WHEN 'pass' THEN [] WHEN 'suspect' THEN l.evidence ELSE coalesce(s.evidence, []) END AS evidence
FROM reports r LEFT JOIN sums s USING (report_no) LEFT JOIN lone l USING (report_no)
