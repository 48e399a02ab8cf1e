-- The clips that belong to each session of a judged report: they name it, or name none and are of its report.
SELECT s.session_id, i.role, i.stage_no, i.pile_no, i.started_at, i.ended_at
FROM report_images i JOIN report_sessions s USING (report_no)
WHERE i.media = 'clip' AND (i.session_id = s.session_id OR i.session_id IS NULL AND i.own)
