-- Exempt time of each agency that has any: {from_at, to_at} in any order.
SELECT subject_id AS agency_id, list({'from_at': from_at, 'to_at': to_at}) AS away
FROM exempt WHERE subject_type = 'agency' GROUP BY subject_id
