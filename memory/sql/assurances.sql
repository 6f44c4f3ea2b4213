-- name: look
select clock_timestamp() as now

-- name: note_look
insert into assurances (container_id, team_id, looked_at, alone)
values (%(container_id)s, %(team_id)s, %(at)s, %(alone)s)
on conflict (container_id) do update set looked_at = excluded.looked_at, alone = excluded.alone
 where assurances.looked_at is null or assurances.looked_at < excluded.looked_at

-- name: doubt
insert into assurances (container_id, team_id, doubted_at)
select container_id, team_id, clock_timestamp() from containers
 where container_id = any (%(container_ids)s) and personal_to is not null
on conflict (container_id) do update set doubted_at = excluded.doubted_at

-- name: is_assured
select exists (select from assurances where container_id = %(container_id)s and alone)
       and is_looked_after(%(container_id)s) as assured

-- name: find_unassured
-- Whose briefing comes, or waits, and whose channel is to be looked at for it. In their order before they are asked about:
-- the first few of many are found without asking about the rest.
with coming as materialized (
    select b.person_id, b.briefing_id, b.due_at
      from briefings b
     where b.team_id = %(team_id)s and b.delivered_at is null
       and b.due_at > %(now)s::timestamptz - interval '1 hour' and b.due_at <= %(until)s
     order by b.due_at, b.briefing_id
)
select coming.person_id
  from coming left join lateral (select container_id from containers c
                                  where c.personal_to = coming.person_id and not c.archived limit 1) c on true
 where c.container_id is null or not is_looked_after(c.container_id)
 limit %(most)s

-- name: hear
insert into listeners (team_id, owner, since, heard_at)
values (%(team_id)s, %(owner)s, clock_timestamp(), clock_timestamp() - %(ago)s * interval '1 second')
on conflict (team_id, owner) do update
   set heard_at = excluded.heard_at, since = case when %(anew)s then excluded.since else listeners.since end

-- name: stop_listening
delete from listeners where team_id = %(team_id)s and owner = %(owner)s

-- name: prune_listeners
delete from listeners where heard_at < now() - interval '1 day'
