-- name: read_described
select container_id, event_id, kind, archived, read_by_daybook, personal_to, retain_days, held,
       forgotten_at is not null as forgotten
  from containers where container_id = any (%(container_ids)s)

-- name: name_containers
-- The directory: what the source calls a place now. Names are words, and no event carries them;
-- somebody's own channel is called by their name.
update containers c set name = g.name
  from jsonb_to_recordset(%(rows)s::jsonb) as g(container_id uuid, name text)
 where c.container_id = g.container_id and g.name not in ('', c.name) and c.forgotten_at is null
   and not exists (select from people p where p.person_id = c.personal_to and p.forgotten_at is not null)

-- name: find_personal
select container_id, external_id, name from containers where personal_to = %(person_id)s and not archived

-- name: list_personal
select external_id from containers where team_id = %(team_id)s and personal_to is not null

-- name: find_unfinished
select find_unfinished(%(container_ids)s) as container_id

-- name: read_place
select personal_to, history_read_until from containers where container_id = %(container_id)s

-- name: find_unreadable
-- Of what the viewer may read, the channels that could not be read back for a while.
select container_id, team_id, source, external_id, kind, name, archived, read_by_daybook, history_read_until
  from containers
 where container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and reading_failed_at <= %(before)s and read_by_daybook and kind in ('public', 'private') and personal_to is null
 order by history_read_until nulls first, external_id

-- name: note_reading_failed
update containers set reading_failed_at = coalesce(reading_failed_at, %(at)s) where container_id = %(container_id)s

-- name: read_containers
select container_id, team_id, source, external_id, kind, name, archived, read_by_daybook
  from containers
 where container_id = any (%(container_ids)s)

-- name: read_by_daybook
select container_id, team_id, source, external_id, kind, name, archived, read_by_daybook
  from containers
 where team_id = %(team_id)s and read_by_daybook and personal_to is null and kind <> 'dm'
 order by external_id

-- name: find_private_talk
-- Where somebody lately talked to Daybook alone: the last week's deliveries tell.
select external_id
  from containers c
 where team_id = %(team_id)s and (kind = 'dm' or personal_to is not null) and forgotten_at is null
   and exists (select from inbox i
                where i.team_id = c.team_id and i.place = c.external_id and i.received_at > now() - interval '7 days')
 order by external_id

-- name: list_kept
-- How long what is said in each container is kept.
select container_id, team_id, source, external_id, kind, name, archived, read_by_daybook, retain_days, held,
       forgotten_at is not null as forgotten
  from containers where team_id = %(team_id)s
 order by name, external_id

-- name: readable_containers
select readable_containers(%(viewer_kind)s, %(viewer_id)s) as container_id

-- name: are_members_listed
select members_read_at is not null as listed from containers where container_id = %(container_id)s

-- name: find_without_history
-- Of an export there is no history to read.
select container_id from containers
 where container_id = any (%(container_ids)s) and source = 'slack' and history_read_until is null

-- name: find_left
select c.name
  from people p join memberships m on m.person_id = p.person_id and m.joined
  join containers c on c.container_id = m.container_id and c.team_id = p.team_id
 where p.person_id = %(person_id)s and p.role = 'member' and not p.deactivated
   and c.kind = 'public' and c.source = 'slack' and not c.read_by_daybook and not c.archived and c.forgotten_at is null
   and c.name <> ''
 order by c.name

-- name: note_history_read
update containers set history_read_until = greatest(history_read_until, %(until)s), reading_failed_at = null
 where container_id = %(container_id)s

-- name: read_members
select person_id from memberships where container_id = %(container_id)s and joined

-- name: is_alone
-- With Daybook; whoever else is there, people or other apps, reads along.
select c.personal_to = %(person_id)s and c.members_read_at is not null
       and not exists (select from memberships m join teams t on t.team_id = c.team_id
                        where m.container_id = c.container_id and m.joined and m.person_id <> %(person_id)s
                          and m.person_id is distinct from t.bot_person_id) as alone
  from containers c where c.container_id = %(container_id)s
