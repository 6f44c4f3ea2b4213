-- name: append_events
select append_events(%(team_id)s, %(rows)s::jsonb) as event_id

-- name: read_events
select event_id, team_id, position, kind, schema_version, container_id, person_id, occurred_at, recorded_at, cause, payload::text as payload
  from events
 where team_id = %(team_id)s and position > %(after)s
 order by position
 limit %(most)s

-- name: open_event_partitions
-- By the database's clock, which stamps the events: this month and those ahead.
select open_event_partition(((now() at time zone 'UTC') + ahead * interval '1 month')::date)
  from generate_series(0, %(ahead)s) as ahead
