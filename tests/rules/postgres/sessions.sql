-- Whether the cameras that count hold a session. One without an end has an unbounded `lasts`.
create temp table due_session on commit drop as
select case kind when 'onsite' then 'onsite_whole' else 'near_during_session' end rule_id, session.*
from session
join "day" using ("day")
where graced and (kind <> 'test' or room_id is not null);

create temp table counting on commit drop as
select rule_id, session_id, camera_id, duty
from due_session s
join camera c on duty && lasts and case
    when camera_id = any (camera_ids) then rule_id = 'onsite_whole' or "view" = 'near'
    else rule_id = 'near_during_session' and "view" = 'near' and c.room_id = s.room_id
        and (kind = 'reception' or device_id is null or device_id = any (covers)) end
union all
select 'far_near_sync', session_id, camera_id, duty
from due_session s
join camera c on duty && lasts and c.room_id = s.room_id and "view" = 'far'
where rule_id = 'near_during_session';

-- Several cameras: held by any; asked where one holds it or where every one was asked or is off duty.
create temp table seen on commit drop as
select rule_id, session_id, range_agg(held * duty) held,
    range_agg(held * duty) + range_intersect_agg(asked + (everything() - duty)) asked
from counting
join record using (camera_id)
where as_of = 'known'
group by rule_id, session_id;

create temp table judged_session on commit drop as
with owed as (
    select rule_id, session_id, agency_id, "day", open_ended, lasts from due_session
    union all
    select 'far_near_sync', session_id, agency_id, "day", open_ended, lasts * near.held
    from due_session
    join seen near using (rule_id, session_id)
    where rule_id = 'near_during_session' and not open_ended and lasts && near.held
        and exists (select from seen far where far.rule_id = 'far_near_sync' and far.session_id = near.session_id)
), due as (
    select owed.*, exempting, lasts - exempt required, held, asked, held is null no_camera
    from owed
    join relief on subject_type = 'session' and subject_id = session_id
    left join seen using (rule_id, session_id)
), measured as (
    select *, length_ms(missing(required, held) * asked) known_ms, length_ms(missing(required, held) - asked) unknown_ms
    from due
)
select rule_id, exempting, 'session' subject_type, session_id subject_id, agency_id, "day"::text period,
    case when open_ended then 'unknown' when required = '{}' then 'pass' when no_camera then 'fail'
        else judged(known_ms, unknown_ms, 5000) end outcome,
    case when open_ended then '' when required = '{}' then '0' when no_camera then seconds(length_ms(required))
        else seconds(known_ms) end measured,
    '5' required
from measured;

create temp view near_during_session as select * from judged_session where rule_id = 'near_during_session';
create temp view far_near_sync as select * from judged_session where rule_id = 'far_near_sync';
create temp view onsite_whole as select * from judged_session where rule_id = 'onsite_whole';
