-- What an answer in a channel had to leave out although its asker may read it, and what readers say of answers: by ids and
-- plain values, never in words.

create table offers (
    offer_id uuid primary key,
    team_id text not null,
    answer_id uuid not null,                      -- the answer in the channel
    person_id uuid not null,                      -- its asker
    asked_in uuid not null,                       -- the channel, by whose rights the answer was written
    message_ids uuid[] not null,                  -- what answers the question too, for the asker alone
    at timestamptz not null
);

create table ratings (
    answer_id uuid not null,
    person_id uuid not null,
    team_id text not null,
    verdict text not null check (verdict in ('up', 'down')),
    at timestamptz not null,
    undone_at timestamptz,
    primary key (answer_id, person_id)
);
create index ratings_by_person on ratings (person_id, at);

do $$
declare
    name text;
begin
    foreach name in array array['offers', 'ratings'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy own on %I using (person_id = (select current_viewer())) with check (person_id = (select current_viewer()))', name);
        execute format('grant select, insert, update, delete on %I to daybook_app', name);
    end loop;
end $$;
