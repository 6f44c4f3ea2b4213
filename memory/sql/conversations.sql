-- name: open_work
insert into conversation_work as w (conversation_id, team_id, container_id)
select conversation_id, team_id, container_id from conversations where conversation_id = any (%(conversation_ids)s)
on conflict (conversation_id) do update set revision = w.revision + 1

-- name: touch_conversations
-- Those that the messages are in, and those whose facts rest on them too.
update conversation_work w set revision = w.revision + 1
  from (select conversation_id from messages where message_id = any (%(message_ids)s)
        union
        select f.conversation_id from evidence e join facts f using (fact_id) where e.message_id = any (%(message_ids)s)) m
 where w.conversation_id = m.conversation_id

-- name: reopen_work
update conversation_work set revision = revision + 1 where container_id = %(container_id)s

-- name: find_stale
select w.conversation_id, w.revision
  from conversation_work w join conversations c using (conversation_id)
 where w.container_id = %(container_id)s and w.revision > w.worked_out
 order by c.started_at, w.conversation_id
 limit %(most)s

-- name: settle_conversations
-- A conversation that changed while it was worked on stays to be worked out.
update conversation_work w set worked_out = greatest(w.worked_out, g.revision)
  from jsonb_to_recordset(%(rows)s::jsonb) as g(conversation_id uuid, revision int)
 where w.conversation_id = g.conversation_id

-- name: read_conversations
select c.conversation_id, c.container_id, c.started_at, c.ended_at, c.participants,
       coalesce(topic.body, '') as topic, coalesce(gist.body, '') as gist,
       array(select m.message_id from messages m
              where m.conversation_id = c.conversation_id and m.deleted_at is null
              order by m.posted_at, m.message_id) as message_ids
  from conversations c
  left join contents topic on topic.content_id = c.topic_id
  left join contents gist on gist.content_id = c.gist_id
 where c.conversation_id = any (%(conversation_ids)s)
 order by c.started_at, c.conversation_id

-- name: find_conversations_between
-- The explicit fence: only of containers that the viewer may read.
select conversation_id
  from conversations
 where container_id in (select readable_containers(%(viewer_kind)s, %(viewer_id)s))
   and ended_at > %(since)s and started_at <= %(until)s
   and exists (select from messages m where m.conversation_id = conversations.conversation_id and m.deleted_at is null and m.kind <> 'notice')
 order by ended_at desc, conversation_id
 limit %(most)s

-- name: stamp
select stamp_desk(%(viewer_kind)s, %(viewer_id)s, %(conversation_ids)s, %(fact_ids)s, %(message_ids)s) as stamp

-- name: read_extents
-- All messages that a conversation ever had, and when any of them last changed.
select m.conversation_id, array_agg(m.message_id) as message_ids,
       max(greatest(m.posted_at, m.edited_at, m.deleted_at)) as until
  from messages m
 where m.conversation_id = any (%(conversation_ids)s)
 group by m.conversation_id
