-- A file of the report also stands under another report, whoever's and whenever. Of all images on record only those are
-- looked at closely whose digest ever stood under two reports, and the holders of a digest are summed up once: a file
-- under thousands of reports is not paired with itself.
WITH reports AS (
    SELECT report_no, agency_id, day, is_exempt
    FROM judged_reports WHERE file_count > 0 AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), repeated AS (
    SELECT sha256 FROM key_images
    WHERE sha256 IN (SELECT sha256 FROM report_images WHERE own)
    GROUP BY sha256 HAVING min(report_no) <> max(report_no)
), newest AS (
    SELECT image_id, report_no, started_at, sha256, withdrawn FROM key_images
    WHERE known_from <= getvariable('as_of')
      AND image_id IN (SELECT image_id FROM key_images WHERE sha256 IN (FROM repeated))
    QUALIFY row_number() OVER (PARTITION BY image_id ORDER BY known_from DESC, submission_id DESC) = 1
), shared AS (
    SELECT sha256, min({'report_no': report_no, 'image_id': image_id, 'at': started_at}) AS lowest,
           max({'report_no': report_no, 'image_id': image_id, 'at': started_at}) AS highest
    FROM newest WHERE NOT withdrawn GROUP BY sha256 HAVING min(report_no) <> max(report_no)
), compared AS (
    SELECT r.report_no, i.image_id, i.started_at,
           CASE WHEN s.lowest.report_no = i.report_no THEN s.highest ELSE s.lowest END AS other
    FROM report_images i JOIN shared s USING (sha256) JOIN reports r USING (report_no)
    WHERE i.own AND NOT r.is_exempt
), reused AS (
    SELECT report_no,
           flatten(list([{'kind': 'reused_image', 'from_at': started_at, 'to_at': started_at, 'ref': image_id},
                         {'kind': 'other_report', 'from_at': other.at, 'to_at': other.at, 'ref': other.image_id}]
                        ORDER BY image_id)) AS evidence
    FROM compared GROUP BY report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period,
       CASE WHEN u.report_no IS NOT NULL THEN 'suspect' ELSE 'pass' END AS outcome,
       NULL AS measured,
       NULL AS required,
       CASE outcome WHEN 'suspect' THEN 'file_under_another_report' ELSE '' END AS reason,
       coalesce(u.evidence, []) AS evidence
FROM reports r LEFT JOIN reused u USING (report_no)
