-- What each judged report on rebar or cubes has of the failure. `required`: its sessions outside exempt time, NULL if
-- none is on record; `served`: those with a clip that contains the peak load or, where that is not on record, overlaps
-- the session; without an end it is taken to go on (`least` passes over it). `longest`: of each of these the length of
-- its longest such clip. `has_lone`: there is a clip, but no session. `evidence`: sessions not served, or the lone
-- clips. Lists are sorted when made, because an ordered aggregate costs several times as much.
WITH reports AS (
    SELECT * FROM judged_reports WHERE test_item IN ('REBAR_TENSILE', 'CUBE_COMP')
), showing AS (
    SELECT c.session_id, max(epoch_ms(c.ended_at) - epoch_ms(c.started_at)) AS longest_ms
    FROM session_images c JOIN report_sessions s USING (session_id)
    WHERE c.role = 'failure' AND c.media = 'clip' AND c.ended_at IS NOT NULL
      AND CASE WHEN s.peak_at IS NULL
               THEN greatest(c.started_at, s.started_at) < least(c.ended_at, s.ended_at)
               ELSE c.started_at <= s.peak_at AND s.peak_at < c.ended_at END
    GROUP BY c.session_id
), sums AS (
    SELECT s.report_no, count(*) FILTER (NOT s.is_exempt) AS required,
           count(c.longest_ms) FILTER (NOT s.is_exempt) AS served,
           list({'kind': 'session_without_clip', 'from_at': s.started_at, 'to_at': coalesce(s.ended_at, s.started_at),
                 'ref': s.session_id}) FILTER (NOT s.is_exempt AND c.longest_ms IS NULL) AS evidence,
           list({'session_id': s.session_id, 'started_at': s.started_at, 'ended_at': coalesce(s.ended_at, s.started_at),
                 'longest_ms': c.longest_ms})
               FILTER (NOT s.is_exempt AND c.longest_ms IS NOT NULL) AS longest
    FROM reports r JOIN report_sessions s USING (report_no) LEFT JOIN showing c USING (session_id)
    GROUP BY s.report_no
), lone AS (
    SELECT report_no,
           list({'kind': 'clip_without_session', 'from_at': started_at, 'to_at': ended_at, 'ref': image_id}) AS evidence
    FROM report_images
    WHERE role = 'failure' AND media = 'clip' AND ended_at IS NOT NULL
      AND report_no NOT IN (SELECT report_no FROM report_sessions)
    GROUP BY report_no
)
SELECT r.*, s.required, s.served, s.longest, l.report_no IS NOT NULL AS has_lone,
       list_sort(coalesce(s.evidence, l.evidence, [])) AS evidence
FROM reports r LEFT JOIN sums s USING (report_no) LEFT JOIN lone l USING (report_no)
