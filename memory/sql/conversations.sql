-- name: place_messages
update messages m set conversation_id = g.conversation_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(message_id uuid, conversation_id uuid)
 where m.message_id = g.message_id

-- name: open_conversations
insert into conversations as c (conversation_id, team_id, container_id, started_at, ended_at)
select m.conversation_id, m.team_id, m.container_id, min(m.posted_at), max(m.posted_at)
  from messages m
 where m.conversation_id = any (%(conversation_ids)s)
 group by m.conversation_id, m.team_id, m.container_id
on conflict (conversation_id) do update
   set started_at = excluded.started_at, ended_at = excluded.ended_at, revision = c.revision + 1

-- name: find_stale
select conversation_id, revision
  from conversations
 where container_id = %(container_id)s and revision > worked_out
 order by started_at, conversation_id
 limit %(most)s

-- name: describe_conversations
update conversations c set topic_id = g.topic_id, gist_id = g.gist_id, participants = g.participants
  from jsonb_to_recordset(%(rows)s::jsonb) as g(conversation_id uuid, topic_id uuid, gist_id uuid, participants jsonb)
 where c.conversation_id = g.conversation_id

-- name: settle_conversations
-- A conversation that changed while it was worked on stays to be worked out.
update conversations c set worked_out = greatest(c.worked_out, g.revision)
  from jsonb_to_recordset(%(rows)s::jsonb) as g(conversation_id uuid, revision int)
 where c.conversation_id = g.conversation_id

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

-- name: read_extents
-- All messages that a conversation ever had, and when any of them last changed.
select m.conversation_id, array_agg(m.message_id) as message_ids,
       max(greatest(m.posted_at, m.edited_at, m.deleted_at)) as until
  from messages m
 where m.conversation_id = any (%(conversation_ids)s)
 group by m.conversation_id
