-- name: see_people
with given as (
    select * from jsonb_to_recordset(%(rows)s::jsonb)
        as r(person_id uuid, source text, external_id text, handle text, real_name text, title text, email text, tz text,
             role text, manager_id uuid, projects text[], deactivated boolean)
), named as (
    insert into identities (team_id, source, external_id, person_id)
    select %(team_id)s, source, external_id, person_id from given
    on conflict do nothing
)
insert into people as p (person_id, team_id, real_name, handle, title, email, tz, role, manager_id, projects, deactivated)
select person_id, %(team_id)s, real_name, handle, title, email, tz, role, manager_id, projects, deactivated from given
on conflict (person_id) do update
   set real_name = excluded.real_name, handle = excluded.handle, title = excluded.title, email = excluded.email,
       tz = excluded.tz, role = excluded.role, manager_id = coalesce(excluded.manager_id, p.manager_id),
       projects = case when excluded.projects = '{}' then p.projects else excluded.projects end,
       deactivated = excluded.deactivated

-- name: note_person
-- Somebody of whom we have only heard: the narrowest reading until we know more.
with named as (
    insert into identities (team_id, source, external_id, person_id)
    values (%(team_id)s, %(source)s, %(external_id)s, %(person_id)s)
    on conflict do nothing
)
insert into people (person_id, team_id, role) values (%(person_id)s, %(team_id)s, 'guest') on conflict do nothing

-- name: read_people
select p.person_id, p.team_id, i.source, i.external_id, p.handle, p.real_name, p.title, p.email, p.tz, p.role,
       m.external_id as manager_external_id, p.projects, p.deactivated
  from people p
  join identities i using (person_id)
  left join identities m on m.person_id = p.manager_id and m.source = i.source
 where p.team_id = %(team_id)s
 order by i.external_id

-- name: start_reading
update people set reader_since = coalesce(reader_since, %(at)s), stopped_reading_at = null where person_id = %(person_id)s

-- name: enrol
-- Named by a setting: that does not outrank who has stopped.
update people set reader_since = %(at)s
 where person_id = %(person_id)s and reader_since is null and stopped_reading_at is null
returning person_id

-- name: stop_reading
update people set reader_since = null, stopped_reading_at = %(at)s where person_id = %(person_id)s

-- name: reads
select exists (select from people where person_id = %(person_id)s and reader_since is not null) as reads

-- name: read_readers
select person_id, tz, reader_since, brief_at
  from people
 where team_id = %(team_id)s and reader_since is not null and not deactivated
 order by person_id

-- name: containers_with_readers
select containers_with_readers(%(team_id)s) as container_id
