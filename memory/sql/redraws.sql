-- name: find_redraws
-- Where each subject was posted, or is being posted at this moment by somebody who may have read its words before.
-- What an answer told of a corrected fact is not in its rows: it is answered anew first.
select distinct o.surface, o.subject_id, o.person_id, o.channel, o.thread_ts,
       array(select cause_id from redraws w where w.subject_id = o.subject_id and not (w.surface = 'answer' and w.corrected)
              order by cause_id) as causes
  from redraws r join outbox o on o.subject_id = r.subject_id and o.operation = 'post' and o.state <> 'dropped'
 where r.team_id = %(team_id)s and not (r.surface = 'answer' and r.corrected)
 order by o.subject_id

-- name: end_redraws
delete from redraws where cause_id = any (%(causes)s) and not (surface = 'answer' and corrected)

-- name: take_outdated
-- Answers that told of a fact which a person corrected, each with whom it was written for.
with taken as (
    delete from redraws r using outbox o
     where r.team_id = %(team_id)s and r.surface = 'answer' and r.corrected
       and o.subject_id = r.subject_id and o.operation = 'post' and o.state <> 'dropped'
    returning r.subject_id, r.cause_id, o.team_id, o.person_id, o.channel
)
select distinct t.subject_id as answer_id, t.cause_id,
       case when t.person_id is null then 'channel' else 'person' end as viewer_kind,
       coalesce(t.person_id, c.container_id) as viewer_id
  from taken t left join containers c on c.team_id = t.team_id and c.external_id = t.channel
 where coalesce(t.person_id, c.container_id) is not null
 order by answer_id, t.cause_id

-- name: end_stale_redraws
-- What was not posted within the hour is posted, if ever, without the words.
delete from redraws where team_id = %(team_id)s and noted_at < now() - interval '1 hour'
