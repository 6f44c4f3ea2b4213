-- name: hold_waiting_job
-- Workers skip what is locked: whoever begins this job sees what the caller is about to commit, and is told of it then.
with held as (
    select id, coalesce(scheduled_at <= now(), true) as is_due
      from procrastinate_jobs where queueing_lock = %(queueing_lock)s and status = 'todo' for share
)
select id, case when is_due then
           pg_notify('procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', id)::text) end
  from held
