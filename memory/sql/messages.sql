-- name: store_messages
-- In any order: the newest wording wins, every wording is kept as a revision, and a tombstone outlives both.
with given as (
    select r.*, coalesce(r.edited_at, r.posted_at) as version
      from jsonb_to_recordset(%(rows)s::jsonb)
        as r(message_id uuid, container_id uuid, external_ts text, thread_ts text, author_id uuid, kind text,
             posted_at timestamptz, mentions uuid[], client_msg_id text, edited_at timestamptz, content_id uuid, text text)
), alive as (
    select g.* from given g left join messages m using (message_id) where m.deleted_at is null
), texts as (
    insert into contents (content_id, team_id, kind, container_id, body)
    select distinct on (content_id) content_id, %(team_id)s, 'message', container_id, text from alive
    on conflict do nothing
), revisions as (
    insert into message_revisions (message_id, team_id, container_id, at, content_id)
    select distinct on (message_id, version) message_id, %(team_id)s, container_id, version, content_id from alive
    on conflict do nothing
), stored as (
    insert into messages as m (message_id, team_id, container_id, external_ts, thread_ts, author_id, kind, posted_at,
                               mentions, client_msg_id, edited_at, content_id)
    select distinct on (message_id) message_id, %(team_id)s, container_id, external_ts, thread_ts, author_id, kind,
           posted_at, mentions, client_msg_id, edited_at, content_id
      from alive order by message_id, version desc
    on conflict (message_id) do update
       set content_id = excluded.content_id, edited_at = excluded.edited_at, mentions = excluded.mentions
     where m.deleted_at is null and coalesce(m.edited_at, m.posted_at) < coalesce(excluded.edited_at, excluded.posted_at)
    returning m.message_id, m.conversation_id, m.content_id
), touched as (
    update conversations c set revision = c.revision + 1 from stored s where c.conversation_id = s.conversation_id
)
select s.message_id, s.content_id from stored s

-- name: bury_message
-- A deletion may come before the message itself.
with buried as (
    insert into messages as m (message_id, team_id, container_id, external_ts, kind, posted_at, deleted_at)
    values (%(message_id)s, %(team_id)s, %(container_id)s, %(external_ts)s, 'human', %(posted_at)s, %(at)s)
    on conflict (message_id) do update set deleted_at = coalesce(m.deleted_at, excluded.deleted_at)
    returning m.message_id, m.conversation_id
), touched as (
    update conversations c set revision = c.revision + 1 from buried b where c.conversation_id = b.conversation_id
)
select array(select content_id from message_revisions r where r.message_id = %(message_id)s and content_id is not null) as contents

-- name: store_reactions
insert into reactions as r (message_id, team_id, container_id, person_id, name, added, at)
select distinct on (message_id, person_id, name) message_id, %(team_id)s, container_id, person_id, name, added, at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(message_id uuid, container_id uuid, person_id uuid, name text, added boolean, at timestamptz)
 order by message_id, person_id, name, at desc
on conflict (message_id, person_id, name) do update set added = excluded.added, at = excluded.at where r.at <= excluded.at

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

-- name: find_messages
select f.message_id, f.rank
  from find_messages(%(viewer_kind)s, %(viewer_id)s, %(query)s, %(most)s) f

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
select exists (select from messages where container_id = %(container_id)s and conversation_id is null and deleted_at is null)
    or exists (select from conversations where container_id = %(container_id)s and revision > worked_out) as has_work
