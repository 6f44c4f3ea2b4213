-- name: see_containers
insert into containers as c (container_id, team_id, source, external_id, kind, name, archived, read_by_daybook)
select container_id, team_id, source, external_id, kind, name, archived, read_by_daybook
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(container_id uuid, team_id text, source text, external_id text, kind text, name text, archived boolean,
         read_by_daybook boolean)
on conflict (container_id) do update
   set kind = excluded.kind, name = case when excluded.name = '' then c.name else excluded.name end,
       archived = excluded.archived, read_by_daybook = excluded.read_by_daybook

-- name: note_container
-- A place that a message came from before we heard of the place itself: the narrowest reading until we know more.
insert into containers (container_id, team_id, source, external_id, kind)
values (%(container_id)s, %(team_id)s, %(source)s, %(external_id)s, %(kind)s)
on conflict do nothing
returning container_id

-- name: leave_container
update containers set read_by_daybook = false where container_id = %(container_id)s

-- name: rename_container
update containers set name = %(name)s where container_id = %(container_id)s

-- name: archive_container
update containers set archived = %(archived)s where container_id = %(container_id)s

-- name: convert_container
update containers set kind = %(kind)s where container_id = %(container_id)s

-- name: make_personal
update containers set personal_to = %(person_id)s where container_id = %(container_id)s

-- name: find_personal
select container_id, external_id, name from containers where personal_to = %(person_id)s and not archived

-- name: read_place
select personal_to, history_read_until from containers where container_id = %(container_id)s

-- name: read_containers
select container_id, team_id, source, external_id, kind, name, archived, read_by_daybook
  from containers
 where container_id = any (%(container_ids)s)

-- name: read_by_daybook
select container_id, team_id, source, external_id, kind, name, archived, read_by_daybook
  from containers
 where team_id = %(team_id)s and read_by_daybook and personal_to is null and kind <> 'dm'
 order by external_id

-- name: readable_containers
select readable_containers(%(viewer_kind)s, %(viewer_id)s) as container_id

-- name: note_members_read
update containers set members_read_at = greatest(members_read_at, %(at)s) where container_id = %(container_id)s

-- name: note_history_read
update containers set history_read_until = greatest(history_read_until, %(until)s) where container_id = %(container_id)s

-- name: change_memberships
-- Of a join and a leave at one time the leave counts.
insert into memberships as m (container_id, person_id, team_id, joined, at)
select distinct on (container_id, person_id) container_id, person_id, %(team_id)s, joined, at
  from jsonb_to_recordset(%(rows)s::jsonb) as r(container_id uuid, person_id uuid, joined boolean, at timestamptz)
 order by container_id, person_id, at desc, joined
on conflict (container_id, person_id) do update set joined = excluded.joined, at = excluded.at
 where (m.at, not m.joined) < (excluded.at, not excluded.joined)

-- name: read_members
select person_id from memberships where container_id = %(container_id)s and joined
