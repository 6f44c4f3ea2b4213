-- name: count_held
-- One row for each kind of thing and container. `words`: there are words behind it; else it is ids, times and plain values.
with mine as (
    select m.message_id, m.container_id, m.posted_at, r.content_id, r.at
      from messages m join message_revisions r using (message_id)
     where m.author_id = %(person_id)s
), origins as (
    select distinct content_id from mine
)
select 'messages' as what, true as words, m.container_id, count(*) as count, min(m.posted_at) as first, max(m.posted_at) as last
  from messages m join contents c using (content_id) where m.author_id = %(person_id)s and m.deleted_at is null
 group by m.container_id
union all
select 'wordings of messages', true, n.container_id, count(*), min(n.at), max(n.at)
  from mine n join contents c using (content_id) group by n.container_id
union all
select 'texts derived from their messages', true, c.container_id, count(distinct c.content_id), null, null
  from content_origins o join origins g on g.content_id = o.rests_on join contents c on c.content_id = o.content_id
 where c.kind <> 'result' group by c.container_id
union all
select 'cached results', true, c.container_id, count(distinct c.content_id), null, null
  from contents c left join content_origins o on o.content_id = c.content_id
 where c.kind = 'result' and (c.viewer_id = %(person_id)s or o.rests_on in (select content_id from origins))
 group by c.container_id
union all
select 'texts of briefings', true, null, count(*), null, null
  from contents where viewer_id = %(person_id)s and kind in ('item', 'why', 'reasons', 'headline')
union all
select 'names of projects in their settings', true, null, count(*), null, null
  from contents where viewer_id = %(person_id)s and kind = 'projects'
union all
select 'questions', true, a.container_id, count(*), min(a.asked_at), max(a.asked_at)
  from answers a join contents c on c.content_id = a.question_id where a.asker_id = %(person_id)s group by a.container_id
union all
select 'answers', true, a.container_id, count(*), min(a.asked_at), max(a.asked_at)
  from answers a join contents c on c.content_id = a.text_id where a.asker_id = %(person_id)s group by a.container_id
union all
select 'words on facts', true, v.container_id, count(distinct c.content_id), min(v.recorded_at), max(v.recorded_at)
  from fact_versions v join contents c on c.content_id = v.words_id where v.by_id = %(person_id)s group by v.container_id
union all
select 'entries of the index, with vectors', true, p.container_id, count(*), min(p.posted_at), max(p.posted_at)
  from passages p where p.author_id = %(person_id)s group by p.container_id
union all
select 'names in the directory', true, null, count(*), null, null
  from people where person_id = %(person_id)s and (real_name, handle, title, email, projects) <> ('', '', '', '', '{}')
union all
select 'mentions by others', false, container_id, count(*), min(posted_at), max(posted_at)
  from messages where mentions @> array[%(person_id)s::uuid] and author_id is distinct from %(person_id)s group by container_id
union all
select 'reactions', false, container_id, count(*), min(at), max(at)
  from reactions where person_id = %(person_id)s group by container_id
union all
select 'facts as actor', false, container_id, count(*), min(valid_from), max(valid_from)
  from facts where actor_id = %(person_id)s group by container_id
union all
select 'facts as counterparty', false, container_id, count(*), min(valid_from), max(valid_from)
  from facts where counterparty_id = %(person_id)s group by container_id
union all
select 'evidence in their messages', false, e.container_id, count(*), min(m.posted_at), max(m.posted_at)
  from evidence e join messages m using (message_id) where m.author_id = %(person_id)s group by e.container_id
union all
select 'conversations they take part in', false, container_id, count(*), min(started_at), max(ended_at)
  from conversations where participants @> jsonb_build_array(jsonb_build_object('person_id', %(person_id)s::uuid))
 group by container_id
union all
select 'briefings', false, null, count(*), min(due_at), max(due_at) from briefings where person_id = %(person_id)s
union all
select 'items of briefings', false, null, count(*), min(b.due_at), max(b.due_at)
  from items i join briefings b using (briefing_id) where i.person_id = %(person_id)s
union all
select 'said of items', false, null, count(*), min(at), max(at) from feedback where person_id = %(person_id)s
union all
select 'said of answers', false, null, count(*), min(at), max(at) from ratings where person_id = %(person_id)s
union all
select 'offered in private', false, asked_in, count(*), min(at), max(at) from offers where person_id = %(person_id)s
 group by asked_in
union all
select 'asked and answered', false, container_id, count(*), min(asked_at), max(asked_at)
  from answers where asker_id = %(person_id)s group by container_id
union all
select 'settings', false, null, count(*), null, null from settings where person_id = %(person_id)s
union all
select 'posts', false, null, count(*), min(intended_at), max(intended_at) from outbox where person_id = %(person_id)s
union all
select 'calls of a language model', false, null, count(*), min(asked_at), max(asked_at)
  from model_calls where person_id = %(person_id)s
union all
select 'memberships', false, container_id, count(*), min(at), max(at)
  from memberships where person_id = %(person_id)s group by container_id
union all
select 'identities', false, null, count(*), null, null from identities where person_id = %(person_id)s
union all
select 'runs', false, null, count(distinct k.thread_id), null, null
  from checkpoints k
 where k.thread_id in (select 'briefing:' || briefing_id from briefings where person_id = %(person_id)s
                       union all
                       select 'answering:' || answer_id from answers where asker_id = %(person_id)s
                       union all
                       select 'offering:' || answer_id from answers where asker_id = %(person_id)s)
union all
select 'events that name their id', false, null, count(*), min(occurred_at), max(occurred_at)
  from events
 where team_id = %(team_id)s and (person_id = %(person_id)s or strpos(payload::text, %(person_id)s::uuid::text) > 0)

-- name: name_containers
select container_id, coalesce(nullif(name, ''), external_id) as called from containers where container_id = any (%(ids)s)
