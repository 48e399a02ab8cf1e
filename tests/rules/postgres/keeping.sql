-- How long footage is kept, and what vanished before its term.
create temp table retention_6_months on commit drop as
with due as (
    select exempting, camera_id, agency_id, d, duty, exempt, held, asked,
        (d - interval '6 months')::date w, local_day(lower(duty)) duty_day
    from judgement_day, camera
    join relief on subject_type = 'camera' and subject_id = camera_id
    join record using (camera_id)
    where as_of = 'term' and "view" = 'far' and room_id is not null and duty @> midnight_ms(d) - 1
        and exists (select from "day")
), kept as (
    select exempting, camera_id, agency_id, d, duty_day > w still_young, kept_day,
        not whole * duty <@ exempt is_due, whole * duty - exempt <@ asked wholly_asked,
        min(kept_day) filter (where held && whole) over (partition by exempting, camera_id) oldest
    from due, generate_series(greatest(w, duty_day), d - interval '1 day', interval '1 day') kept_day,
        lateral (select span(midnight_ms(kept_day::date), midnight_ms(kept_day::date + 1)) whole) local_time
), found as (
    select exempting, camera_id, agency_id, d, still_young, oldest, count(*) filter (where is_due) days,
        count(*) filter (where is_due and kept_day >= oldest) days_kept,
        bool_and(wholly_asked) filter (where is_due and coalesce(kept_day < oldest, true)) denied
    from kept
    group by exempting, camera_id, agency_id, d, still_young, oldest
)
select exempting, 'camera' subject_type, camera_id subject_id, agency_id, (d - 1)::text period,
    case when days = 0 then 'pass'
        when oldest is not null and days - days_kept <= 1 then case when still_young then 'maturing' else 'pass' end
        when denied then 'fail' else 'unknown' end outcome,
    days_kept::text measured, days::text required
from found;

-- Of an instant listed last by answer L the next answer that speaks about it is V, and V denies it.
create temp table early_deletion on commit drop as
with month as (
    select first_day, range_agg(whole) ended,
        span(midnight_ms(first_day), midnight_ms((first_day + interval '1 month')::date)) whole
    from look, "day"
    group by first_day
), vanished as (
    select v.camera_id, range_agg(
        (l.lists - coalesce((select range_agg(lists) from term_answer
            where camera_id = l.camera_id and nth > l.nth), '{}'))
        * (v.speaks - coalesce((select range_agg(speaks) from term_answer
            where camera_id = l.camera_id and nth > l.nth and nth < v.nth), '{}'))
        * span(ms(instant(v.asked_ms) - interval '6 months'), null)) gone
    from month, term_answer l
    join term_answer v on v.camera_id = l.camera_id and v.nth > l.nth
    where whole @> v.asked_ms
    group by v.camera_id
), measured as (
    select exempting, camera_id, agency_id, first_day,
        length_ms(without_seams(coalesce(gone, '{}') - exempt)) gone_ms,
        exists (select from term_answer a where a.camera_id = camera.camera_id and whole @> asked_ms) answered
    from month, camera
    join relief on subject_type = 'camera' and subject_id = camera_id
    left join vanished using (camera_id)
    where recorder_id is not null and duty && ended
)
select exempting, 'camera' subject_type, camera_id subject_id, agency_id, to_char(first_day, 'YYYY-MM') period,
    case when gone_ms > 60000 then 'fail' when answered then 'pass' else 'unknown' end outcome,
    seconds(gone_ms) measured, '60' required
from measured;
