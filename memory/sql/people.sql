-- name: read_described
select person_id, event_id, tz, role, manager_id, deactivated from people where person_id = any (%(person_ids)s)

-- name: name_people
-- The directory: what the source calls somebody now. Names are words, and no event carries them; of the forgotten, none
-- are kept.
update people p
   set real_name = g.real_name, handle = g.handle, title = g.title, email = g.email,
       projects = case when g.projects = '{}' then p.projects else g.projects end
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(person_id uuid, handle text, real_name text, title text, email text, projects text[])
 where p.person_id = g.person_id and p.forgotten_at is null
   and ((p.real_name, p.handle, p.title, p.email) is distinct from (g.real_name, g.handle, g.title, g.email)
        or g.projects not in ('{}', p.projects))

-- name: is_known
select exists (select from people where person_id = %(person_id)s) as known

-- name: read_people
select p.person_id, p.team_id, i.source, i.external_id, p.handle, p.real_name, p.title, p.email, p.tz, p.role,
       m.external_id as manager_external_id, p.projects, p.deactivated
  from people p
  join identities i using (person_id)
  left join identities m on m.person_id = p.manager_id and m.source = i.source
 where p.team_id = %(team_id)s and p.forgotten_at is null
 order by i.external_id

-- name: stamp_people
-- What the rows are: a changed row is another, made elsewhere by another transaction.
select concat_ws(':', current_database(), %(team_id)s::text, p.many, p.sum, i.many, i.sum) as stamp
  from (select count(*) as many, sum(hashtextextended(person_id::text || ctid::text, xmin::text::bigint)::numeric) as sum
          from people where team_id = %(team_id)s) p,
       (select count(*) as many, sum(hashtextextended(external_id || ctid::text, xmin::text::bigint)::numeric) as sum
          from identities where team_id = %(team_id)s) i

-- name: read_person
select p.person_id, p.team_id, i.source, i.external_id, p.handle, p.real_name, p.title, p.email, p.tz, p.role,
       m.external_id as manager_external_id, p.projects, p.deactivated
  from people p
  join identities i using (person_id)
  left join identities m on m.person_id = p.manager_id and m.source = i.source
 where p.team_id = %(team_id)s and p.person_id = %(person_id)s and p.forgotten_at is null
 order by i.external_id desc

-- name: may_be_enrolled
-- Named by a setting: that does not outrank who has stopped.
select exists (select from people
                where person_id = %(person_id)s and reader_since is null and stopped_reading_at is null
                  and forgotten_at is null) as may

-- name: reads
select exists (select from people where person_id = %(person_id)s and reader_since is not null) as reads

-- name: read_readers
select person_id, tz, reader_since, brief_at, workdays, quiet_days, away_from, away_until, on_activity, weekly_review
  from people
 where team_id = %(team_id)s and reader_since is not null and not deactivated
 order by person_id

-- name: containers_with_readers
select containers_with_readers(%(team_id)s) as container_id
