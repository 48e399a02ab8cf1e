-- The sessions of each judged report, of whatever agency: test and on-site ones that name it. `is_exempt`: started in
-- exempt time of the report's agency. The newest version is looked for as in issued_reports.
WITH versions AS MATERIALIZED (
    SELECT session_id, kind, report_no, method, pile_no, started_at, ended_at, peak_at, withdrawn, known_from,
           submission_id
    FROM sessions
    WHERE known_from <= getvariable('as_of')
      AND session_id IN (SELECT session_id FROM sessions WHERE report_no IN (SELECT report_no FROM issued_reports))
), again AS MATERIALIZED (
    SELECT session_id FROM versions GROUP BY session_id HAVING count(*) > 1
), newest AS (
    FROM versions ANTI JOIN again USING (session_id)
    UNION ALL
    (FROM versions SEMI JOIN again USING (session_id)
     QUALIFY row_number() OVER (PARTITION BY session_id ORDER BY known_from DESC, submission_id DESC) = 1)
)
SELECT s.report_no, s.session_id, s.kind, s.method, s.pile_no, s.started_at, s.ended_at, s.peak_at,
       lies_in(s.started_at, x.away) AS is_exempt
FROM newest s JOIN issued_reports r USING (report_no) LEFT JOIN agency_exempt x ON x.agency_id = r.agency_id
WHERE NOT s.withdrawn AND s.kind IN ('test', 'onsite')
