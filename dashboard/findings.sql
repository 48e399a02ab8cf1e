-- Consecutive periods of one rule and subject are one condition with a life; its id is made of rule, subject and first
-- period, so it stays while the condition grows. A query's body over the relation `bad`: failing and suspect verdicts.
WITH numbered AS (
    SELECT *, CASE WHEN length(period) = 7
                   THEN CAST(left(period, 4) AS INTEGER) * 12 + CAST(right(period, 2) AS INTEGER)
                   ELSE CAST(period AS DATE) - DATE '1970-01-01' END AS ordinal
    FROM {bad}
), chained AS (
    SELECT *, ordinal - row_number() OVER (PARTITION BY rule_id, subject_type, subject_id, length(period)
                                           ORDER BY ordinal) AS chain
    FROM numbered
)
SELECT left(sha256(rule_id || '|' || subject_type || '|' || subject_id || '|' || min(period)), 10) AS finding_id,
       rule_id, subject_type, subject_id, any_value(agency_id) AS agency_id,
       min(period) AS first_period, max(period) AS last_period, count(*) AS period_count,
       CASE WHEN bool_or(outcome = 'fail') THEN 'fail' ELSE 'suspect' END AS outcome,
       arg_max(measured, period) AS measured, arg_max(required, period) AS required, arg_max(unit, period) AS unit,
       arg_max(reason, period) AS reason, arg_max(clause, period) AS clause
FROM chained GROUP BY rule_id, subject_type, subject_id, length(period), chain
