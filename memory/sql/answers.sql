-- name: keep_question
-- Never an update: the row that is there may be another viewer's, which row-level security would not let us touch.
insert into contents (content_id, team_id, kind, viewer_id, body)
values (%(question_id)s, %(team_id)s, 'question', %(viewer_id)s, %(question)s)
on conflict do nothing

-- name: find_question
select answer_id from answers where answer_id = %(answer_id)s

-- name: read_question
select a.answer_id, a.asker_id, a.container_id, a.thread_ts, a.viewer_kind, a.viewer_id, a.question_message_id, a.asked_at,
       q.body as question, c.external_id as channel
  from answers a
  join contents q on q.content_id = a.question_id
  join containers c on c.container_id = a.container_id
 where a.answer_id = %(answer_id)s

-- name: read_answer
select a.answer_id, t.body as text, a.engine, a.lines,
       coalesce((select jsonb_agg(jsonb_build_object('message_id', m.message_id, 'channel', c.external_id, 'ts', m.external_ts,
                                                     'thread_ts', m.thread_ts, 'source', c.source) order by o.ordinal)
                   from unnest(a.message_ids) with ordinality as o(message_id, ordinal)
                   join messages m using (message_id)
                   join containers c using (container_id)
                  where m.deleted_at is null
                    and m.container_id in (select readable_containers(a.viewer_kind, a.viewer_id))), '[]') as sources,
       cardinality(a.message_ids) as cited
  from answers a join contents t on t.content_id = a.text_id
 where a.answer_id = %(answer_id)s

-- name: find_waiting_in_thread
-- Not those whose words are gone: they are answered no more.
select a.answer_id
  from answers a join contents q on q.content_id = a.question_id
 where a.container_id = %(container_id)s and a.thread_ts is not distinct from %(thread_ts)s
   and (a.asked_at, a.answer_id) <= (%(asked_at)s, %(answer_id)s)
   and not exists (select from outbox o where o.subject_id = a.answer_id and o.surface = 'answer' and o.operation = 'post')
 order by a.asked_at, a.answer_id

-- name: find_last_in_thread
-- Whoever writes to others in between, or as somebody else, has taken the thread back from Daybook. Where that is looked
-- at late, what was deleted since counts too: whose it was, and in which thread, is known no more.
select a.asker_id, a.asked_at,
       exists (select from messages m
                where m.container_id = %(container_id)s and m.posted_at > a.asked_at and m.posted_at < %(before)s
                  and (m.thread_ts = %(thread_ts)s and m.kind = 'human' and m.deleted_at is null
                       and (m.author_id is distinct from a.asker_id or m.mentions <> '{}')
                       and not exists (select from answers q where q.question_message_id = m.message_id)
                       or %(late)s and m.deleted_at > %(before)s)) as taken_back
  from answers a
 where a.container_id = %(container_id)s and a.thread_ts = %(thread_ts)s and a.asked_at < %(before)s
 order by a.asked_at desc, a.answer_id
 limit 1

-- name: find_earlier_in_thread
select 1
  from answers
 where container_id = %(container_id)s and thread_ts is not distinct from %(thread_ts)s and asked_at < %(asked_at)s
 limit 1

-- name: find_place
select c.external_id as channel, m.external_ts as ts
  from answers a join messages m on m.message_id = a.question_message_id join containers c on c.container_id = m.container_id
 where a.answer_id = %(answer_id)s and m.deleted_at is null and c.source = 'slack'

-- name: find_put_to_daybook
select m.message_id from unnest(%(message_ids)s::uuid[]) as m(message_id) where is_put_to_daybook(m.message_id)

-- name: find_answer_posted_at
select subject_id as answer_id from outbox
 where team_id = %(team_id)s and sent_channel = %(channel)s and sent_ts = %(ts)s and surface = 'answer' and operation = 'post'

-- name: find_title
-- Of the questions of a thread the first; also where its words are gone.
select a.answer_id, a.asker_id, a.container_id, a.thread_ts, a.viewer_kind, a.viewer_id, a.question_message_id, a.asked_at,
       q.body as question, c.external_id as channel
  from answers a
  join containers c using (container_id)
  left join contents q on q.content_id = a.question_id
 where a.answer_id = %(answer_id)s and a.viewer_kind = 'person'
   and not exists (select from answers o
                    where o.container_id = a.container_id and o.thread_ts = a.thread_ts
                      and (o.asked_at, o.answer_id) < (a.asked_at, a.answer_id))
