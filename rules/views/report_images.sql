-- The images of each judged report (`own`), and those of other reports that name one of its sessions. `captured_at`:
-- when the capture was over, of a clip without an end when it began. `labels`: which ones a photo bears. The newest
-- version is looked for as in issued_reports; images are many and wide, so columns other than keys are read only once.
-- `IS TRUE` keeps DuckDB, which underrates how many are left, from turning a join round and hashing the wide side.
WITH again AS MATERIALIZED (
    SELECT image_id FROM key_images
    WHERE known_from <= getvariable('as_of')
      AND image_id IN (SELECT image_id FROM key_images
                       WHERE report_no IN (SELECT report_no FROM issued_reports)
                          OR session_id IN (SELECT session_id FROM report_sessions))
    GROUP BY image_id HAVING count(*) > 1
), newest AS NOT MATERIALIZED (
    FROM key_images WHERE known_from <= getvariable('as_of') AND image_id NOT IN (FROM again)
    UNION ALL
    (FROM key_images SEMI JOIN again USING (image_id) WHERE known_from <= getvariable('as_of')
     QUALIFY row_number() OVER (PARTITION BY image_id ORDER BY known_from DESC, submission_id DESC) = 1)
), elsewhere AS MATERIALIZED (
    SELECT n.image_id, s.report_no FROM newest n JOIN report_sessions s USING (session_id)
    WHERE s.report_no <> n.report_no
), linked AS (
    SELECT *, true AS own FROM newest WHERE (report_no IN (SELECT report_no FROM issued_reports)) IS TRUE
    UNION ALL
    SELECT n.* REPLACE (e.report_no AS report_no), false
    FROM (FROM newest WHERE (image_id IN (SELECT image_id FROM elsewhere)) IS TRUE) n JOIN elsewhere e USING (image_id)
)
SELECT report_no, own, image_id, session_id, role, media, started_at, ended_at,
       CASE media WHEN 'clip' THEN coalesce(ended_at, started_at) ELSE started_at END AS captured_at,
       stage_no, pile_no, side,
       CASE WHEN media = 'photo' THEN list_filter(
           [CASE WHEN project IS NOT NULL THEN 'project' END, CASE WHEN building IS NOT NULL THEN 'building' END,
            CASE WHEN floor IS NOT NULL THEN 'floor' END, CASE WHEN axis IS NOT NULL THEN 'axis' END,
            CASE WHEN road_section IS NOT NULL THEN 'road_section' END,
            CASE WHEN position IS NOT NULL THEN 'position' END], lambda label: label IS NOT NULL) END AS labels,
       sha256, stored_at, keep_until
FROM linked WHERE NOT withdrawn
