-- Some review of the report lies between the end of its last capture and its issue. A report without images needs a
-- review before its issue all the same.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item)
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), judged AS (
    SELECT r.report_no, bool_or(v.reviewed_at <= r.issued_at) AS before_issue,
           bool_or(v.reviewed_at <= r.issued_at AND coalesce(v.reviewed_at >= r.captured_at, true)) AS in_time
    FROM reports r JOIN report_reviews v USING (report_no) GROUP BY r.report_no
), outcomes AS (
    SELECT r.report_no, r.agency_id, r.day, r.captured_at,
           CASE WHEN r.is_exempt OR j.in_time THEN 'pass' ELSE 'fail' END AS outcome, j.before_issue
    FROM reports r LEFT JOIN judged j USING (report_no)
), failed AS (
    FROM outcomes WHERE outcome = 'fail'
), proofs AS (
    SELECT report_no,
           list({'kind': kind, 'from_at': instant, 'to_at': instant, 'ref': ref}
                ORDER BY kind, instant, ref) AS evidence
    FROM (SELECT f.report_no, 'last_capture' AS kind, f.captured_at AS instant, i.image_id AS ref
          FROM failed f JOIN report_images i ON i.report_no = f.report_no AND i.captured_at = f.captured_at
          WHERE i.own
          UNION ALL
          SELECT report_no, 'review', reviewed_at, role FROM report_reviews SEMI JOIN failed USING (report_no))
    GROUP BY report_no
)
SELECT o.report_no AS subject_id, o.agency_id, CAST(o.day AS VARCHAR) AS period, o.outcome,
       NULL AS measured,
       NULL AS required,
       CASE WHEN o.outcome = 'pass' THEN '' WHEN o.before_issue IS NULL THEN 'no_review'
            WHEN o.before_issue THEN 'reviewed_before_capture' ELSE 'reviewed_after_issue' END AS reason,
       coalesce(p.evidence, []) AS evidence
FROM outcomes o LEFT JOIN proofs p USING (report_no)
