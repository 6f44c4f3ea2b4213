-- name: intend
insert into outbox (outbox_id, team_id, key, surface, subject_id, operation, person_id, channel, thread_ts, intended_at)
values (%(outbox_id)s, %(team_id)s, %(key)s, %(surface)s, %(subject_id)s, %(operation)s, %(person_id)s, %(channel)s,
        %(thread_ts)s, %(intended_at)s)
on conflict do nothing
returning outbox_id

-- name: read_intent
select outbox_id, team_id, key, surface, subject_id, operation, person_id, channel, thread_ts, state, sent_channel, sent_ts,
       intended_at, sending_since, failure
  from outbox where outbox_id = %(outbox_id)s

-- name: mark_sending
update outbox set state = 'sending', sending_since = coalesce(sending_since, %(at)s), sent_channel = %(channel)s
 where outbox_id = %(outbox_id)s and state in ('intended', 'sending')
returning outbox_id

-- name: mark_sent
update outbox set state = 'sent', sent_channel = %(channel)s, sent_ts = %(ts)s, sent_at = %(at)s, failure = null
 where outbox_id = %(outbox_id)s and state <> 'sent'

-- name: mark_unsent
-- Refused with certainty: nothing was posted, so the next try need not read back.
update outbox set state = 'intended', sending_since = null, failure = %(failure)s
 where outbox_id = %(outbox_id)s and state in ('intended', 'sending')

-- name: drop_intent
update outbox set state = 'dropped', failure = %(failure)s where outbox_id = %(outbox_id)s and state <> 'sent'

-- name: find_postings
select outbox_id, team_id, key, surface, subject_id, operation, person_id, channel, thread_ts, state, sent_channel, sent_ts,
       intended_at, sending_since
  from outbox
 where subject_id = %(subject_id)s and operation = 'post' and state <> 'dropped'
 order by sent_at

-- name: find_outcome
select state from outbox
 where subject_id = %(subject_id)s and operation = 'post' and state in ('sent', 'dropped')
 order by state desc limit 1

-- name: find_updates
select outbox_id from outbox where subject_id = %(subject_id)s and operation = 'update' and state = 'intended'

-- name: find_waiting
-- Briefings have somebody who posts them.
select outbox_id from outbox
 where team_id = %(team_id)s and state in ('intended', 'sending') and intended_at < %(before)s
   and not (surface = 'briefing' and operation = 'post')
 order by intended_at
 limit 100

-- name: find_due_briefings
select o.outbox_id, b.person_id
  from outbox o join briefings b on b.briefing_id = o.subject_id
 where o.team_id = %(team_id)s and o.surface = 'briefing' and o.operation = 'post'
   and o.state in ('intended', 'sending') and b.due_at <= %(now)s and not o.outbox_id = any (%(but)s)
 order by b.due_at, o.intended_at, o.outbox_id
 limit %(most)s

-- name: revive_intent
update outbox set state = 'intended', sending_since = null, failure = null
 where subject_id = %(subject_id)s and operation = 'post' and state = 'dropped' and failure = %(failure)s

-- name: find_posted
select surface, subject_id from outbox where team_id = %(team_id)s and sent_channel = %(channel)s and sent_ts = %(ts)s
 order by operation limit 1
