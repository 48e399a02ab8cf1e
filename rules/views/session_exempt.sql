-- Exempt time of each judged session that has any: sorted, disjoint {s, e} in epoch ms.
SELECT subject_id AS session_id,
       unite_all(list([{'s': epoch_ms(from_at), 'e': epoch_ms(to_at)}] ORDER BY from_at, to_at)) AS away
FROM exempt WHERE subject_type = 'session' GROUP BY subject_id
