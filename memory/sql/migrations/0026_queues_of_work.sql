-- Work goes into queues with hands of their own: what somebody waits for, what nobody does, and what waits for Slack.
create function defer_or_join(queue text, task text, only_one text, priority integer, arguments jsonb,
                              scheduled_at timestamptz)
returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
    waiting record;
    violated text;
begin
    loop
        select j.queue_name, j.id, coalesce(j.scheduled_at <= now(), true) as is_due into waiting
          from procrastinate_jobs j where j.queueing_lock = only_one and j.status = 'todo' for share;
        if found then
            if waiting.is_due then
                perform pg_notify(channel, json_build_object('type', 'job_inserted', 'job_id', waiting.id)::text)
                   from unnest(array['procrastinate_queue_v1#' || waiting.queue_name,
                                     'procrastinate_any_queue_v1']) as channel;
            end if;
            return false;
        end if;
        begin
            perform procrastinate_defer_jobs_v1(array[row(defer_or_join.queue, task, priority, only_one, only_one,
                                                          arguments, defer_or_join.scheduled_at)
                                                     ]::procrastinate_job_to_defer_v1[]);
            return true;
        exception when unique_violation then
            -- One came to wait meanwhile: it is joined. Anything else is somebody's mistake.
            get stacked diagnostics violated = constraint_name;
            if violated <> 'procrastinate_jobs_queueing_lock_idx_v1' then
                raise;
            end if;
        end;
    end loop;
end $$;

-- What a program of an earlier version defers, until it is ended.
create or replace function defer_or_join(task text, only_one text, priority integer, arguments jsonb,
                                         scheduled_at timestamptz)
returns boolean language sql set search_path = public, pg_temp as $$
    select defer_or_join('default', task, only_one, priority, arguments, scheduled_at);
$$;
