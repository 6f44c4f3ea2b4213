-- name: receive
insert into inbox (inbox_id, team_id, place, kind, payload, failure)
values (%(inbox_id)s, %(team_id)s, %(place)s, %(kind)s, %(payload)s, %(failure)s)
on conflict do nothing
returning inbox_id

-- name: read_waiting
select inbox_id, team_id, place, kind, payload, failure, received_at
  from inbox
 where team_id = %(team_id)s and place = %(place)s and handled_at is null and failure is null
 order by received_at, inbox_id
 limit %(most)s

-- name: mark_handled
update inbox set handled_at = now(), payload = null where inbox_id = %(inbox_id)s

-- name: mark_failed
-- Set aside for a person to look at, without its words.
update inbox set failure = %(failure)s, payload = %(remains)s where inbox_id = %(inbox_id)s and handled_at is null

-- name: read_without_words
select inbox_id, team_id, place, kind, payload, failure, received_at
  from inbox
 where team_id = %(team_id)s and failure = %(failure)s and handled_at is null
 order by received_at, inbox_id
 limit 200

-- name: find_forgotten
-- Acked a while ago, and perhaps with no job left that would handle it.
select distinct place from inbox
 where team_id = %(team_id)s and handled_at is null and failure is null and received_at < now() - interval '2 minutes'

-- name: count_waiting
select count(*) as waiting from inbox where handled_at is null and failure is null

-- name: prune_handled
-- Slack repeats a delivery within minutes: what was handled days ago is kept for nobody.
delete from inbox where handled_at < now() - make_interval(days => %(days)s)

-- name: count_failures
select count(*) as failures from inbox
 where team_id = %(team_id)s and place = any (%(places)s) and failure is not null
   and received_at > now() - interval '7 days'
