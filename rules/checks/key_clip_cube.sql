-- As key_clip_rebar, and the crushing of a cube cannot be as short as the longest clip of some session.
WITH timed AS (
    SELECT *, list_filter(longest, lambda session: session.longest_ms < $shortest_s * 1000) AS short
    FROM failure_clips
    WHERE test_item = $test_item AND issued_at + to_hours($grace_h) <= getvariable('now_at')
)
SELECT report_no AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN t.required IS NULL THEN CASE WHEN is_exempt THEN 'pass' WHEN has_lone THEN 'suspect' ELSE 'fail' END
            WHEN t.served < t.required THEN 'fail'
            WHEN len(short) > 0 THEN 'suspect'
            ELSE 'pass' END AS outcome,
       coalesce(t.served, 0) AS measured,
       coalesce(t.required, 0) AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN t.required IS NULL THEN 'no_session_on_record'
            WHEN outcome = 'fail' THEN 'clip_missing' ELSE 'clip_short' END AS reason,
       CASE WHEN outcome = 'pass' THEN []
            WHEN outcome = 'fail' OR t.required IS NULL THEN t.evidence
            ELSE list_sort(list_transform(short, lambda session: {
                'kind': 'session_with_short_clip', 'from_at': session.started_at, 'to_at': session.ended_at,
                'ref': session.session_id})) END AS evidence
FROM timed t
