-- The same by local day, in ms of the day, for every day that a rule of the catalogue looks back to.
WITH days AS (
    SELECT *, CAST(unnest(generate_series(
        greatest(local_day(from_at), getvariable('lookback_first')),
        least(local_day(to_at), getvariable('month_next')), INTERVAL 1 DAY)) AS DATE) AS day
    FROM exempt WHERE subject_type <> 'session'
)
SELECT subject_type, subject_id, day,
       unite_all(list([{'s': ms_of_day(from_at, day), 'e': ms_of_day(to_at, day)}] ORDER BY from_at, to_at)) AS away
FROM days WHERE from_at < day_ends_at(day) AND to_at > day_starts_at(day) GROUP BY ALL
