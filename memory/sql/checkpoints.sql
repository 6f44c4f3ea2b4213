-- name: find_idle_threads
-- Runs that nothing was added to for so long: over, or given up.
select thread_id from checkpoints
 group by thread_id
having max((checkpoint ->> 'ts')::timestamptz) < now() - %(days)s * interval '1 day'
 limit %(most)s
