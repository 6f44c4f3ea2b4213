-- name: read_manners
select c.event_id, c.kind, c.read_by_daybook, c.follow_ups,
       c.personal_to is not null as personal, c.forgotten_at is not null as forgotten,
       exists (select from memberships m
                where m.container_id = c.container_id and m.person_id = %(person_id)s and m.joined) as is_member
  from containers c where c.container_id = %(container_id)s

-- name: follows_up
select follow_ups and (%(said_at)s::timestamptz is null or coalesce(follow_ups_since <= %(said_at)s, true)) as follow_ups
  from containers where container_id = %(container_id)s

-- name: find_quiet
select container_id from containers where container_id = any (%(container_ids)s) and not follow_ups
