-- Talks: what was asked of Daybook in a thread is found by the thread, and a question put to it is news for nobody.

create index answers_by_thread on answers (container_id, thread_ts, asked_at);

create function is_put_to_daybook(message uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from answers a where a.question_message_id = message)
$$;
