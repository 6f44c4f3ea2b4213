-- name: find_forgotten
select person_id as id from people where person_id = any (%(ids)s) and forgotten_at is not null
union all
select container_id from containers where container_id = any (%(ids)s) and forgotten_at is not null

-- name: list_forgotten_people
-- With what the directory still calls them: that goes last, so whoever has a name is not wholly forgotten yet.
select person_id, real_name, handle, email from people where team_id = %(team_id)s and forgotten_at is not null

-- name: read_names
select real_name, handle, email from people where person_id = %(person_id)s

-- name: find_identity
select i.person_id, p.forgotten_at is not null as forgotten
  from identities i join people p using (person_id)
 where i.team_id = %(team_id)s and lower(i.external_id) = lower(%(external_id)s)
 order by i.source limit 1

-- name: read_person_event
select event_id, forgotten_at is not null as forgotten from people where person_id = %(person_id)s

-- name: read_container_event
select event_id, forgotten_at is not null as forgotten from containers where container_id = %(container_id)s

-- name: erase_directory
update people set real_name = '', handle = '', title = '', email = '', projects = '{}' where person_id = %(person_id)s

-- name: erase_names_of_own
update containers set name = '' where personal_to = %(person_id)s

-- name: erase_name
update containers set name = '' where container_id = %(container_id)s
