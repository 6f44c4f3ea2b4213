-- name: read_slot
select briefing_id, team_id, person_id, local_date, due_at, kind, composed_at, delivered_at
  from briefings where briefing_id = %(briefing_id)s

-- name: read_waited
-- Of what was claimed more than a day ago nobody needs to know it exactly.
select extract(epoch from clock_timestamp() - e.recorded_at) as seconds
  from event_keys k join events e using (event_id)
 where k.team_id = %(team_id)s and k.key = %(key)s and e.recorded_at > now() - interval '1 day'

-- name: find_unmade
-- Due a while ago and not told yet, what is freshest first; what is a day old would be no news.
select b.briefing_id from briefings b
 where b.team_id = %(team_id)s and b.delivered_at is null
   and b.due_at < %(before)s and b.due_at > %(before)s - interval '12 hours'
   and not exists (select from outbox o where o.subject_id = b.briefing_id and o.operation = 'post')
 order by b.due_at desc
 limit 200

-- name: find_latest_slot
select briefing_id, team_id, person_id, local_date, due_at, kind, composed_at, delivered_at
  from briefings where person_id = %(person_id)s and kind = 'day' and composed_at is not null
 order by local_date desc limit 1

-- name: find_composed_before
select max(composed_at) as composed_at from briefings
 where person_id = %(person_id)s and local_date < %(local_date)s and kind = 'day' and delivered_at is not null

-- name: find_told_last
select max(local_date) as local_date from briefings
 where person_id = %(person_id)s and local_date < %(local_date)s and kind = 'day' and delivered_at is not null

-- name: find_owed_since
select min(due_at) as due_at from briefings
 where person_id = %(person_id)s and local_date < %(local_date)s and local_date >= %(local_date)s::date - 7
   and kind = 'day' and delivered_at is null

-- name: read_briefing
select b.briefing_id, b.person_id, b.local_date, b.kind, b.composed_at, coalesce(h.body, '') as headline, b.coverage, b.engine
  from briefings b left join contents h on h.content_id = b.headline_id
 where b.briefing_id = %(briefing_id)s and b.composed_at is not null

-- name: read_items
-- An item whose words were erased is gone; sources are only those that the viewer may read now.
select i.item_id, i.section, t.body as text, coalesce(w.body, '') as why, i.anchor_id, i.fact_ids, i.tag,
       f.kind is not distinct from 'done' as done, f.until as snoozed_until, f.kind is not distinct from 'declined' as declined,
       (select jsonb_agg(jsonb_build_object('message_id', m.message_id, 'channel', c.external_id, 'ts', m.external_ts,
                                            'thread_ts', m.thread_ts, 'source', c.source) order by o.ordinal)
          from unnest(i.message_ids) with ordinality as o(message_id, ordinal)
          join messages m using (message_id)
          join containers c using (container_id)
         where m.deleted_at is null
           and m.container_id in (select readable_containers('person', i.person_id))) as sources,
       (select count(*) + 1 from items e join briefings o using (briefing_id)
         where e.person_id = i.person_id and e.anchor_id = i.anchor_id and o.kind = 'day' and o.delivered_at is not null
           and o.local_date < b.local_date) as day
  from items i
  join briefings b using (briefing_id)
  join contents t on t.content_id = i.text_id
  left join contents w on w.content_id = i.why_id
  left join feedback f on f.item_id = i.item_id and f.undone_at is null
 where i.briefing_id = %(briefing_id)s
 order by i.ordinal

-- name: find_item
select briefing_id, item_id, person_id from items where item_id = %(item_id)s

-- name: read_reasons
select c.body, i.grounds from items i join contents c on c.content_id = i.reasons_id where i.item_id = %(item_id)s

-- name: read_told
select i.anchor_id, i.fact_ids, i.fingerprint, b.local_date, b.composed_at as at, f.kind is not distinct from 'done' as done
  from items i join briefings b using (briefing_id)
  left join feedback f on f.item_id = i.item_id and f.undone_at is null
 where i.person_id = %(person_id)s and b.local_date < %(local_date)s and b.delivered_at is not null
   and b.local_date > %(local_date)s::date - 30 and b.kind = 'day'
 order by b.local_date, i.ordinal
