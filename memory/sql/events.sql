-- name: append_events
select append_events(%(team_id)s, %(rows)s::jsonb) as appended

-- name: read_events
select event_id, position, kind, schema_version, container_id, person_id, occurred_at, recorded_at, cause, payload
  from events
 where team_id = %(team_id)s and position > %(after)s
 order by position
 limit %(most)s

-- name: open_event_partition
select open_event_partition(%(month)s)
