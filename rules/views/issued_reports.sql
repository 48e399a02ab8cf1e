-- Reports in scope that were issued in the month, with their own method only. Those of which any version says so are
-- looked for first, because to find the newest version of every report on record costs several times as much.
WITH newest AS (
    SELECT report_no, agency_id, test_item, method, issued_at, withdrawn
    FROM reports
    WHERE known_from <= getvariable('as_of')
      AND report_no IN (SELECT report_no FROM reports WHERE issued_at >= day_starts_at(getvariable('month_first'))
                                                        AND issued_at < day_starts_at(getvariable('month_next')))
    QUALIFY row_number() OVER (PARTITION BY report_no ORDER BY known_from DESC, submission_id DESC) = 1
)
SELECT report_no, agency_id, test_item, method, issued_at
FROM newest
WHERE NOT withdrawn AND in_scope(agency_id) AND issued_at >= day_starts_at(getvariable('month_first'))
  AND issued_at < day_starts_at(getvariable('month_next'))
