-- name: find_outworded
-- Two texts may claim to be the same wording (a link's preview is no edit): the longer one is kept, in whatever order.
select c.content_id
  from jsonb_to_recordset(%(wordings)s::jsonb) as g(content_id uuid, text text)
  join contents c using (content_id)
 where (char_length(c.body), c.body collate "C") < (char_length(g.text), g.text collate "C")

-- name: store_messages
-- In any order: the newest wording wins, every wording is kept as a revision, and a tombstone outlives both.
-- What never changes is filled in from whichever delivery tells it.
with given as (
    select g.*
      from jsonb_to_recordset(%(rows)s::jsonb)
        as g(message_id uuid, container_id uuid, external_ts text, thread_ts text, author_id uuid, kind text,
             posted_at timestamptz, mentions uuid[], client_msg_id text, edited_at timestamptz, content_id uuid)
     where not exists (select from messages m where m.message_id = g.message_id and m.deleted_at is not null)
), wordings as (
    select w.*
      from jsonb_to_recordset(%(wordings)s::jsonb) as w(message_id uuid, content_id uuid, version timestamptz, text text)
     where w.message_id in (select message_id from given)
), texts as (
    insert into contents (content_id, team_id, kind, container_id, body)
    select w.content_id, %(team_id)s, 'message', g.container_id, w.text from wordings w join given g using (message_id)
    on conflict do nothing
), revisions as (
    insert into message_revisions (message_id, team_id, container_id, at, content_id)
    select w.message_id, %(team_id)s, g.container_id, w.version, w.content_id from wordings w join given g using (message_id)
    on conflict (message_id, at) do update set content_id = excluded.content_id where message_revisions.content_id is null
), stored as (
    insert into messages as m (message_id, team_id, container_id, external_ts, thread_ts, author_id, kind, posted_at,
                               mentions, client_msg_id, edited_at, content_id)
    select message_id, %(team_id)s, container_id, external_ts, thread_ts, author_id, kind, posted_at, mentions,
           client_msg_id, edited_at, content_id
      from given order by message_id
    on conflict (message_id) do update
       set (content_id, edited_at, mentions) = (
               select r.content_id, r.edited_at, r.mentions
                 from (values (m.content_id, m.edited_at, m.mentions, coalesce(m.edited_at, m.posted_at),
                               m.content_id is not null, 1),
                              (excluded.content_id, excluded.edited_at, excluded.mentions,
                               coalesce(excluded.edited_at, excluded.posted_at), true, 2))
                   as r(content_id, edited_at, mentions, version, worded, ordinal)
                order by r.version desc, r.worded desc, r.ordinal limit 1),
           author_id = greatest(m.author_id, excluded.author_id),
           thread_ts = greatest(m.thread_ts collate "C", excluded.thread_ts collate "C"),
           client_msg_id = greatest(m.client_msg_id collate "C", excluded.client_msg_id collate "C"),
           kind = least(m.kind collate "C", excluded.kind collate "C")
     where m.deleted_at is null
       and (coalesce(m.edited_at, m.posted_at) < coalesce(excluded.edited_at, excluded.posted_at)
            or m.content_id is null
            or (m.author_id, m.thread_ts, m.client_msg_id, m.kind)
               is distinct from (greatest(m.author_id, excluded.author_id),
                                 greatest(m.thread_ts collate "C", excluded.thread_ts collate "C"),
                                 greatest(m.client_msg_id collate "C", excluded.client_msg_id collate "C"),
                                 least(m.kind collate "C", excluded.kind collate "C")))
    returning m.message_id, m.conversation_id
), touched as (
    update conversations c set revision = c.revision + 1
     where c.conversation_id in (select s.conversation_id from stored s)
)
select s.message_id from stored s

-- name: bury_message
-- A deletion may come before the message itself: its tombstone is the same either way.
with buried as (
    insert into messages as m (message_id, team_id, container_id, external_ts, kind, posted_at, deleted_at)
    values (%(message_id)s, %(team_id)s, %(container_id)s, %(external_ts)s, 'notice', %(posted_at)s, %(at)s)
    on conflict (message_id) do update
       set deleted_at = least(m.deleted_at, excluded.deleted_at), kind = excluded.kind, author_id = null, thread_ts = null,
           mentions = '{}', client_msg_id = null, edited_at = null
    returning m.conversation_id
), touched as (
    update conversations c set revision = c.revision + 1 from buried b where c.conversation_id = b.conversation_id
), unreacted as (
    delete from reactions where message_id = %(message_id)s
), revisions as (
    delete from message_revisions where message_id = %(message_id)s returning content_id
)
select array(select content_id from revisions where content_id is not null) as contents

-- name: is_buried
select exists (select from messages where message_id = %(message_id)s and deleted_at is not null) as buried

-- name: store_reactions
-- Of two at one time the removal counts; a deleted message has none.
insert into reactions as r (message_id, team_id, container_id, person_id, name, added, at)
select distinct on (message_id, person_id, name) message_id, %(team_id)s, container_id, person_id, name, added, at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(message_id uuid, container_id uuid, person_id uuid, name text, added boolean, at timestamptz)
 where not exists (select from messages m where m.message_id = g.message_id and m.deleted_at is not null)
 order by message_id, person_id, name, at desc, added
on conflict (message_id, person_id, name) do update set added = excluded.added, at = excluded.at
 where (r.at, not r.added) < (excluded.at, not excluded.added)

-- name: read_unplaced
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.container_id = %(container_id)s and m.conversation_id is null and m.deleted_at is null
 order by m.posted_at, m.message_id
 limit %(most)s

-- name: read_placed_before
select * from (
    select m.*, c.body as text
      from messages m join contents c using (content_id)
     where m.container_id = %(container_id)s and m.posted_at <= %(before)s
       and m.conversation_id is not null and m.deleted_at is null
     order by m.posted_at desc, m.message_id desc
     limit %(most)s) recent
 order by posted_at, message_id

-- name: read_thread_roots
-- The parents of threads that new messages continue, however long ago they were written.
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.container_id = %(container_id)s and m.external_ts = any (%(thread_ts)s)
   and m.conversation_id is not null and m.deleted_at is null
 order by m.posted_at, m.message_id

-- name: read_conversation_messages
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.conversation_id = any (%(conversation_ids)s) and m.deleted_at is null
 order by m.posted_at, m.message_id

-- name: read_messages
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.message_id = any (%(message_ids)s) and m.deleted_at is null
 order by m.posted_at, m.message_id

-- name: read_reactions
select message_id, person_id, name
  from reactions
 where message_id = any (%(message_ids)s) and added

-- name: count_messages
select count(*) as messages, count(distinct container_id) as containers, min(posted_at) as since, max(posted_at) as until,
       count(*) filter (where conversation_id is null) as pending
  from messages
 where container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and posted_at > %(since)s and posted_at <= %(until)s and deleted_at is null and kind <> 'notice'

-- name: has_work
select exists (select from messages
                where container_id = %(container_id)s and conversation_id is null and deleted_at is null
                  and content_id is not null)
    or exists (select from conversations where container_id = %(container_id)s and revision > worked_out) as has_work
