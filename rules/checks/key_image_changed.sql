-- An image handed in again has the file it had. The first file that differs from the very first one is the change;
-- whatever is handed in from then on differs from something handed in before. What is known shows only the newest
-- version of an image, so the versions are read where they are stored, and closely only where two files differ.
WITH again AS (
    SELECT image_id FROM key_images
    WHERE NOT withdrawn
      AND known_from <= getvariable('as_of') AND known_from < (SELECT max(day_ends_at(day)) FROM ended_days)
      AND image_id IN (SELECT image_id FROM key_images WHERE known_from >= day_starts_at(getvariable('month_first')))
    GROUP BY image_id HAVING count(*) > 1 AND max(known_from) >= day_starts_at(getvariable('month_first'))
), files AS (
    SELECT image_id, min(sha256) <> max(sha256) AS differs FROM key_images SEMI JOIN again USING (image_id)
    GROUP BY image_id
), newest AS (
    SELECT image_id, arg_max({'report_no': report_no, 'withdrawn': withdrawn}, (known_from, submission_id)) AS image
    FROM key_images
    WHERE known_from <= getvariable('as_of') AND image_id IN (SELECT image_id FROM again) GROUP BY image_id
), owners AS (
    SELECT f.image_id, f.differs, r.agency_id
    FROM files f JOIN newest n USING (image_id) JOIN known_reports r ON r.report_no = n.image.report_no
    WHERE NOT n.image.withdrawn AND in_scope(r.agency_id)
), versions AS (
    SELECT image_id, o.agency_id, v.sha256, v.known_from, v.submission_id,
           {'at': v.known_from, 'by': v.submission_id} AS turn
    FROM owners o JOIN key_images v USING (image_id)
    WHERE o.differs AND v.sha256 IS NOT NULL AND NOT v.withdrawn
      AND v.known_from <= getvariable('as_of') AND v.known_from < (SELECT max(day_ends_at(day)) FROM ended_days)
), compared AS (
    SELECT *, min(turn) FILTER (sha256 <> first_file) OVER (PARTITION BY image_id) AS changed
    FROM (SELECT *, arg_min(sha256, turn) OVER (PARTITION BY image_id) AS first_file FROM versions)
), faults AS (
    SELECT image_id,
           list({'kind': 'handed_in_changed', 'from_at': known_from, 'to_at': known_from, 'ref': submission_id}
                ORDER BY turn) AS evidence
    FROM compared c
    WHERE turn >= changed AND known_from >= day_starts_at(getvariable('month_first'))
      AND NOT EXISTS (FROM exempt x WHERE x.subject_type = 'agency' AND x.subject_id = c.agency_id
                        AND c.known_from >= x.from_at AND c.known_from < x.to_at)
    GROUP BY image_id
)
SELECT o.image_id AS subject_id, o.agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       CASE WHEN f.image_id IS NOT NULL THEN 'fail' ELSE 'pass' END AS outcome,
       NULL AS measured,
       NULL AS required,
       CASE outcome WHEN 'fail' THEN 'file_changed' ELSE '' END AS reason,
       coalesce(f.evidence, []) AS evidence
FROM owners o LEFT JOIN faults f USING (image_id)
