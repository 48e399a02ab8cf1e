-- Every session of the report has a clip of the failure (see failure_sessions). Without a session on record a clip may
-- be all that there was to show, so a person must look.
SELECT report_no AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN f.required IS NULL THEN CASE WHEN is_exempt THEN 'pass' WHEN has_lone THEN 'suspect' ELSE 'fail' END
            WHEN f.served < f.required THEN 'fail'
            ELSE 'pass' END AS outcome,
       coalesce(f.served, 0) AS measured,
       coalesce(f.required, 0) AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN f.required IS NULL THEN 'no_session_on_record'
            ELSE 'clip_missing' END AS reason,
       CASE WHEN outcome = 'pass' THEN [] ELSE f.evidence END AS evidence
FROM failure_clips f
WHERE test_item = $test_item AND issued_at + to_hours($grace_h) <= getvariable('now_at')
