-- Every image of the report was stored by the time of its issue.
WITH images AS (
    SELECT r.report_no, r.agency_id, r.day, r.issued_at, r.is_exempt, i.image_id, i.stored_at,
           i.stored_at > r.issued_at AS is_late
    FROM judged_reports r JOIN report_images i USING (report_no)
    WHERE i.own AND list_contains(string_split($test_items, ' '), r.test_item)
      AND r.issued_at + to_hours($grace_h) <= getvariable('now_at')
), troubled AS (
    SELECT report_no, bool_or(is_late) AS some_late, bool_or(stored_at IS NULL) AS some_missing,
           list({'kind': CASE WHEN is_late THEN 'stored_late' ELSE 'storing_not_recorded' END, 'from_at': issued_at,
                 'to_at': coalesce(stored_at, issued_at), 'ref': image_id} ORDER BY image_id) AS evidence
    FROM images WHERE is_late OR stored_at IS NULL GROUP BY report_no
), reports AS (
    SELECT report_no, agency_id, day, is_exempt, some_late, some_missing, evidence
    FROM (SELECT DISTINCT report_no, agency_id, day, is_exempt FROM images) LEFT JOIN troubled USING (report_no)
)
SELECT report_no AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN is_exempt THEN 'pass' WHEN some_late THEN 'fail'
            WHEN some_missing THEN 'unknown' ELSE 'pass' END AS outcome,
       NULL AS measured,
       NULL AS required,
       CASE outcome WHEN 'fail' THEN 'stored_after_issue'
            WHEN 'unknown' THEN 'storing_not_recorded' ELSE '' END AS reason,
       CASE WHEN outcome = 'pass' THEN [] ELSE evidence END AS evidence
FROM reports
