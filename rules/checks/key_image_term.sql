-- Every image of the report is to be kept for the term counted from the day of issue. The 20 years of foundation tests
-- are a "should" of the standard, so less of them is only suspected.
WITH reports AS (
    SELECT *, day + to_years(CAST($years AS INTEGER)) AS least_until,
           CASE WHEN list_contains(string_split($structural_items, ' '), test_item)
                THEN day + to_years(CAST($structural_years AS INTEGER)) END AS structural_until
    FROM judged_reports
    WHERE image_count IS NOT NULL AND list_contains(string_split($test_items, ' '), test_item)
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), judged AS (
    SELECT *, CASE WHEN is_exempt THEN 'pass'
                   WHEN kept_until < least_until THEN 'fail'
                   WHEN kept_until < structural_until THEN 'suspect'
                   WHEN term_count < image_count THEN 'unknown' ELSE 'pass' END AS outcome
    FROM reports
), troubled AS (
    SELECT r.report_no, i.image_id, i.started_at,
           CASE WHEN i.keep_until IS NULL THEN 'term_not_recorded'
                WHEN i.keep_until < r.least_until THEN 'term_too_short'
                WHEN i.keep_until < r.structural_until THEN 'structural_term_too_short' END AS problem
    FROM judged r JOIN report_images i USING (report_no) WHERE r.outcome <> 'pass' AND i.own
), proofs AS (
    SELECT report_no,
           list({'kind': problem, 'from_at': started_at, 'to_at': started_at, 'ref': image_id} ORDER BY image_id)
               AS evidence
    FROM troubled WHERE problem IS NOT NULL GROUP BY report_no
)
SELECT j.report_no AS subject_id, j.agency_id, CAST(j.day AS VARCHAR) AS period, j.outcome,
       NULL AS measured,
       NULL AS required,
       CASE j.outcome WHEN 'fail' THEN 'term_too_short' WHEN 'suspect' THEN 'structural_term_too_short'
            WHEN 'unknown' THEN 'term_not_recorded' ELSE '' END AS reason,
       coalesce(p.evidence, []) AS evidence
FROM judged j LEFT JOIN proofs p USING (report_no)
