-- The loading and unloading stages of each judged report's sessions. `is_exempt`: started in exempt time of the
-- report's agency.
SELECT s.report_no, s.session_id, s.pile_no, l.stage_no, l.direction, l.started_at, l.completed_at,
       lies_in(l.started_at, x.away) AS is_exempt
FROM known_load_stages l JOIN report_sessions s USING (session_id) JOIN issued_reports r USING (report_no)
LEFT JOIN agency_exempt x ON x.agency_id = r.agency_id
