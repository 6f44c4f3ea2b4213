-- Which passages may want a vector: one new message is embedded without looking through all that its channel holds.
create table passages_to_embed (
    message_id uuid primary key references passages on delete cascade,
    team_id text not null,
    container_id uuid not null
);
create index passages_to_embed_by_container on passages_to_embed (container_id);

alter table passages_to_embed enable row level security;
create policy reading on passages_to_embed for select using (container_id = any ((select visible_containers())::uuid[]));
create policy adding on passages_to_embed for insert with check (container_id = any ((select current_scribe())::uuid[]));
create policy changing on passages_to_embed for update using (container_id = any ((select current_scribe())::uuid[]));
create policy removing on passages_to_embed for delete using (container_id = any ((select current_scribe())::uuid[]));
grant select, insert, update, delete on passages_to_embed to daybook_app;

-- From now on the embedder of a container is the one whose vectors all its passages have but those that are listed.
create or replace function count_new_passages() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into passage_terms (container_id, stem, team_id, passages)
    select p.container_id, t.lexeme, p.team_id, count(*)
      from made p cross join unnest(p.search) as t
     where 'A' = any (t.weights)
     group by p.container_id, p.team_id, t.lexeme
     order by t.lexeme, p.container_id
    on conflict (stem, container_id) do update set passages = passage_terms.passages + excluded.passages;
    insert into indexed_containers (container_id, team_id, passages)
    select p.container_id, p.team_id, count(*) from made p group by p.container_id, p.team_id order by p.container_id
    on conflict (container_id) do update set passages = indexed_containers.passages + excluded.passages;
    insert into passages_to_embed (message_id, team_id, container_id)
    select p.message_id, p.team_id, p.container_id from made p on conflict do nothing;
    return null;
end $$;

create or replace function containers_to_index(team text, embedder text, dimension integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    -- Ids alone: which containers have messages that are not indexed, or not in this embedder's vectors.
    select c.container_id
      from indexed_containers c
     where c.team_id = team
       and (c.stale
            or (c.embedder, c.dimension) is distinct from (containers_to_index.embedder, containers_to_index.dimension)
            or exists (select from passages_to_embed t where t.container_id = c.container_id))
$$;
