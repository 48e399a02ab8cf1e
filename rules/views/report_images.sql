-- The images of each judged report (`own`), and those of other reports that name one of its sessions. Keys first, as in
-- issued_reports; the wide columns last, once for each row that counts.
WITH newest AS (
    SELECT image_id, report_no, session_id, known_from, submission_id, withdrawn
    FROM key_images
    WHERE known_from <= getvariable('as_of')
      AND image_id IN (SELECT image_id FROM key_images WHERE report_no IN (SELECT report_no FROM issued_reports)
                                                          OR session_id IN (SELECT session_id FROM report_sessions))
    QUALIFY row_number() OVER (PARTITION BY image_id ORDER BY known_from DESC, submission_id DESC) = 1
), linked AS (
    SELECT report_no, true AS own, image_id, known_from, submission_id FROM newest
    WHERE NOT withdrawn AND report_no IN (SELECT report_no FROM issued_reports)
    UNION ALL
    SELECT s.report_no, false, n.image_id, n.known_from, n.submission_id
    FROM newest n JOIN report_sessions s USING (session_id)
    WHERE NOT n.withdrawn AND s.report_no <> n.report_no
)
SELECT l.report_no, l.own, l.image_id, i.report_no AS image_report_no, i.session_id, i.role, i.media, i.started_at,
       i.ended_at, i.stage_no, i.pile_no, i.side, i.project, i.building, i.floor, i.axis, i.road_section, i.position,
       i.sha256, i.stored_at, i.keep_until
FROM linked l JOIN key_images i
  ON i.image_id = l.image_id AND i.known_from = l.known_from AND i.submission_id IS NOT DISTINCT FROM l.submission_id
