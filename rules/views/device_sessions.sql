-- Test and on-site sessions of whatever agency on the devices of the judged ones, as far as they may run at the same
-- time: [s, e) in epoch ms. Without a known end a session runs at its first instant only. `is_alone`: it runs, and no
-- other does at any instant of it: in the order in which they start, all before are over and the next has not begun.
-- The newest version is looked for as in issued_reports.
WITH reach AS (
    SELECT min(started_at) AS from_at, max(coalesce(ended_at, started_at)) AS to_at FROM judged_sessions
), versions AS MATERIALIZED (
    SELECT session_id, kind, device_id, started_at, ended_at, withdrawn, known_from, submission_id
    FROM sessions
    WHERE known_from <= getvariable('as_of')
      AND session_id IN (SELECT session_id FROM sessions
                         WHERE device_id IN (SELECT device_id FROM judged_sessions)
                           AND started_at <= (SELECT to_at FROM reach)
                           AND coalesce(ended_at, started_at) >= (SELECT from_at FROM reach))
), again AS MATERIALIZED (
    SELECT session_id FROM versions GROUP BY session_id HAVING count(*) > 1
), newest AS (
    FROM versions ANTI JOIN again USING (session_id)
    UNION ALL
    (FROM versions SEMI JOIN again USING (session_id)
     QUALIFY row_number() OVER (PARTITION BY session_id ORDER BY known_from DESC, submission_id DESC) = 1)
), running AS MATERIALIZED (
    SELECT device_id, session_id, epoch_ms(started_at) AS s, coalesce(epoch_ms(ended_at), epoch_ms(started_at) + 1) AS e
    FROM newest WHERE NOT withdrawn AND kind IN ('test', 'onsite') AND device_id IS NOT NULL
), alone AS (
    SELECT session_id FROM running WHERE s < e
    WINDOW before AS (PARTITION BY device_id ORDER BY s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
           by_start AS (PARTITION BY device_id ORDER BY s)
    QUALIFY coalesce(max(e) OVER before <= s, true) AND coalesce(lead(s) OVER by_start >= e, true)
)
SELECT *, session_id IN (SELECT session_id FROM alone) AS is_alone FROM running
