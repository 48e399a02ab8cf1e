-- D of "Keeping" in rules.md: the local day of now, at most the first day after the month.
SELECT least(local_day(getvariable('now_at')), getvariable('month_next')) AS day
WHERE EXISTS (FROM ended_days)
