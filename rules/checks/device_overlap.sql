-- The most sessions that run on a session's device at once, at some instant of it that is not exempt. Nearly all run
-- alone, and one that does and was never exempt needs no closer look. For the others, the number changes only where a
-- session starts or ends: all turns of a device are put in order, and each stretch of a judged session looks at those
-- inside it. Times are epoch ms.
WITH judged AS (
    SELECT s.session_id, s.agency_id, s.day, s.device_id, s.ended_at, v.parallel_capacity, r.s, r.e, x.away,
           r.is_alone AND x.session_id IS NULL AS is_clear
    FROM judged_sessions s
    JOIN known_devices v USING (device_id)
    JOIN device_sessions r USING (session_id)
    LEFT JOIN session_exempt x USING (session_id)
    WHERE day_ends_at(s.day) + to_hours($grace_h) <= getvariable('now_at')
), running AS (
    FROM device_sessions ANTI JOIN (FROM judged WHERE is_clear) USING (session_id)
), stretches AS (
    SELECT session_id, device_id, stretch.s, stretch.e
    FROM (SELECT session_id, device_id, unnest(subtract_intervals([{'s': s, 'e': e}], coalesce(away, []))) AS stretch
          FROM judged WHERE NOT is_clear)
), turns AS (
    SELECT device_id, s AS at_ms, 1 AS change, NULL AS session_id, 0 AS reach_ms FROM running WHERE s < e
    UNION ALL SELECT device_id, e, -1, NULL, 0 FROM running WHERE s < e
    UNION ALL SELECT device_id, s, 0, session_id, e - s - 1 FROM stretches
), counted AS (
    SELECT *, sum(change) OVER (PARTITION BY device_id ORDER BY at_ms RANGE UNBOUNDED PRECEDING) AS at_once FROM turns
), most AS (
    SELECT session_id, max(most) AS most
    FROM (SELECT session_id, max(at_once) OVER (PARTITION BY device_id ORDER BY at_ms
                                                RANGE BETWEEN CURRENT ROW AND reach_ms FOLLOWING) AS most FROM counted)
    WHERE session_id IS NOT NULL GROUP BY session_id
), crowded AS (
    SELECT session_id FROM judged JOIN most USING (session_id) WHERE most > parallel_capacity
), others AS (
    -- Ten name the case; hundreds, where a capacity was never registered, would not make it clearer.
    SELECT c.session_id, min({'kind': 'running_too', 'from_at': make_timestamp_ms(r.s), 'to_at': make_timestamp_ms(r.e),
                              'ref': r.session_id}, 10) AS evidence
    FROM (FROM stretches SEMI JOIN crowded USING (session_id)) c
    JOIN running r ON r.device_id = c.device_id AND r.session_id <> c.session_id AND r.s < c.e AND c.s < r.e
    GROUP BY c.session_id
), told AS (
    SELECT j.*, CASE WHEN j.is_clear THEN 1 ELSE coalesce(CAST(m.most AS BIGINT), 0) END AS at_once
    FROM judged j LEFT JOIN most m USING (session_id)
)
SELECT t.session_id AS subject_id, t.agency_id, CAST(t.day AS VARCHAR) AS period,
       CASE WHEN t.at_once > t.parallel_capacity THEN 'suspect'
            WHEN t.ended_at IS NULL THEN 'unknown' ELSE 'pass' END AS outcome,
       t.at_once AS measured, t.parallel_capacity AS required,
       CASE outcome WHEN 'suspect' THEN 'too_many_at_once' WHEN 'unknown' THEN 'end_not_recorded' ELSE '' END AS reason,
       CASE outcome WHEN 'suspect' THEN o.evidence ELSE [] END AS evidence
FROM told t LEFT JOIN others o USING (session_id)
