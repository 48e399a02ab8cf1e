-- Every image of the report is to be kept for the term counted from the day of issue. The 20 years of foundation tests
-- are a "should" of the standard, so less of them is only suspected.
WITH reports AS (
    SELECT *, day + to_years(CAST($years AS INTEGER)) AS least_until,
           CASE WHEN list_contains(string_split($structural_items, ' '), test_item)
                THEN day + to_years(CAST($structural_years AS INTEGER)) END AS structural_until
    FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item)
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), images AS (
    SELECT r.report_no, r.agency_id, r.day, r.is_exempt, i.image_id, i.started_at,
           CASE WHEN i.keep_until IS NULL THEN 'term_not_recorded'
                WHEN i.keep_until < r.least_until THEN 'term_too_short'
                WHEN i.keep_until < r.structural_until THEN 'structural_term_too_short' END AS problem
    FROM reports r JOIN report_images i USING (report_no) WHERE i.own
), troubled AS (
    SELECT report_no, list(DISTINCT problem) AS problems,
           list({'kind': problem, 'from_at': started_at, 'to_at': started_at, 'ref': image_id} ORDER BY image_id)
               AS evidence
    FROM images WHERE problem IS NOT NULL GROUP BY report_no
), judged AS (
    SELECT report_no, agency_id, day, is_exempt, problems, evidence
    FROM (SELECT DISTINCT report_no, agency_id, day, is_exempt FROM images) LEFT JOIN troubled USING (report_no)
)
SELECT report_no AS subject_id, agency_id, CAST(day AS VARCHAR) AS period,
       CASE WHEN is_exempt THEN 'pass'
            WHEN list_contains(problems, 'term_too_short') THEN 'fail'
            WHEN list_contains(problems, 'structural_term_too_short') THEN 'suspect'
            WHEN list_contains(problems, 'term_not_recorded') THEN 'unknown' ELSE 'pass' END AS outcome,
       NULL AS measured,
       NULL AS required,
       CASE outcome WHEN 'fail' THEN 'term_too_short' WHEN 'suspect' THEN 'structural_term_too_short'
            WHEN 'unknown' THEN 'term_not_recorded' ELSE '' END AS reason,
       CASE WHEN outcome = 'pass' THEN [] ELSE evidence END AS evidence
FROM judged
