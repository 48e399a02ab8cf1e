-- A photo of the core and one of its dimensions, each with every label that this kind of core owes. The two need not
-- agree with each other: a report may speak of several cores.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE test_item = $test_item AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), photos AS (
    SELECT report_no, role, image_id, started_at, list_has_all(labels, string_split($labels, ' ')) AS is_labelled
    FROM report_images WHERE media = 'photo' AND report_no IN (SELECT report_no FROM reports)
), owed AS (
    SELECT report_no, issued_at, unnest(string_split($photo_roles, ' ')) AS role FROM reports
), found AS (
    SELECT o.report_no, o.issued_at, o.role, count(p.image_id) > 0 AS taken, bool_or(p.is_labelled) AS labelled,
           in_order(list({'key': p.image_id, 'piece': {
               'kind': 'label_missing', 'from_at': p.started_at, 'to_at': p.started_at, 'ref': p.image_id}})) AS photos
    FROM owed o LEFT JOIN photos p USING (report_no, role) GROUP BY ALL
), sums AS (
    SELECT report_no, count(*) AS required, count(*) FILTER (labelled) AS valid, bool_and(taken) AS all_taken,
           flatten(in_order(list({'key': role, 'piece': CASE WHEN taken THEN photos ELSE [
               {'kind': role || '_missing', 'from_at': issued_at, 'to_at': issued_at, 'ref': report_no}] END})
               FILTER (NOT coalesce(labelled, false)))) AS evidence
    FROM found GROUP BY report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period,
       CASE WHEN r.is_exempt OR s.valid = s.required THEN 'pass' ELSE 'fail' END AS outcome,
       s.valid AS measured,
       s.required AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN s.all_taken THEN 'label_missing' ELSE 'photo_missing' END AS reason,
       CASE WHEN outcome = 'pass' THEN [] ELSE s.evidence END AS evidence
FROM reports r JOIN sums s USING (report_no)
