-- name: find_outworded
-- Two texts may claim to be the same wording (a link's preview is no edit): the longer one is kept, in whatever order.
select c.content_id
  from jsonb_to_recordset(%(wordings)s::jsonb) as g(content_id uuid, text text)
  join contents c using (content_id)
 where (char_length(c.body), c.body collate "C") < (char_length(g.text), g.text collate "C")

-- name: keep_wordings
-- Of a message that was deleted no words are kept, whenever they arrive.
insert into contents (content_id, team_id, kind, container_id, body)
select w.content_id, %(team_id)s, 'message', w.container_id, w.text
  from jsonb_to_recordset(%(wordings)s::jsonb) as w(message_id uuid, container_id uuid, content_id uuid, text text)
 where not exists (select from messages m where m.message_id = w.message_id and m.deleted_at is not null)
on conflict do nothing

-- name: find_wordings
select content_id from message_revisions where message_id = %(message_id)s

-- name: is_buried
select exists (select from messages where message_id = %(message_id)s and deleted_at is not null) as buried

-- name: read_placed
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.container_id = %(container_id)s and m.conversation_id is not null and m.deleted_at is null
 order by m.posted_at, m.message_id

-- name: read_conversation_messages
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.conversation_id = any (%(conversation_ids)s) and m.deleted_at is null
 order by m.posted_at, m.message_id

-- name: read_talks
-- The conversations of these messages, as far as they lie near them, and how each began.
with placed as materialized (
    select m.message_id, m.conversation_id,
           row_number() over (partition by m.conversation_id order by m.posted_at, m.message_id) as place
      from messages m
     where m.conversation_id in (select f.conversation_id from messages f where f.message_id in (select unnest(%(message_ids)s::uuid[])))
       and m.deleted_at is null
), meant as materialized (
    select conversation_id, place from placed where message_id = any (%(message_ids)s)
)
select m.*, c.body as text
  from placed p join messages m using (message_id) join contents c using (content_id)
 where p.place = 1
    or exists (select from meant f
                where f.conversation_id = p.conversation_id and f.place between p.place - %(reach)s and p.place + %(reach)s)
 order by m.posted_at, m.message_id

-- name: read_messages
-- Not `= any`: with the containers that may be read beside it, an index that begins with those would be read to its end.
select m.message_id, m.team_id, m.container_id, m.external_ts, m.thread_ts, m.author_id, m.kind, m.posted_at, c.body as text,
       m.mentions, m.edited_at, m.client_msg_id
  from messages m join contents c using (content_id)
 where m.message_id in (select unnest(%(message_ids)s::uuid[])) and m.deleted_at is null
 order by m.posted_at, m.message_id

-- name: find_waiting
-- What others wrote to these people by name, and none of them wrote in its conversation since but to Daybook, the newest
-- first; not what was put to Daybook, nor what somebody wrote who is not tracked.
with here as materialized (
    select array(select readable_containers(%(viewer_kind)s, %(viewer_id)s)) as places
)
select m.message_id, m.team_id, m.container_id, m.external_ts, m.thread_ts, m.author_id, m.kind, m.posted_at, c.body as text,
       m.mentions, m.edited_at, m.client_msg_id
  from messages m join contents c using (content_id) cross join here
 where m.container_id = any ((select places from here)::uuid[])
   and m.posted_at > %(since)s and m.posted_at <= %(until)s and m.deleted_at is null and m.kind = 'human'
   and m.mentions && %(people)s::uuid[] and m.author_id <> all (%(people)s::uuid[])
   and (%(authors)s::uuid[] is null or m.author_id = any (%(authors)s::uuid[]))
   and not exists (select from messages l
                    where l.conversation_id = m.conversation_id and l.posted_at > m.posted_at and l.deleted_at is null
                      and l.author_id = any (%(people)s::uuid[]) and l.author_id = any (m.mentions)
                      and not is_put_to_daybook(l.message_id))
   and not exists (select from people p where p.person_id = m.author_id and p.untracked_at is not null)
   and not is_put_to_daybook(m.message_id)
 order by m.posted_at desc, m.message_id
 limit %(most)s

-- name: read_reactions
select message_id, person_id, name
  from reactions
 where message_id in (select unnest(%(message_ids)s::uuid[])) and added

-- name: count_messages
-- Of a calendar and of pull requests there are neither channels nor messages.
select count(*) as messages, count(distinct container_id) as containers, min(posted_at) as since, max(posted_at) as until,
       count(*) filter (where conversation_id is null) as pending
  from messages
 where container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and posted_at > %(since)s and posted_at <= %(until)s and deleted_at is null and kind in ('human', 'bot')

-- name: find_last_read
select max(latest.posted_at) as posted_at
  from readable_containers('person', %(person_id)s) as r(container_id)
 cross join lateral (select m.posted_at from messages m
                      where m.container_id = r.container_id and m.deleted_at is null
                      order by m.posted_at desc limit 1) latest

-- name: count_by_author
select count(*) as messages from messages
 where author_id = %(person_id)s and deleted_at is null
   and container_id in (select readable_containers('person', %(person_id)s))

-- name: has_work
select exists (select from messages m join contents c using (content_id)
                where m.container_id = %(container_id)s and m.conversation_id is null and m.deleted_at is null)
    or exists (select from placement_work where container_id = %(container_id)s)
    or exists (select from conversation_work w join conversations c using (conversation_id)
                where w.container_id = %(container_id)s and w.revision > w.worked_out) as has_work
