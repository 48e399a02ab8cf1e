-- Days on which a room or a device lacks the camera it must have.
create temp table eye on commit drop as
select 'far_camera_per_room' rule_id, 'room' subject_type, room_id subject_id, duty
from camera join room using (room_id)
where "view" = 'far' and (kind <> 'curing_room' or "position" = 'corridor_facing_door')
union all
select 'far_covers_devices', 'device', device_id, duty
from camera join device using (room_id)
where "view" = 'far' and device_id = any (covers)
union all
select 'near_camera_present', 'device', device_id, duty
from camera join device using (room_id)
where "view" = 'near' and (device_id = any (covers) or mount = 'movable')
union all
select 'near_camera_present', 'room', room_id, duty
from camera
where "view" = 'near' and room_id is not null;

create temp table owing on commit drop as
select 'far_camera_per_room' rule_id, 'room' subject_type, room_id subject_id, agency_id, in_use from room
union all
select 'far_covers_devices', 'device', device_id, agency_id, in_use from device
union all
select 'near_camera_present', 'device', device_id, agency_id, in_use from device
where gives_results and room_kind = 'test_room'
union all
select 'near_camera_present', 'room', room_id, agency_id, in_use from room where kind = 'sample_reception';

create temp table attended on commit drop as
with watched as (
    select rule_id, subject_type, subject_id, range_agg(duty) duty from eye group by rule_id, subject_type, subject_id
)
select rule_id, exempting, subject_type, subject_id, agency_id, to_char(first_day, 'YYYY-MM') period,
    count(*) filter (where not whole - exempt <@ coalesce(duty, '{}')) lacking
from look, owing
join "day" on whole && in_use
join relief using (subject_type, subject_id)
left join watched using (rule_id, subject_type, subject_id)
group by rule_id, exempting, subject_type, subject_id, agency_id, first_day;

create temp view lacking_days as
select rule_id, exempting, subject_type, subject_id, agency_id, period,
    case when lacking > 0 then 'fail' else 'pass' end outcome, lacking::text measured, '0' required
from attended;

create temp view far_camera_per_room as select * from lacking_days where rule_id = 'far_camera_per_room';
create temp view far_covers_devices as select * from lacking_days where rule_id = 'far_covers_devices';
create temp view near_camera_present as select * from lacking_days where rule_id = 'near_camera_present';
