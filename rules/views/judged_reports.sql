-- Reports in scope that were issued in the month. `method`: its own, else the smallest of its sessions. `is_exempt`:
-- issued in exempt time of its agency. The counts and figures of images are of its own, empty where it has none:
-- `captured_at` is when the last capture was over, `stored_at` the last storing, `kept_until` the shortest term.
WITH methods AS (
    SELECT report_no, min(method) AS method FROM report_sessions
    WHERE report_no IN (SELECT report_no FROM issued_reports WHERE method IS NULL) GROUP BY report_no
), images AS (
    SELECT report_no, count(*) AS image_count, count(sha256) AS file_count, max(captured_at) AS captured_at,
           count(stored_at) AS stored_count, max(stored_at) AS stored_at,
           count(keep_until) AS term_count, min(keep_until) AS kept_until
    FROM report_images WHERE own GROUP BY report_no
)
SELECT r.report_no, r.agency_id, r.test_item, coalesce(r.method, m.method) AS method, r.issued_at,
       local_day(r.issued_at) AS day, lies_in(r.issued_at, x.away) AS is_exempt, i.* EXCLUDE report_no
FROM issued_reports r LEFT JOIN methods m USING (report_no) LEFT JOIN images i USING (report_no)
LEFT JOIN agency_exempt x ON x.agency_id = r.agency_id
