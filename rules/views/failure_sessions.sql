-- Each session of the judged reports on rebar and cubes. `longest_ms`: of its clips of the failure that contain the
-- peak load or, where that is not on record, overlap the session, the length of the longest; empty without any. A
-- session without an end is taken to go on (`least` passes over it), but for what is shown of it.
WITH showing AS (
    SELECT c.session_id, max(epoch_ms(c.ended_at) - epoch_ms(c.started_at)) AS longest_ms
    FROM session_clips c JOIN report_sessions s USING (session_id)
    WHERE c.role = 'failure' AND c.ended_at IS NOT NULL
      AND CASE WHEN s.peak_at IS NULL
               THEN greatest(c.started_at, s.started_at) < least(c.ended_at, s.ended_at)
               ELSE c.started_at <= s.peak_at AND s.peak_at < c.ended_at END
    GROUP BY c.session_id
)
SELECT s.report_no, s.session_id, s.is_exempt, s.started_at, coalesce(s.ended_at, s.started_at) AS ended_at,
       c.longest_ms
FROM report_sessions s LEFT JOIN showing c USING (session_id)
WHERE s.report_no IN (SELECT report_no FROM issued_reports WHERE test_item IN ('REBAR_TENSILE', 'CUBE_COMP'))
