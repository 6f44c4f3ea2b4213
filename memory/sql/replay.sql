-- For the owner alone.

-- name: use_utc
select set_config('timezone', 'UTC', true)

-- name: list_teams
select team_id, last_position from teams order by team_id

-- name: open_replay
select open_replay(%(names)s)

-- name: analyze_replay
select analyze_replay(%(names)s)

-- name: lock_for_replay
select lock_for_replay(%(names)s)

-- name: summarise_replay
select live_rows, live_hash, rebuilt_rows, rebuilt_hash from summarise_replay(%(name)s, %(ignored)s)

-- name: compare_replay
select row_key, standing, columns from compare_replay(%(name)s, %(keys)s, %(ignored)s, %(most)s)

-- name: adopt_replay
select adopt_replay(%(name)s, %(keys)s, %(ignored)s) as changed
