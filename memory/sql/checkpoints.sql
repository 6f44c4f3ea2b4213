-- name: find_idle_threads
-- Runs that nothing was added to for so long: over, or given up.
select thread_id from checkpoints
 group by thread_id
having max((checkpoint ->> 'ts')::timestamptz) < now() - case when thread_id like %(but)s then %(but_days)s else %(days)s end * interval '1 day'
 limit %(most)s
