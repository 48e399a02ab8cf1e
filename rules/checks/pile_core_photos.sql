-- Each pile has a photo of its core and one of its dimensions. Which piles there are, the sessions say; if they name
-- none, the images do.
WITH reports AS (
    SELECT * FROM judged_reports
    WHERE test_item = $test_item AND issued_at + to_hours($grace_h) <= getvariable('now_at')
), tested AS (
    SELECT DISTINCT report_no, pile_no FROM report_sessions SEMI JOIN reports USING (report_no)
    WHERE pile_no IS NOT NULL
), piles AS (
    FROM tested
    UNION
    SELECT report_no, pile_no FROM report_images SEMI JOIN reports USING (report_no)
    WHERE pile_no IS NOT NULL AND report_no NOT IN (SELECT report_no FROM tested)
), photographed AS (
    SELECT report_no, pile_no, list(DISTINCT role) AS roles FROM report_images WHERE media = 'photo' GROUP BY ALL
), lacking AS (
    SELECT r.report_no, p.pile_no, r.issued_at,
           list_filter(string_split($photo_roles, ' '),
                       lambda word: NOT list_contains(coalesce(f.roles, []), word)) AS roles
    FROM reports r JOIN piles p USING (report_no) LEFT JOIN photographed f USING (report_no, pile_no)
    WHERE NOT r.is_exempt
), sums AS (
    SELECT report_no, count(*) AS required, count(*) FILTER (len(roles) = 0) AS complete,
           flatten(in_order(list({'key': pile_no, 'piece': list_transform(roles, lambda word: {
               'kind': word || '_missing', 'from_at': issued_at, 'to_at': issued_at, 'ref': pile_no})})
               FILTER (len(roles) > 0))) AS evidence
    FROM lacking GROUP BY report_no
)
SELECT r.report_no AS subject_id, r.agency_id, CAST(r.day AS VARCHAR) AS period,
       CASE WHEN r.is_exempt OR s.complete = s.required THEN 'pass' ELSE 'fail' END AS outcome,
       coalesce(s.complete, 0) AS measured,
       coalesce(s.required, 0) AS required,
       CASE WHEN outcome = 'pass' THEN '' WHEN s.required IS NULL THEN 'no_pile_on_record'
            ELSE 'photo_missing' END AS reason,
       coalesce(s.evidence, []) AS evidence
FROM reports r LEFT JOIN sums s USING (report_no)
