-- The images that belong to each session of a judged report: they name it, or name none and are of its report.
SELECT s.session_id, i.* EXCLUDE (report_no, own, session_id)
FROM report_images i JOIN report_sessions s USING (report_no)
WHERE i.session_id = s.session_id OR i.session_id IS NULL AND i.own
