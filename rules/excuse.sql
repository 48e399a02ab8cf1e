-- `verdicts` judged without exempt time, `full_verdicts` the same subjects judged with all of it. What passes, or is not
-- asked for at all, without exempt time and fails with it is excused. An exemption may excuse, never accuse: a share can
-- fall when good probes are taken out of it.
WITH paired AS (
    SELECT r.*, f.rule_id AS full_rule_id, f.subject_type AS full_type, f.subject_id AS full_subject, f.agency_id AS full_agency,
           f.period AS full_period, f.outcome AS full_outcome, f.measured AS full_measured, f.required AS full_required,
           f.unit AS full_unit, f.reason AS full_reason, f.clause AS full_clause, f.evidence AS full_evidence,
           coalesce(r.outcome, 'pass') = 'pass' AND coalesce(f.outcome = 'fail', false) AS is_excused,
           coalesce(r.outcome IN ('fail', 'suspect') AND f.outcome = 'pass', false) AS is_accused
    FROM verdicts r FULL JOIN full_verdicts f
      ON r.rule_id = f.rule_id AND r.subject_type = f.subject_type AND r.subject_id = f.subject_id AND r.period = f.period
)
SELECT coalesce(rule_id, full_rule_id) AS rule_id, coalesce(subject_type, full_type) AS subject_type,
       coalesce(subject_id, full_subject) AS subject_id, coalesce(agency_id, full_agency) AS agency_id,
       coalesce(period, full_period) AS period,
       CASE WHEN is_excused THEN 'excused' WHEN is_accused THEN full_outcome ELSE outcome END AS outcome,
       CASE WHEN is_accused THEN full_measured ELSE coalesce(measured, '') END AS measured,
       CASE WHEN is_accused THEN full_required ELSE coalesce(required, full_required) END AS required,
       coalesce(unit, full_unit) AS unit,
       CASE WHEN is_excused THEN 'exempt' WHEN is_accused THEN full_reason ELSE reason END AS reason,
       coalesce(clause, full_clause) AS clause,
       CASE WHEN is_excused OR is_accused THEN full_evidence ELSE evidence END AS evidence
FROM paired WHERE rule_id IS NOT NULL OR is_excused
