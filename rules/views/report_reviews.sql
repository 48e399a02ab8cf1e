-- The reviews of the images of each judged report. The newest version is looked for as in issued_reports.
WITH versions AS MATERIALIZED (
    SELECT report_no, person, role, reviewed_at, withdrawn, known_from, submission_id
    FROM image_reviews
    WHERE known_from <= getvariable('as_of') AND report_no IN (SELECT report_no FROM issued_reports)
), again AS MATERIALIZED (
    SELECT report_no, person, role, reviewed_at FROM versions GROUP BY ALL HAVING count(*) > 1
), newest AS (
    FROM versions ANTI JOIN again USING (report_no, person, role, reviewed_at)
    UNION ALL
    (FROM versions SEMI JOIN again USING (report_no, person, role, reviewed_at)
     QUALIFY row_number() OVER (PARTITION BY report_no, person, role, reviewed_at
                                ORDER BY known_from DESC, submission_id DESC) = 1)
)
SELECT report_no, role, reviewed_at FROM newest WHERE NOT withdrawn
