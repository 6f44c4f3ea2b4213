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
