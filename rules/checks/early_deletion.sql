-- An instant is deleted early when a version of its day loses it, no later version holds it again, and it was younger
-- than the term when the answer that first denied it was given. It counts in the month of that answer.
WITH cameras AS (
    SELECT DISTINCT camera_id, agency_id FROM camera_days WHERE recorder_id IS NOT NULL
), asked_again AS (
    -- Only days that some answer of the month spoke about after an earlier one can have lost anything in it.
    SELECT camera_id, day FROM footage_days
    WHERE known_from <= getvariable('as_of') AND asked_at < (SELECT day_ends_at(day) FROM judgement_day)
    GROUP BY camera_id, day
    HAVING max(asked_at) >= day_starts_at(getvariable('month_first')) AND min(poll_id) < max(poll_id)
), counted AS (
    SELECT camera_id, day, asked_at, poll_id, arg_max(held, (known_from, revision)) AS held
    FROM footage_days SEMI JOIN asked_again USING (camera_id, day)
    WHERE known_from <= getvariable('as_of') AND asked_at < (SELECT day_ends_at(day) FROM judgement_day)
      AND camera_id IN (SELECT camera_id FROM cameras)
    GROUP BY ALL
), versions AS (
    SELECT *, lag(held, 1, []) OVER chain AS held_before
    FROM counted WINDOW chain AS (PARTITION BY camera_id, day ORDER BY asked_at, poll_id)
), losses AS (
    SELECT camera_id, day, asked_at, poll_id, subtract_intervals(held_before, held) AS lost
    FROM versions WHERE len(lost) > 0
), final_losses AS (
    SELECT l.camera_id, l.day, l.asked_at, l.poll_id,
           subtract_intervals(any_value(l.lost),
                              coalesce(unite_all(list(v.held) FILTER (WHERE len(v.held) > 0)), [])) AS lost
    FROM losses l LEFT JOIN versions v
      ON v.camera_id = l.camera_id AND v.day = l.day AND (v.asked_at, v.poll_id) > (l.asked_at, l.poll_id)
    WHERE local_day(l.asked_at) >= getvariable('month_first') AND local_day(l.asked_at) < getvariable('month_next')
    GROUP BY ALL
), pieces AS (
    SELECT camera_id, poll_id, instant_of(day, piece.s) AS from_at, instant_of(day, piece.e) AS to_at
    FROM (SELECT f.camera_id, f.poll_id, f.day,
                 unnest(subtract_intervals(
                     clip_to(f.lost, ms_of_day(months_before(f.asked_at, $months), f.day), 86400000),
                     coalesce(x.away, []))) AS piece
          FROM final_losses f
          LEFT JOIN exempt_days x
            ON x.subject_type = 'camera' AND x.subject_id = f.camera_id AND x.day = f.day)
), joined AS (
    SELECT *, count(*) FILTER (WHERE starts_anew) OVER (PARTITION BY camera_id ORDER BY from_at) AS stretch
    FROM (SELECT *, coalesce(from_at > lag(to_at) OVER (PARTITION BY camera_id ORDER BY from_at), true) AS starts_anew
          FROM pieces)
), stretches AS (
    SELECT camera_id, min(from_at) AS from_at, max(to_at) AS to_at, min(poll_id) AS poll_id,
           epoch_ms(max(to_at)) - epoch_ms(min(from_at)) AS length_ms
    FROM joined GROUP BY camera_id, stretch
), sums AS (
    SELECT camera_id, sum(length_ms) AS length_ms,
           list({'kind': 'deleted_early', 'from_at': from_at, 'to_at': to_at, 'ref': poll_id} ORDER BY from_at) AS evidence
    FROM stretches WHERE length_ms > $join_tolerance_s * 1000 GROUP BY camera_id
), answered AS (
    SELECT DISTINCT camera_id FROM known_polls
    WHERE outcome = 'ok' AND complete AND asked_at < (SELECT day_ends_at(day) FROM judgement_day)
      AND local_day(asked_at) >= getvariable('month_first') AND local_day(asked_at) < getvariable('month_next')
)
SELECT c.camera_id AS subject_id, c.agency_id, strftime(getvariable('month_first'), '%Y-%m') AS period,
       CASE WHEN s.length_ms > $tolerance_s * 1000 THEN 'fail'
            WHEN a.camera_id IS NULL THEN 'unknown'
            ELSE 'pass' END AS outcome,
       CAST(coalesce(s.length_ms, 0) AS DECIMAL(18, 3)) / 1000 AS measured,
       $tolerance_s AS required,
       CASE outcome WHEN 'fail' THEN 'deleted_early' WHEN 'unknown' THEN 'no_answer' ELSE '' END AS reason,
       coalesce(s.evidence, []) AS evidence
FROM cameras c LEFT JOIN sums s USING (camera_id) LEFT JOIN answered a USING (camera_id)
