-- Some review of the report lies between the end of its last capture and its issue. A clip without an end ends where it
-- starts; a report without images needs a review before its issue all the same. Only the reviews of the judged reports
-- are read, where they are stored, because to find the newest version of each on record costs several times as much.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE list_contains(string_split($test_items, ' '), test_item)
      AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), captures AS (
    SELECT report_no, image_id,
           CASE media WHEN 'clip' THEN coalesce(ended_at, started_at) ELSE started_at END AS captured_at
    FROM report_images WHERE own
), last_captures AS (
    SELECT report_no, max(captured_at) AS captured_at FROM captures GROUP BY report_no
), versions AS (
    SELECT report_no, role, reviewed_at, arg_max(withdrawn, (known_from, submission_id)) AS withdrawn
    FROM image_reviews WHERE known_from <= getvariable('as_of') AND report_no IN (SELECT report_no FROM reports)
    GROUP BY report_no, person, role, reviewed_at
), reviews AS (
    SELECT report_no, role, reviewed_at FROM versions WHERE NOT withdrawn
), judged AS (
    SELECT r.report_no, bool_or(v.reviewed_at <= r.issued_at) AS before_issue,
           bool_or(v.reviewed_at <= r.issued_at AND coalesce(v.reviewed_at >= c.captured_at, true)) AS in_time
    FROM reports r JOIN reviews v USING (report_no) LEFT JOIN last_captures c USING (report_no)
    GROUP BY r.report_no
), outcomes AS (
    SELECT r.report_no, r.agency_id, r.day, CASE WHEN r.is_exempt OR j.in_time THEN 'pass' ELSE 'fail' END AS outcome,
           j.before_issue
    FROM reports r LEFT JOIN judged j USING (report_no)
), proofs AS (
    SELECT report_no,
           list({'kind': kind, 'from_at': instant, 'to_at': instant, 'ref': ref}
                ORDER BY kind, instant, ref) AS evidence
    FROM (SELECT report_no, 'last_capture' AS kind, captured_at AS instant, image_id AS ref
          FROM captures JOIN last_captures USING (report_no, captured_at)
          UNION ALL
          SELECT report_no, 'review', reviewed_at, role FROM reviews)
    WHERE report_no IN (SELECT report_no FROM outcomes WHERE outcome = 'fail')
    GROUP BY report_no
)
SELECT o.report_no AS subject_id, o.agency_id, CAST(o.day AS VARCHAR) AS period, o.outcome,
       NULL AS measured,
       NULL AS required,
       CASE WHEN o.outcome = 'pass' THEN '' WHEN o.before_issue IS NULL THEN 'no_review'
            WHEN o.before_issue THEN 'reviewed_before_capture' ELSE 'reviewed_after_issue' END AS reason,
       coalesce(p.evidence, []) AS evidence
FROM outcomes o LEFT JOIN proofs p USING (report_no)
