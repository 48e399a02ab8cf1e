-- The sessions of each judged report, of whatever agency: test and on-site ones that name it. `is_exempt`: started in
-- exempt time of the report's agency. Keys first, as in issued_reports.
WITH newest AS (
    SELECT session_id, kind, report_no, method, pile_no, started_at, ended_at, peak_at, withdrawn
    FROM sessions
    WHERE known_from <= getvariable('as_of')
      AND session_id IN (SELECT session_id FROM sessions WHERE report_no IN (SELECT report_no FROM issued_reports))
    QUALIFY row_number() OVER (PARTITION BY session_id ORDER BY known_from DESC, submission_id DESC) = 1
)
SELECT s.report_no, s.session_id, s.kind, s.method, s.pile_no, s.started_at, s.ended_at, s.peak_at,
       EXISTS (FROM exempt x WHERE x.subject_type = 'agency' AND x.subject_id = r.agency_id
                 AND s.started_at >= x.from_at AND s.started_at < x.to_at) AS is_exempt
FROM newest s JOIN issued_reports r USING (report_no)
WHERE NOT s.withdrawn AND s.kind IN ('test', 'onsite')
