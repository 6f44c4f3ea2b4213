-- name: mark_disturbed
-- A message that was placed is not as it was then; where nothing was placed yet, nothing is to be placed again.
insert into placement_work as w (message_id, team_id, container_id, posted_at)
select message_id, team_id, container_id, posted_at
  from messages where message_id = any (%(message_ids)s) and conversation_id is not null
 order by message_id
on conflict (message_id) do update set reach = null, revision = w.revision + 1

-- name: mark_next
-- The first message behind this place, if it is placed: there it goes on.
insert into placement_work as w (message_id, team_id, container_id, posted_at, reach)
select message_id, team_id, container_id, posted_at, %(reach)s
  from (select m.* from messages m
         where m.container_id = %(container_id)s and (m.posted_at, m.message_id) > (%(at)s, %(message_id)s)
           and m.deleted_at is null
         order by m.posted_at, m.message_id
         limit 1) following
 where conversation_id is not null
on conflict (message_id) do nothing

-- name: find_first_disturbed
select posted_at, message_id
  from ((select m.posted_at, m.message_id
           from messages m join contents c using (content_id)
          where m.container_id = %(container_id)s and m.conversation_id is null and m.deleted_at is null
          order by m.posted_at, m.message_id
          limit 1)
        union all
        (select posted_at, message_id from placement_work
          where container_id = %(container_id)s
          order by posted_at, message_id
          limit 1)) found
 order by posted_at, message_id
 limit 1

-- name: read_stretch
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.container_id = %(container_id)s and (m.posted_at, m.message_id) >= (%(at)s, %(message_id)s) and m.deleted_at is null
 order by m.posted_at, m.message_id
 limit %(most)s

-- name: read_disturbances
select w.message_id, w.posted_at, w.reach, w.revision, m.external_ts, m.conversation_id,
       not exists (select from contents c where c.content_id = m.content_id) as gone
  from placement_work w join messages m using (message_id)
 where w.container_id = %(container_id)s
   and (w.posted_at, w.message_id) <= (coalesce(%(at)s::timestamptz, 'infinity'), coalesce(%(message_id)s::uuid, w.message_id))
 order by w.posted_at, w.message_id

-- name: read_window
-- The latest messages outside threads, and the latest replies since the first of them.
with turns as (
    select m.*, c.body as text
      from messages m join contents c using (content_id)
     where m.container_id = %(container_id)s and (m.posted_at, m.message_id) < (%(at)s, %(message_id)s)
       and m.conversation_id is not null and m.deleted_at is null
       and m.kind <> 'notice' and (m.thread_ts is null or m.thread_ts = m.external_ts)
     order by m.posted_at desc, m.message_id desc
     limit %(turns)s
), replies as (
    select m.*, c.body as text
      from messages m join contents c using (content_id)
     where m.container_id = %(container_id)s and (m.posted_at, m.message_id) < (%(at)s, %(message_id)s)
       and m.posted_at >= (select min(posted_at) from turns)
       and m.conversation_id is not null and m.deleted_at is null and m.thread_ts <> m.external_ts
     order by m.posted_at desc, m.message_id desc
     limit %(replies)s
)
select * from turns union all select * from replies

-- name: read_thread_roots
-- The parents of threads that go on behind this place, however long ago they were written.
select m.*, c.body as text
  from messages m join contents c using (content_id)
 where m.container_id = %(container_id)s and m.external_ts = any (%(thread_ts)s)
   and (m.posted_at, m.message_id) < (%(at)s, %(message_id)s)
   and m.conversation_id is not null and m.deleted_at is null
 order by m.posted_at, m.message_id

-- name: read_followers
select message_id, external_ts, thread_ts, kind, conversation_id
  from messages
 where conversation_id = any (%(conversation_ids)s) and (posted_at, message_id) > (%(at)s, %(message_id)s)
   and deleted_at is null
 order by posted_at, message_id

-- name: find_heard
-- Replies that one of the named conversations was still going on around: what is said after them may be tied to them.
select r.message_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(message_id uuid, conversation_ids uuid[])
  join messages r using (message_id)
 where exists (
       select from (select m.conversation_id
                      from messages m
                     where m.container_id = r.container_id and (m.posted_at, m.message_id) < (r.posted_at, r.message_id)
                       and m.conversation_id is not null and m.deleted_at is null
                       and m.kind <> 'notice' and (m.thread_ts is null or m.thread_ts = m.external_ts)
                     order by m.posted_at desc, m.message_id desc
                     limit %(turns)s) latest
        where latest.conversation_id = any (g.conversation_ids))
 order by r.posted_at, r.message_id

-- name: settle_disturbances
-- What changed again while it was worked on stays to be placed again.
delete from placement_work w
 using jsonb_to_recordset(%(rows)s::jsonb) as g(message_id uuid, revision int)
 where w.message_id = g.message_id and w.revision = g.revision
