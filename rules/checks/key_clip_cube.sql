-- As key_clip_rebar, and the crushing of a cube cannot be as short as the longest clip of some session.
WITH timed AS (
    SELECT report_no, agency_id, day, evidence, required, coalesce(served, 0) AS served,
           CASE WHEN required IS NULL THEN CASE WHEN is_exempt THEN 'pass' WHEN has_lone THEN 'suspect' ELSE 'fail' END
                WHEN served < required THEN 'fail'
                WHEN shortest_ms < $shortest_s * 1000 THEN 'suspect'
                ELSE 'pass' END AS outcome
    FROM failure_clips
    WHERE test_item = $test_item AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), short AS (
    SELECT report_no, list({'kind': 'session_with_short_clip', 'from_at': started_at, 'to_at': ended_at,
                            'ref': session_id}) AS evidence
    FROM failure_sessions SEMI JOIN (FROM timed WHERE outcome = 'suspect') USING (report_no)
    WHERE NOT is_exempt AND longest_ms < $shortest_s * 1000 GROUP BY report_no
)
SELECT t.report_no AS subject_id, t.agency_id, CAST(t.day AS VARCHAR) AS period, t.outcome,
       t.served AS measured,
       coalesce(t.required, 0) AS required,
       CASE WHEN t.outcome = 'pass' THEN '' WHEN t.required IS NULL THEN 'no_session_on_record'
            WHEN t.outcome = 'fail' THEN 'clip_missing' ELSE 'clip_short' END AS reason,
       CASE WHEN t.outcome = 'pass' THEN []
            WHEN t.outcome = 'fail' OR t.required IS NULL THEN t.evidence
            ELSE list_sort(s.evidence) END AS evidence
FROM timed t LEFT JOIN short s USING (report_no)
