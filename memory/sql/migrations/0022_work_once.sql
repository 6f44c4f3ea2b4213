-- Work that is asked for again joins the job of it that waits: in one statement, since nothing else is asked as often.
--
-- Workers skip what is locked: whoever begins the waiting job sees what the caller is about to commit, and is told of it
-- then. Where none waits, or it was begun just now and would not see that, there is a new job. Returns whether there is.
create function defer_or_join(task text, only_one text, priority integer, arguments jsonb, scheduled_at timestamptz)
returns boolean language plpgsql set search_path = public, pg_temp as $$
declare
    waiting record;
    violated text;
begin
    loop
        select j.id, coalesce(j.scheduled_at <= now(), true) as is_due into waiting
          from procrastinate_jobs j where j.queueing_lock = only_one and j.status = 'todo' for share;
        if found then
            if waiting.is_due then
                perform pg_notify('procrastinate_any_queue_v1',
                                  json_build_object('type', 'job_inserted', 'job_id', waiting.id)::text);
            end if;
            return false;
        end if;
        begin
            perform procrastinate_defer_jobs_v1(array[row('default', task, priority, only_one, only_one, arguments,
                                                          defer_or_join.scheduled_at)
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
