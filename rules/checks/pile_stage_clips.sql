-- Every load stage on record has its clip, from before the loading starts until after it is complete. A stage without a
-- completion time cannot be proven either way: it makes the report unknown, not passed.
WITH piles AS (
    SELECT r.report_no, r.agency_id, r.issued_at,
           coalesce(coalesce(r.method, (SELECT min(s.method) FROM known_sessions s WHERE s.report_no = r.report_no))
                    IN ('kentledge', 'self_balanced'), false) AS is_described
    FROM known_reports r
    WHERE r.test_item IN ('PILE_COMP', 'PILE_UPLIFT', 'PILE_LATERAL')
      AND local_day(r.issued_at) >= getvariable('month_first') AND local_day(r.issued_at) < getvariable('month_next')
      AND r.issued_at + to_hours($grace_h) <= getvariable('now_at')
), stages AS (
    SELECT p.report_no, s.session_id, l.stage_no, l.started_at, l.completed_at,
           EXISTS (FROM exempt x WHERE x.subject_type = 'agency' AND x.subject_id = p.agency_id
                     AND l.started_at >= x.from_at AND l.started_at < x.to_at) AS is_exempt
    FROM piles p
    JOIN known_sessions s ON s.report_no = p.report_no AND s.kind IN ('test', 'onsite')
    JOIN known_load_stages l ON l.session_id = s.session_id AND l.direction = 'load'
), clips AS (
    SELECT i.report_no, s.report_no AS session_report_no
    FROM known_key_images i
    LEFT JOIN known_sessions s ON s.session_id = i.session_id AND s.kind IN ('test', 'onsite')
    WHERE i.media = 'clip' AND i.role = 'load_stage' AND i.ended_at - i.started_at >= to_seconds($clip_s)
), fitting AS (
    SELECT s.report_no, s.session_id, s.stage_no, s.started_at, s.completed_at, s.is_exempt,
           coalesce(bool_or(c.ended_at >= s.completed_at + to_seconds($after_s)), false) AS served,
           s.completed_at IS NULL AND count(c.image_id) > 0 AS undecided
    FROM stages s
    LEFT JOIN known_key_images c
      ON (c.session_id = s.session_id OR c.session_id IS NULL AND c.report_no = s.report_no)
     AND c.media = 'clip' AND c.role = 'load_stage' AND c.stage_no = s.stage_no AND c.pile_no IS NOT NULL
     AND c.ended_at - c.started_at >= to_seconds($clip_s)
     AND c.started_at <= s.started_at - to_seconds($before_s)
    GROUP BY s.report_no, s.session_id, s.stage_no, s.started_at, s.completed_at, s.is_exempt
), sums AS (
    SELECT report_no, count(*) AS on_record, count(*) FILTER (WHERE NOT is_exempt) AS required,
           count(*) FILTER (WHERE served AND NOT is_exempt) AS served,
           count(*) FILTER (WHERE undecided AND NOT is_exempt) AS undecided,
           list({'kind': 'stage_without_clip', 'from_at': started_at, 'to_at': coalesce(completed_at, started_at),
                 'ref': session_id || ' ' || stage_no} ORDER BY session_id, stage_no)
               FILTER (WHERE NOT served AND NOT is_exempt) AS evidence
    FROM fitting GROUP BY report_no
), judged AS (
    SELECT p.report_no, p.agency_id, p.is_described, local_day(p.issued_at) AS day, s.on_record, s.required, s.served, s.evidence,
           CASE WHEN s.on_record IS NULL
                     THEN CASE WHEN EXISTS (FROM clips c WHERE p.report_no IN (c.report_no, c.session_report_no))
                               THEN 'suspect' ELSE 'fail' END
                WHEN s.served + s.undecided < s.required THEN 'fail'
                WHEN s.undecided > 0 THEN 'unknown'
                ELSE 'pass' END AS outcome
    FROM piles p LEFT JOIN sums s USING (report_no)
)
SELECT report_no AS subject_id, agency_id, CAST(day AS VARCHAR) AS period, outcome,
       coalesce(served, 0) AS measured, coalesce(required, 0) AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN outcome = 'fail' AND NOT is_described THEN 'by_analogy' WHEN on_record IS NULL THEN 'no_stage_on_record'
            WHEN outcome = 'unknown' THEN 'completion_not_recorded' ELSE 'stage_clip_missing' END AS reason,
       coalesce(evidence, []) AS evidence
FROM judged
