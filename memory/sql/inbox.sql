-- name: receive
insert into inbox (inbox_id, team_id, kind, payload)
values (%(inbox_id)s, %(team_id)s, %(kind)s, %(payload)s)
on conflict do nothing
returning inbox_id

-- name: read_received
select inbox_id, team_id, kind, payload, received_at
  from inbox
 where inbox_id = %(inbox_id)s and handled_at is null

-- name: mark_handled
update inbox set handled_at = now(), payload = null where inbox_id = %(inbox_id)s

-- name: mark_failed
-- Set aside for a person to look at, without its words.
update inbox set failure = %(failure)s, payload = %(remains)s where inbox_id = %(inbox_id)s and handled_at is null

-- name: find_forgotten
-- Acked, but with no job left that would handle it.
select inbox_id, kind from inbox
 where handled_at is null and failure is null and received_at < now() - interval '5 minutes'
 order by received_at
 limit 100

-- name: count_waiting
select count(*) as waiting from inbox where handled_at is null and failure is null
