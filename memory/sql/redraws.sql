-- name: find_redraws
-- Where each subject was posted, or is being posted at this moment by somebody who may have read its words before.
select distinct o.surface, o.subject_id, o.person_id, o.channel, o.thread_ts,
       array(select erased_id from redraws w where w.subject_id = o.subject_id order by erased_id) as erased
  from redraws r join outbox o on o.subject_id = r.subject_id and o.operation = 'post' and o.state <> 'dropped'
 where r.team_id = %(team_id)s
 order by o.subject_id

-- name: end_redraws
delete from redraws where erased_id = any (%(erased)s)

-- name: end_stale_redraws
-- What was not posted within the hour is posted, if ever, without the words.
delete from redraws where team_id = %(team_id)s and noted_at < now() - interval '1 hour'
