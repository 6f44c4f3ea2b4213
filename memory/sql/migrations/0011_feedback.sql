-- What readers say of the items they were told, and what put each item where it stood: by codes and ids, never in words.

alter table items
    -- what it is like, and all reasons that ranked it; of what was told before, nothing is known
    add column grounds jsonb not null default '{"kind": null, "container_id": null, "actor_id": null, "reasons": []}',
    add column reasons_id uuid;                   -- the text that words them

create table feedback (
    item_id uuid primary key,
    team_id text not null,
    person_id uuid not null,
    anchor_id uuid not null,
    fact_ids uuid[] not null,
    fingerprint text not null,                    -- of what was told when this was said
    kind text not null,                           -- done, snoozed or declined
    until date,                                   -- of what is snoozed: the reader's day on which it comes back
    at timestamptz not null,
    undone_at timestamptz,
    taught boolean not null default true,         -- false: nothing is to be learnt from it
    grounds jsonb not null                        -- those of the item, which may be told anew, or otherwise
);
create index feedback_by_person on feedback (person_id, at);

-- *Done* was all that could be said until now.
insert into feedback (item_id, team_id, person_id, anchor_id, fact_ids, fingerprint, kind, at, grounds)
select item_id, team_id, person_id, anchor_id, fact_ids, fingerprint, 'done', done_at, grounds
  from items where done_at is not null;
alter table items drop column done_at;

alter table feedback enable row level security;
create policy own on feedback using (person_id = (select current_viewer())) with check (person_id = (select current_viewer()));
grant select, insert, update, delete on feedback to daybook_app;

-- The wording of an item's reasons may call others by name, as the item does.
create or replace function erase_calling(team text, calls text) returns bigint
language sql security definer set search_path = public, pg_temp as $$
    with gone as (
        delete from contents c
         where c.team_id = team and c.viewer_id is not null and c.body ~ calls
           and (c.kind in ('item', 'why', 'reasons', 'headline', 'answer')
                or c.kind = 'result' and exists (select from task_results r
                                                  where r.content_id = c.content_id and r.task <> 'understand'))
        returning 1
    )
    select count(*) from gone
$$;
