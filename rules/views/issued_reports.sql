-- Reports in scope that were issued in the month, with their own method only. Those of which any version says so are
-- looked for first, and only among those handed in again the newest version is: to rank every version on record costs
-- several times as much.
WITH versions AS MATERIALIZED (
    SELECT report_no, agency_id, test_item, method, issued_at, withdrawn, known_from, submission_id
    FROM reports
    WHERE known_from <= getvariable('as_of')
      AND report_no IN (SELECT report_no FROM reports
                        WHERE in_scope(agency_id) AND issued_at >= day_starts_at(getvariable('month_first'))
                          AND issued_at < day_starts_at(getvariable('month_next')))
), again AS MATERIALIZED (
    SELECT report_no FROM versions GROUP BY report_no HAVING count(*) > 1
), newest AS (
    FROM versions ANTI JOIN again USING (report_no)
    UNION ALL
    (FROM versions SEMI JOIN again USING (report_no)
     QUALIFY row_number() OVER (PARTITION BY report_no ORDER BY known_from DESC, submission_id DESC) = 1)
)
SELECT report_no, agency_id, test_item, method, issued_at
FROM newest
WHERE NOT withdrawn AND in_scope(agency_id) AND issued_at >= day_starts_at(getvariable('month_first'))
  AND issued_at < day_starts_at(getvariable('month_next'))
