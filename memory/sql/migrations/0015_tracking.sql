-- Who does not want to be tracked: no fact rests on what they write, while what others say stands.

alter table people add column untracked_at timestamptz;
create index people_untracked on people (team_id) where untracked_at is not null;

-- What somebody is owed is looked up as what they owe is.
create index facts_by_counterparty on facts (counterparty_id, valid_from) where retired_at is null;

create or replace function standing_links(places uuid[]) returns setof fact_links language sql stable as $$
    -- With both ends in these places; none of which a message was deleted or its author is not tracked, or an end is no
    -- fact any more.
    select l.*
      from fact_links l
     where l.from_container = any (places) and l.to_container = any (places)
       and cardinality(l.message_ids) = (select count(*) from messages m
                                          where m.message_id = any (l.message_ids) and m.deleted_at is null
                                            and not exists (select from people p
                                                             where p.person_id = m.author_id and p.untracked_at is not null))
       and not exists (select from facts f where f.fact_id in (l.from_fact, l.to_fact) and f.retired_at is not null)
$$;

-- What was told of facts that are taken back, to anybody: entries of briefings with their headlines, and answers that cite
-- what states the facts. Where it was posted, it is written anew.
create index if not exists items_by_facts on items using gin (fact_ids);
create index if not exists answers_by_messages on answers using gin (message_ids);
create function erase_told(known uuid[]) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with told as (
        select i.text_id as one, i.why_id as two, i.reasons_id as three, b.headline_id as four
          from items i join briefings b using (briefing_id) where i.fact_ids && known
    ), stating as (
        select coalesce(array_agg(message_id), '{}') as messages
          from evidence where fact_id = any (known) and role = 'states'
    ), gone as (
        delete from contents
         where content_id in (select one from told union select two from told union select three from told
                              union select four from told
                              union select a.text_id from answers a, stating s where a.message_ids && s.messages)
        returning 1
    )
    select count(*) from gone
$$;
revoke all on function erase_told(uuid[]) from public;
grant execute on function erase_told(uuid[]) to daybook_app;
