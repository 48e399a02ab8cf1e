-- Every image of the report was stored by the time of its issue.
WITH reports AS (
    SELECT report_no, agency_id, day, issued_at,
           CASE WHEN is_exempt THEN 'pass' WHEN stored_at > issued_at THEN 'fail'
                WHEN stored_count < image_count THEN 'unknown' ELSE 'pass' END AS outcome
    FROM judged_reports
    WHERE image_count IS NOT NULL AND list_contains(string_split($test_items, ' '), test_item)
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), proofs AS (
    SELECT r.report_no,
           list({'kind': CASE WHEN i.stored_at > r.issued_at THEN 'stored_late' ELSE 'storing_not_recorded' END,
                 'from_at': r.issued_at, 'to_at': coalesce(i.stored_at, r.issued_at), 'ref': i.image_id}
                ORDER BY i.image_id) AS evidence
    FROM reports r JOIN report_images i USING (report_no)
    WHERE r.outcome <> 'pass' AND i.own AND coalesce(i.stored_at > r.issued_at, true) GROUP BY r.report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period, r.outcome,
       NULL AS measured,
       NULL AS required,
       CASE r.outcome WHEN 'fail' THEN 'stored_after_issue'
            WHEN 'unknown' THEN 'storing_not_recorded' ELSE '' END AS reason,
       coalesce(p.evidence, []) AS evidence
FROM reports r LEFT JOIN proofs p USING (report_no)
