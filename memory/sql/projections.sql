-- What each kind of event changes. `rows` are events: what they tell, and beside it `event`, `event_id`, `team_id`,
-- `container_id`, `person_id` and `occurred_at`. Nothing here looks at the clock, at words, or at who asks: the same
-- events lead to the same rows, today and in a replay.

-- name: word_messages
-- In any order: the newest wording wins, every wording is kept as a revision, and a tombstone outlives both.
-- Of two tellings of one wording the longer one counts. What never changes is filled in from whichever tells it.
with given as (
    select g.*, coalesce(edited_at, posted_at) as version
      from jsonb_to_recordset(%(rows)s::jsonb)
        as g(team_id text, container_id uuid, message_id uuid, external_ts text, thread_ts text, author_id uuid, kind text,
             posted_at timestamptz, mentions uuid[], client_msg_id text, edited_at timestamptz, content_id uuid, length int)
     where not exists (select from messages m where m.message_id = g.message_id and m.deleted_at is not null)
), revisions as (
    insert into message_revisions (message_id, team_id, container_id, at, content_id)
    select message_id, team_id, container_id, version, content_id from given
    on conflict do nothing
)
insert into messages as m (message_id, team_id, container_id, external_ts, thread_ts, author_id, kind, posted_at, mentions,
                           client_msg_id, edited_at, content_id, length)
select message_id, team_id, container_id, external_ts, thread_ts, author_id, kind, posted_at, mentions, client_msg_id,
       edited_at, content_id, length
  from given order by message_id
on conflict (message_id) do update
   set (content_id, edited_at, mentions, length) = (
           select r.content_id, r.edited_at, r.mentions, r.length
             from (values (m.content_id, m.edited_at, m.mentions, m.length, coalesce(m.edited_at, m.posted_at)),
                          (excluded.content_id, excluded.edited_at, excluded.mentions, excluded.length,
                           coalesce(excluded.edited_at, excluded.posted_at)))
               as r(content_id, edited_at, mentions, length, version)
            order by r.version desc, r.length desc, r.mentions desc limit 1),
       author_id = greatest(m.author_id, excluded.author_id),
       thread_ts = greatest(m.thread_ts collate "C", excluded.thread_ts collate "C"),
       client_msg_id = greatest(m.client_msg_id collate "C", excluded.client_msg_id collate "C"),
       kind = least(m.kind collate "C", excluded.kind collate "C")
 where m.deleted_at is null
   and ((coalesce(m.edited_at, m.posted_at), m.length, m.mentions)
            < (coalesce(excluded.edited_at, excluded.posted_at), excluded.length, excluded.mentions)
        or (m.author_id, m.thread_ts, m.client_msg_id, m.kind)
           is distinct from (greatest(m.author_id, excluded.author_id),
                             greatest(m.thread_ts collate "C", excluded.thread_ts collate "C"),
                             greatest(m.client_msg_id collate "C", excluded.client_msg_id collate "C"),
                             least(m.kind collate "C", excluded.kind collate "C")))
returning m.message_id

-- name: bury_messages
-- A deletion may come before the message itself: its tombstone is the same either way.
with gone as (
    select * from jsonb_to_recordset(%(rows)s::jsonb)
        as g(team_id text, container_id uuid, message_id uuid, external_ts text, posted_at timestamptz,
             occurred_at timestamptz)
), unreacted as (
    delete from reactions where message_id in (select message_id from gone)
), unworded as (
    delete from message_revisions where message_id in (select message_id from gone)
)
insert into messages as m (message_id, team_id, container_id, external_ts, kind, posted_at, deleted_at)
select message_id, team_id, container_id, external_ts, 'notice', posted_at, occurred_at from gone
on conflict (message_id) do update
   set deleted_at = least(m.deleted_at, excluded.deleted_at), kind = excluded.kind, author_id = null, thread_ts = null,
       mentions = '{}', client_msg_id = null, edited_at = null, content_id = null, length = 0
returning m.message_id

-- name: change_reactions
-- Of two at one time the removal counts; a deleted message has none.
insert into reactions as r (message_id, team_id, container_id, person_id, name, added, at)
select distinct on (message_id, person_id, name)
       message_id, team_id, container_id, person_id, name, event = 'ReactionAdded', occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(event text, team_id text, container_id uuid, person_id uuid, occurred_at timestamptz, message_id uuid, name text)
 where not exists (select from messages m where m.message_id = g.message_id and m.deleted_at is not null)
 order by message_id, person_id, name, occurred_at desc, event desc
on conflict (message_id, person_id, name) do update set added = excluded.added, at = excluded.at
 where (r.at, not r.added) < (excluded.at, not excluded.added)

-- name: erase_reactions
delete from reactions r
 using jsonb_to_recordset(%(rows)s::jsonb) as g(container_id uuid, person_id uuid)
 where r.container_id = g.container_id and r.person_id = g.person_id

-- name: plan_meetings
-- In any order: the newest plan wins, and of two made at once the one that is off.
insert into meetings as t (container_id, team_id, message_id, starts_at, ends_at, cancelled, at)
select container_id, team_id, message_id, starts_at, ends_at, event = 'MeetingCancelled', occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(event text, team_id text, container_id uuid, occurred_at timestamptz, message_id uuid, starts_at timestamptz,
         ends_at timestamptz)
on conflict (container_id) do update
   set message_id = excluded.message_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
       cancelled = excluded.cancelled, at = excluded.at
 where (t.at, t.cancelled, t.starts_at, t.ends_at)
     < (excluded.at, excluded.cancelled, excluded.starts_at, excluded.ends_at)

-- name: place_messages
update messages m set conversation_id = (placed ->> 1)::uuid
  from jsonb_to_recordset(%(rows)s::jsonb) as g(placements jsonb), jsonb_array_elements(g.placements) as placed
 where m.message_id = (placed ->> 0)::uuid

-- name: stretch_conversations
insert into conversations as c (conversation_id, team_id, container_id, started_at, ended_at)
select m.conversation_id, m.team_id, m.container_id, min(m.posted_at), max(m.posted_at)
  from messages m
 where m.conversation_id in (select (placed ->> 1)::uuid
                               from jsonb_to_recordset(%(rows)s::jsonb) as g(placements jsonb),
                                    jsonb_array_elements(g.placements) as placed
                              union
                             select unnest(g."left") from jsonb_to_recordset(%(rows)s::jsonb) as g("left" uuid[]))
 group by m.conversation_id, m.team_id, m.container_id
on conflict (conversation_id) do update set started_at = excluded.started_at, ended_at = excluded.ended_at

-- name: close_conversations
-- What all messages have left is no conversation any more.
delete from conversations c
 using jsonb_to_recordset(%(rows)s::jsonb) as g("left" uuid[])
 where c.conversation_id = any (g."left")
   and not exists (select from messages m where m.conversation_id = c.conversation_id)

-- name: describe_conversations
update conversations c set topic_id = g.topic_id, gist_id = g.gist_id, participants = g.participants
  from jsonb_to_recordset(%(rows)s::jsonb) as g(conversation_id uuid, topic_id uuid, gist_id uuid, participants jsonb)
 where c.conversation_id = g.conversation_id

-- name: record_facts
insert into facts as f (fact_id, team_id, container_id, conversation_id, kind, actor_id, counterparty_id, statement_id, due,
                        status, log_odds, valid_from, valid_to, recorded_at, engine, engine_version, event_id)
select fact_id, team_id, container_id, conversation_id, kind, actor_id, counterparty_id, statement_id, due,
       status, log_odds, valid_from, valid_to, recorded_at, engine, engine_version, event_id
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(event_id uuid, team_id text, container_id uuid, fact_id uuid, conversation_id uuid, kind text, actor_id uuid,
         counterparty_id uuid, statement_id uuid, due date, status text, log_odds real, valid_from timestamptz,
         valid_to timestamptz, recorded_at timestamptz, engine text, engine_version text)
on conflict (fact_id) do update
   set conversation_id = excluded.conversation_id, actor_id = excluded.actor_id, counterparty_id = excluded.counterparty_id,
       statement_id = excluded.statement_id, due = excluded.due, status = excluded.status, log_odds = excluded.log_odds,
       valid_from = excluded.valid_from, valid_to = excluded.valid_to, recorded_at = excluded.recorded_at,
       retired_at = null, engine = excluded.engine, engine_version = excluded.engine_version, event_id = excluded.event_id

-- name: remove_evidence
delete from evidence
 where fact_id in (select fact_id from jsonb_to_recordset(%(rows)s::jsonb) as r(fact_id uuid))

-- name: record_evidence
insert into evidence (fact_id, message_id, team_id, container_id, role, span_start, span_end)
select r.fact_id, e.message_id, r.team_id, r.container_id, e.role, e.start, e."end"
  from jsonb_to_recordset(%(rows)s::jsonb) as r(team_id text, container_id uuid, fact_id uuid, evidence jsonb),
       jsonb_to_recordset(r.evidence) as e(message_id uuid, role text, start int, "end" int)
on conflict do nothing

-- name: retire_facts
update facts f
   set retired_at = g.retired_at, event_id = g.event_id,
       engine = case when g.event = 'FactDismissed' then 'person' else f.engine end
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event text, event_id uuid, fact_id uuid, retired_at timestamptz)
 where f.fact_id = g.fact_id and f.retired_at is null

-- name: erase_conclusions
delete from conversations c
 using jsonb_to_recordset(%(rows)s::jsonb) as g(conversation_ids jsonb), jsonb_array_elements_text(g.conversation_ids) as gone
 where c.conversation_id = gone::uuid

-- name: erase_facts
delete from facts f
 using jsonb_to_recordset(%(rows)s::jsonb) as g(fact_ids jsonb), jsonb_array_elements_text(g.fact_ids) as gone
 where f.fact_id = gone::uuid

-- name: erase_evidence
delete from evidence e
 using jsonb_to_recordset(%(rows)s::jsonb) as g(fact_ids jsonb), jsonb_array_elements_text(g.fact_ids) as gone
 where e.fact_id = gone::uuid

-- name: erase_versions
delete from fact_versions v
 using jsonb_to_recordset(%(rows)s::jsonb) as g(fact_ids jsonb), jsonb_array_elements_text(g.fact_ids) as gone
 where v.fact_id = gone::uuid

-- name: erase_links
delete from fact_links l
 using jsonb_to_recordset(%(rows)s::jsonb) as g(fact_ids jsonb), jsonb_array_elements_text(g.fact_ids) as gone
 where gone::uuid in (l.from_fact, l.to_fact)

-- name: supersede_versions
update fact_versions v set superseded_at = coalesce(g.recorded_at, g.retired_at)
  from jsonb_to_recordset(%(rows)s::jsonb) as g(fact_id uuid, recorded_at timestamptz, retired_at timestamptz)
 where v.fact_id = g.fact_id and v.superseded_at is null

-- name: keep_versions
insert into fact_versions (event_id, team_id, container_id, fact_id, ordinal, event, by_id, words_id, conversation_id, kind,
                           actor_id, counterparty_id, statement_id, due, status, log_odds, valid_from, valid_to, engine,
                           engine_version, evidence, recorded_at, retired)
select event_id, team_id, container_id, fact_id,
       1 + coalesce((select max(v.ordinal) from fact_versions v where v.fact_id = r.fact_id), 0), event, by_id, words_id,
       conversation_id, kind, actor_id, counterparty_id, statement_id, due, status, log_odds, valid_from, valid_to, engine,
       engine_version, evidence, recorded_at, false
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(event text, event_id uuid, team_id text, container_id uuid, fact_id uuid, conversation_id uuid, kind text,
         actor_id uuid, counterparty_id uuid, statement_id uuid, due date, status text, log_odds real, valid_from timestamptz,
         valid_to timestamptz, recorded_at timestamptz, engine text, engine_version text, evidence jsonb, by_id uuid,
         words_id uuid)

-- name: keep_retired_versions
-- The last words on it, and that they no longer count.
insert into fact_versions (event_id, team_id, container_id, fact_id, ordinal, event, by_id, words_id, conversation_id, kind,
                           actor_id, counterparty_id, statement_id, due, status, log_odds, valid_from, valid_to, engine,
                           engine_version, evidence, recorded_at, retired)
select g.event_id, v.team_id, v.container_id, v.fact_id, v.ordinal + 1, g.event, g.by_id, g.words_id, v.conversation_id, v.kind,
       v.actor_id, v.counterparty_id, v.statement_id, v.due, v.status, v.log_odds, v.valid_from, v.valid_to,
       case when g.event = 'FactDismissed' then 'person' else v.engine end, v.engine_version, v.evidence, g.retired_at, true
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(event text, event_id uuid, fact_id uuid, retired_at timestamptz, by_id uuid, words_id uuid)
 cross join lateral (select * from fact_versions o where o.fact_id = g.fact_id order by o.ordinal desc limit 1) v

-- name: link_facts
insert into fact_links as f (link_id, team_id, relation, from_container, from_fact, from_message, to_container, to_fact,
                             to_message, from_evidence, to_evidence, message_ids, status, at, independent, log_odds, engine,
                             engine_version, recorded_at, event_id)
select l.link_id, r.team_id, l.relation, l.from_container, l.from_fact, (l.from_evidence -> 0 ->> 'message_id')::uuid,
       l.to_container, l.to_fact, (l.to_evidence -> 0 ->> 'message_id')::uuid, l.from_evidence, l.to_evidence,
       array(select distinct (span ->> 'message_id')::uuid from jsonb_array_elements(l.from_evidence || l.to_evidence) as span
              order by 1),
       l.status, l.at, l.independent, l.log_odds, l.engine, l.engine_version, r.recorded_at, r.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as r(event_id uuid, team_id text, link jsonb, recorded_at timestamptz),
       jsonb_to_record(r.link)
    as l(link_id uuid, relation text, from_container uuid, from_fact uuid, to_container uuid, to_fact uuid,
         from_evidence jsonb, to_evidence jsonb, status text, at timestamptz, independent boolean, log_odds real, engine text,
         engine_version text)
on conflict (link_id) do update
   set from_message = excluded.from_message, to_message = excluded.to_message, from_evidence = excluded.from_evidence,
       to_evidence = excluded.to_evidence, message_ids = excluded.message_ids, status = excluded.status, at = excluded.at,
       independent = excluded.independent, log_odds = excluded.log_odds, engine = excluded.engine,
       engine_version = excluded.engine_version,
       recorded_at = case when f.retired_at is null then f.recorded_at else excluded.recorded_at end, retired_at = null,
       event_id = excluded.event_id

-- name: unlink_facts
update fact_links l set retired_at = g.retired_at, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, link_id uuid, retired_at timestamptz)
 where l.link_id = g.link_id and l.retired_at is null

-- name: see_people
insert into people as p (person_id, team_id, tz, role, manager_id, deactivated, event_id)
select person_id, team_id, tz, role, manager_id, deactivated, event_id
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(event_id uuid, team_id text, person_id uuid, tz text, role text, manager_id uuid, deactivated boolean)
on conflict (person_id) do update
   set tz = excluded.tz, role = excluded.role, manager_id = coalesce(excluded.manager_id, p.manager_id),
       deactivated = excluded.deactivated, event_id = excluded.event_id

-- name: hear_of_people
-- Somebody of whom we have only heard: the narrowest reading until we know more.
insert into people (person_id, team_id, role, event_id)
select person_id, team_id, 'guest', event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as r(event_id uuid, team_id text, person_id uuid)
on conflict do nothing

-- name: name_identities
insert into identities (team_id, source, external_id, person_id)
select team_id, source, external_id, person_id
  from jsonb_to_recordset(%(rows)s::jsonb) as r(team_id text, person_id uuid, source text, external_id text)
on conflict do nothing

-- name: forget_people
-- Their hours are the usual ones again, should they be read again.
update people p set forgotten_at = coalesce(p.forgotten_at, g.occurred_at), reader_since = null,
                    stopped_reading_at = g.occurred_at, event_id = g.event_id, brief_at = default, workdays = default,
                    quiet_days = default, away_from = null, away_until = null, on_activity = default,
                    weekly_review = default, place = default
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, person_id uuid, occurred_at timestamptz)
 where p.person_id = g.person_id

-- name: read_people_again
update people p set forgotten_at = null, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, person_id uuid)
 where p.person_id = g.person_id

-- name: track_people
-- Who is forgotten and read again is tracked no more than before.
update people p set untracked_at = case when g.event = 'PersonUntracked' then coalesce(p.untracked_at, g.occurred_at) end
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event text, person_id uuid, occurred_at timestamptz)
 where p.person_id = g.person_id

-- name: start_reading
-- Who is forgotten is no reader, whatever they press.
update people p set reader_since = coalesce(p.reader_since, g.occurred_at), stopped_reading_at = null
  from jsonb_to_recordset(%(rows)s::jsonb) as g(person_id uuid, occurred_at timestamptz)
 where p.person_id = g.person_id and p.forgotten_at is null

-- name: stop_reading
update people p set reader_since = null, stopped_reading_at = g.occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb) as g(person_id uuid, occurred_at timestamptz)
 where p.person_id = g.person_id

-- name: change_hours
update people p
   set brief_at = g.brief_at, workdays = g.workdays, quiet_days = g.quiet_days, away_from = g.away_from,
       away_until = g.away_until, on_activity = g.on_activity, weekly_review = g.weekly_review, place = g.place
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(person_id uuid, brief_at time, workdays int[], quiet_days date[], away_from date, away_until date,
         on_activity boolean, weekly_review boolean, place text)
 where p.person_id = g.person_id and p.forgotten_at is null

-- name: change_tastes
insert into settings (person_id, team_id, length, followed, muted, people, manager_id, report_ids, projects_id)
select g.person_id, g.team_id, g.length, g.followed, g.muted, g.people, g.manager_id, g.report_ids, g.projects_id
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(person_id uuid, team_id text, length text, followed uuid[], muted uuid[], people uuid[], manager_id uuid,
         report_ids uuid[], projects_id uuid)
  join people p on p.person_id = g.person_id and p.forgotten_at is null
on conflict (person_id) do update
   set length = excluded.length, followed = excluded.followed, muted = excluded.muted, people = excluded.people,
       manager_id = excluded.manager_id, report_ids = excluded.report_ids, projects_id = excluded.projects_id

-- name: erase_tastes
delete from settings s using jsonb_to_recordset(%(rows)s::jsonb) as g(person_id uuid) where s.person_id = g.person_id

-- name: see_containers
insert into containers as c (container_id, team_id, source, external_id, kind, archived, read_by_daybook, event_id)
select container_id, team_id, source, external_id, kind, archived, read_by_daybook, event_id
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(event_id uuid, team_id text, container_id uuid, source text, external_id text, kind text, archived boolean,
         read_by_daybook boolean)
on conflict (container_id) do update
   set kind = excluded.kind, archived = excluded.archived, read_by_daybook = excluded.read_by_daybook,
       event_id = excluded.event_id

-- name: hear_of_containers
-- A place that something came from before we heard of the place itself: the narrowest reading until we know more.
insert into containers (container_id, team_id, source, external_id, kind, event_id)
select container_id, team_id, source, external_id, kind, event_id
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(event_id uuid, team_id text, container_id uuid, source text, external_id text, kind text)
on conflict do nothing

-- name: leave_containers
update containers c set read_by_daybook = false, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, container_id uuid)
 where c.container_id = g.container_id

-- name: archive_containers
update containers c set archived = g.event = 'ContainerArchived', event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event text, event_id uuid, container_id uuid)
 where c.container_id = g.container_id

-- name: convert_containers
update containers c set kind = g.to, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, container_id uuid, "to" text)
 where c.container_id = g.container_id

-- name: make_containers_personal
update containers c set personal_to = g.person_id, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, container_id uuid, person_id uuid)
 where c.container_id = g.container_id

-- name: forget_containers
update containers c set forgotten_at = coalesce(c.forgotten_at, g.occurred_at), read_by_daybook = false, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, container_id uuid, occurred_at timestamptz)
 where c.container_id = g.container_id

-- name: read_containers_again
update containers c set forgotten_at = null, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, container_id uuid)
 where c.container_id = g.container_id

-- name: retain_containers
update containers c set retain_days = g.days, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event_id uuid, container_id uuid, days int)
 where c.container_id = g.container_id

-- name: hold_containers
update containers c set held = g.event = 'HoldPlaced', event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event text, event_id uuid, container_id uuid)
 where c.container_id = g.container_id

-- name: hush_containers
update containers c set follow_ups = g.event = 'FollowUpsResumed', follow_ups_since = g.occurred_at, event_id = g.event_id
  from jsonb_to_recordset(%(rows)s::jsonb) as g(event text, event_id uuid, container_id uuid, occurred_at timestamptz)
 where c.container_id = g.container_id

-- name: note_members_listed
update containers c set members_read_at = coalesce(c.members_read_at, g.occurred_at)
  from jsonb_to_recordset(%(rows)s::jsonb) as g(container_id uuid, occurred_at timestamptz)
 where c.container_id = g.container_id

-- name: change_memberships
-- Of a join and a leave at one time the leave counts.
insert into memberships as m (container_id, person_id, team_id, joined, at)
select distinct on (container_id, person_id) container_id, person_id, team_id, event = 'MemberJoined', occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(event text, team_id text, container_id uuid, person_id uuid, occurred_at timestamptz)
 order by container_id, person_id, occurred_at desc, event desc
on conflict (container_id, person_id) do update set joined = excluded.joined, at = excluded.at
 where (m.at, not m.joined) < (excluded.at, not excluded.joined)

-- name: claim_briefings
insert into briefings (briefing_id, team_id, person_id, local_date, due_at, kind)
select briefing_id, team_id, person_id, local_date, due_at, coalesce(kind, 'day')
  from jsonb_to_recordset(%(rows)s::jsonb)
    as r(team_id text, person_id uuid, briefing_id uuid, local_date date, due_at timestamptz, kind text)
on conflict do nothing

-- name: move_briefings
update briefings b set due_at = g.due_at
  from jsonb_to_recordset(%(rows)s::jsonb) as g(briefing_id uuid, due_at timestamptz)
 where b.briefing_id = g.briefing_id

-- name: compose_briefings
update briefings b
   set composed_at = g.composed_at, headline_id = g.headline_id, coverage = g.coverage, engine = g.engine
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(briefing_id uuid, composed_at timestamptz, headline_id uuid, coverage jsonb, engine text)
 where b.briefing_id = g.briefing_id

-- name: remove_items
delete from items
 where briefing_id in (select briefing_id from jsonb_to_recordset(%(rows)s::jsonb) as g(briefing_id uuid))

-- name: keep_items
insert into items (item_id, team_id, briefing_id, person_id, ordinal, section, anchor_id, fact_ids, message_ids, text_id, why_id,
                   reasons_id, tag, fingerprint, grounds)
select i.item_id, g.team_id, g.briefing_id, g.person_id, i.ordinal, i.section, i.anchor_id, i.fact_ids, i.message_ids, i.text_id,
       i.why_id, i.reasons_id, i.tag, i.fingerprint, i.grounds
  from jsonb_to_recordset(%(rows)s::jsonb) as g(team_id text, person_id uuid, briefing_id uuid, items jsonb),
       jsonb_to_recordset(g.items)
    as i(item_id uuid, ordinal int, section text, anchor_id uuid, fact_ids uuid[], message_ids uuid[], text_id uuid,
         why_id uuid, reasons_id uuid, tag text, fingerprint text, grounds jsonb)

-- name: deliver_briefings
update briefings b set delivered_at = coalesce(b.delivered_at, g.occurred_at)
  from jsonb_to_recordset(%(rows)s::jsonb) as g(subject_id uuid, occurred_at timestamptz)
 where b.briefing_id = g.subject_id

-- name: keep_feedback
-- What it teaches is copied from the item: that may be told anew, or otherwise. Of who is forgotten nothing is kept.
insert into feedback (item_id, team_id, person_id, anchor_id, fact_ids, fingerprint, kind, until, at, grounds)
select i.item_id, i.team_id, i.person_id, i.anchor_id, i.fact_ids, i.fingerprint,
       case g.event when 'ItemDone' then 'done' when 'ItemSnoozed' then 'snoozed' else 'declined' end, g.until, g.occurred_at,
       i.grounds
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(event text, item_id uuid, person_id uuid, until date, occurred_at timestamptz)
  join items i on i.item_id = g.item_id and i.person_id = g.person_id
 where not exists (select from people p where p.person_id = g.person_id and p.forgotten_at is not null)
on conflict (item_id) do update
   set kind = excluded.kind, until = excluded.until, at = excluded.at, undone_at = null, taught = true

-- name: undo_feedback
update feedback f set undone_at = g.occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb) as g(item_id uuid, person_id uuid, occurred_at timestamptz)
 where f.item_id = g.item_id and f.person_id = g.person_id

-- name: forget_lessons
update feedback f set taught = false
  from jsonb_to_recordset(%(rows)s::jsonb) as g(item_id uuid, person_id uuid)
 where f.item_id = g.item_id and f.person_id = g.person_id

-- name: erase_feedback
delete from feedback f
 using jsonb_to_recordset(%(rows)s::jsonb) as g(person_id uuid)
 where f.person_id = g.person_id

-- name: ask_daybook
insert into answers (answer_id, team_id, question_message_id, asker_id, container_id, thread_ts, viewer_kind, viewer_id,
                     question_id, asked_at)
select answer_id, team_id, question_message_id, person_id, container_id, thread_ts, viewer_kind, viewer_id, question_id,
       occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(team_id text, container_id uuid, person_id uuid, occurred_at timestamptz, answer_id uuid, question_message_id uuid,
         thread_ts text, viewer_kind text, viewer_id uuid, question_id uuid)
on conflict do nothing

-- name: answer_questions
update answers a set text_id = g.text_id, message_ids = g.message_ids, engine = g.engine,
       lines = coalesce(g.lines, '[]')
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(answer_id uuid, text_id uuid, message_ids uuid[], engine text, lines jsonb)
 where a.answer_id = g.answer_id

-- name: keep_offers
insert into offers (offer_id, team_id, answer_id, person_id, asked_in, message_ids, at)
select offer_id, team_id, answer_id, person_id, container_id, message_ids, occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(offer_id uuid, team_id text, answer_id uuid, person_id uuid, container_id uuid, message_ids uuid[],
         occurred_at timestamptz)
on conflict do nothing

-- name: keep_ratings
-- Of who is forgotten nothing is kept.
insert into ratings (answer_id, person_id, team_id, verdict, at)
select answer_id, person_id, team_id, verdict, occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb)
    as g(answer_id uuid, person_id uuid, team_id text, verdict text, occurred_at timestamptz)
 where not exists (select from people p where p.person_id = g.person_id and p.forgotten_at is not null)
on conflict (answer_id, person_id) do update set verdict = excluded.verdict, at = excluded.at, undone_at = null

-- name: undo_ratings
update ratings r set undone_at = g.occurred_at
  from jsonb_to_recordset(%(rows)s::jsonb) as g(answer_id uuid, person_id uuid, occurred_at timestamptz)
 where r.answer_id = g.answer_id and r.person_id = g.person_id

-- name: erase_ratings
delete from ratings r
 using jsonb_to_recordset(%(rows)s::jsonb) as g(person_id uuid)
 where r.person_id = g.person_id
