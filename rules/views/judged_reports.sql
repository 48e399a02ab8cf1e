-- Reports in scope that were issued in the month. `method`: its own, else the smallest of its sessions. `is_exempt`:
-- issued in exempt time of its agency.
WITH methods AS (
    SELECT report_no, min(method) AS method FROM report_sessions GROUP BY report_no
)
SELECT r.report_no, r.agency_id, r.test_item, coalesce(r.method, m.method) AS method, r.issued_at,
       local_day(r.issued_at) AS day,
       EXISTS (FROM exempt x WHERE x.subject_type = 'agency' AND x.subject_id = r.agency_id
                 AND r.issued_at >= x.from_at AND r.issued_at < x.to_at) AS is_exempt
FROM issued_reports r LEFT JOIN methods m USING (report_no)
