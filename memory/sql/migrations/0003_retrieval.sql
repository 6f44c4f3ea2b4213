-- Retrieval: each message indexed with its neighbours, as words and as vectors. Nothing here is truth: all of it can be
-- made anew from messages, and goes with the words that it rests on.

-- `search` holds the message's own words with weight A, and those of the messages before and after it with weight D.
create table passages (
    message_id uuid primary key,
    team_id text not null,
    container_id uuid not null,
    author_id uuid,
    thread_ts text,
    posted_at timestamptz not null,
    content_id uuid not null references contents on delete cascade,
    before_id uuid references contents on delete cascade,
    after_id uuid references contents on delete cascade,
    search tsvector not null
);
-- Without a list of pending entries, which every search would read through.
create index passages_search on passages using gin (search) with (fastupdate = off);
create index passages_by_time on passages (container_id, posted_at);
create index passages_newest on passages (posted_at desc, message_id);
create index passages_by_content on passages (content_id);
create index passages_by_before on passages (before_id);
create index passages_by_after on passages (after_id);

-- How many passages of a container hold a stem in their own words: frequencies over what somebody may read are its sums.
create table passage_terms (
    container_id uuid not null,
    stem text not null,
    team_id text not null,
    passages integer not null,
    primary key (stem, container_id)
);

create table indexed_containers (
    container_id uuid primary key,
    team_id text not null,
    passages integer not null default 0,
    stale boolean not null default false,         -- messages came, changed or went since it was last indexed
    embedder text,                                -- whose vectors all its passages have; null: some wait for theirs
    dimension integer
);

-- One partition for each embedder and dimension, each with its own index: see open_vector_space.
create table passage_vectors (
    message_id uuid not null references passages on delete cascade,
    embedder text not null,
    dimension integer not null,
    team_id text not null,
    container_id uuid not null,
    posted_at timestamptz not null,
    embedding halfvec not null,
    primary key (message_id, embedder, dimension),
    check (vector_dims(embedding) = dimension)
) partition by range (embedder, dimension);
-- A distance to a row whose vector lies elsewhere costs ten times as much.
alter table passage_vectors alter column embedding set storage main;
create index passage_vectors_by_container on passage_vectors (container_id);

create index answers_by_question_message on answers (question_message_id);

create function open_vector_space(embedder text, dimension integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    name text := 'passage_vectors_' || left(md5(embedder), 12) || '_' || dimension;
begin
    if to_regclass(name) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('passage_vectors', 0));
    if to_regclass(name) is not null then
        return;
    end if;
    execute format('create table %I (like passage_vectors including all)', name);
    -- What has more dimensions than HNSW takes is searched exactly.
    if dimension <= 4000 then
        execute format('create index on %I using hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops)', name, dimension);
    end if;
    execute format('alter table passage_vectors attach partition %I for values from (%L, %s) to (%L, %s)',
                   name, embedder, dimension, embedder, dimension + 1);
end $$;

-- What goes into the index --------------------------------------------------------------------------------------------

create function expected_passages(container uuid, ids uuid[])
returns table (message_id uuid, team_id text, author_id uuid, thread_ts text, posted_at timestamptz,
               content_id uuid, before_id uuid, after_id uuid)
language sql stable as $$
    -- A reply's neighbours stand in its thread, any other message's in the channel; after a long silence there are none.
    select m.message_id, m.team_id, m.author_id, m.thread_ts, m.posted_at, m.content_id, earlier.content_id, later.content_id
      from messages m
      left join lateral (
           select n.content_id
             from messages n
            where n.container_id = container and (n.posted_at, n.message_id) < (m.posted_at, m.message_id)
              and n.posted_at > m.posted_at - interval '6 hours'
              and n.content_id is not null and n.deleted_at is null and n.kind <> 'notice'
              and case when m.thread_ts <> m.external_ts then m.thread_ts in (n.thread_ts, n.external_ts)
                       else coalesce(n.thread_ts, n.external_ts) = n.external_ts end
            order by n.posted_at desc, n.message_id desc limit 1) earlier on true
      left join lateral (
           select n.content_id
             from messages n
            where n.container_id = container and (n.posted_at, n.message_id) > (m.posted_at, m.message_id)
              and n.posted_at < m.posted_at + interval '6 hours'
              and n.content_id is not null and n.deleted_at is null and n.kind <> 'notice'
              and case when m.thread_ts <> m.external_ts then m.thread_ts in (n.thread_ts, n.external_ts)
                       else coalesce(n.thread_ts, n.external_ts) = n.external_ts end
            order by n.posted_at, n.message_id limit 1) later on true
     where m.container_id = container and m.message_id = any (ids)
       and m.content_id is not null and m.deleted_at is null and m.kind <> 'notice'
$$;

create function indexable(body text) returns tsvector language sql immutable as $$
    -- Slack's links and mentions would be taken for tags, and their labels left out; more than a megabyte is refused.
    select to_tsvector('english'::regconfig, translate(left(body, 100000), '<>|', '   '))
$$;

create function count_new_passages() returns trigger
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
    on conflict (container_id) do update
       set passages = indexed_containers.passages + excluded.passages, embedder = null, dimension = null;
    return null;
end $$;
create trigger new_passages_count after insert on passages
    referencing new table as made for each statement execute function count_new_passages();

create function discount_gone_passages() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if not exists (select from gone) then  -- once for each content that goes, whether a passage rests on it or not
        return null;
    end if;
    update passage_terms t set passages = t.passages - lost.many
      from (select p.container_id, u.lexeme, count(*) as many
              from gone p cross join unnest(p.search) as u
             where 'A' = any (u.weights)
             group by p.container_id, u.lexeme) lost
     where t.container_id = lost.container_id and t.stem = lost.lexeme;
    delete from passage_terms t
     using (select distinct p.container_id, u.lexeme from gone p cross join unnest(p.search) as u) lost
     where t.container_id = lost.container_id and t.stem = lost.lexeme and t.passages <= 0;
    update indexed_containers c set passages = c.passages - lost.many, stale = true
      from (select p.container_id, count(*) as many from gone p group by p.container_id) lost
     where c.container_id = lost.container_id;
    return null;
end $$;
create trigger gone_passages_count after delete on passages
    referencing old table as gone for each statement execute function discount_gone_passages();

create function containers_to_index(team text, embedder text, dimension integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
    -- Ids alone: which containers have messages that are not indexed, or not in this embedder's vectors.
    select c.container_id
      from indexed_containers c
     where c.team_id = team and (c.stale or (c.embedder, c.dimension) is distinct from
                                            (containers_to_index.embedder, containers_to_index.dimension))
$$;

-- The search -----------------------------------------------------------------------------------------------------------

create function one_of(stems text[]) returns tsquery language sql immutable as $$
    -- Stems are texts to a tsquery, whatever stands in them.
    select string_agg('''' || replace(replace(stem, '\', '\\'), '''', '''''') || '''', ' | ')::tsquery from unnest(stems) as stem
$$;

create function passage_rank(search tsvector, queries tsquery[], weights real[]) returns real language sql immutable as $$
    -- How telling the stems are that a passage holds, eight of them; in a neighbour's words they count less than half.
    -- Written out, since an expression is put into the query that calls it, and a query would be run for each row.
    select weights[1] * ts_rank('{0.4, 0, 0, 1}', search, queries[1])
         + weights[2] * ts_rank('{0.4, 0, 0, 1}', search, queries[2])
         + weights[3] * ts_rank('{0.4, 0, 0, 1}', search, queries[3])
         + weights[4] * ts_rank('{0.4, 0, 0, 1}', search, queries[4])
         + weights[5] * ts_rank('{0.4, 0, 0, 1}', search, queries[5])
         + weights[6] * ts_rank('{0.4, 0, 0, 1}', search, queries[6])
         + weights[7] * ts_rank('{0.4, 0, 0, 1}', search, queries[7])
         + weights[8] * ts_rank('{0.4, 0, 0, 1}', search, queries[8])
$$;

create function count_words(viewer_kind text, viewer uuid, words text[]) returns table (word text, passages bigint)
language sql stable security definer set search_path = public, pg_temp as $$
    -- Over what the viewer may read, and nothing else; of a word with several stems its rarest counts.
    with readable as materialized (
        select array(select readable_containers(viewer_kind, viewer)) as ids
    ), stems as materialized (
        select w.word, s.stem from unnest(words) as w(word) cross join unnest(tsvector_to_array(indexable(w.word))) as s(stem)
    ), counted as (
        select t.stem, sum(t.passages) as passages
          from passage_terms t
         where t.container_id = any ((select ids from readable)::uuid[]) and t.stem = any (array(select stem from stems))
         group by t.stem
    )
    select s.word, min(coalesce(c.passages, 0))::bigint from stems s left join counted c using (stem) group by s.word
$$;

create function count_passages(viewer_kind text, viewer uuid) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(sum(c.passages), 0)
      from indexed_containers c
     where c.container_id in (select readable_containers(viewer_kind, viewer))
$$;

create function search_passages(
    viewer_kind text, viewer uuid, words text, people uuid[], since timestamptz, until timestamptz,
    embedder text, embedding halfvec, most integer, few integer, budget integer)
returns table (message_id uuid, lexical real, similarity real)
language plpgsql stable security definer
set search_path = public, pg_temp
set plan_cache_mode = force_custom_plan           -- the plan depends on how many rows there are to look at
set enable_seqscan = off
set hnsw.iterative_scan = strict_order
set hnsw.ef_search = 110                      -- a little more than the hundred that are asked for
as $$
#variable_conflict use_column
declare
    -- Whom it is for decides what there is: every figure below is counted over these containers, and over no others.
    readable constant uuid[] := array(select readable_containers(viewer_kind, viewer));
    at_least constant timestamptz := coalesce(since, '-infinity');
    before constant timestamptz := coalesce(until, 'infinity');
    total bigint;
    candidates bigint;
    stems text[];
    held bigint[];                                 -- in how many passages each stem stands
    queries tsquery[];
    weights real[];
    nothing constant tsquery := to_tsquery('english', 'the');  -- holds no stem
    wanted tsquery;
    pair tsquery;
    rare text[] := '{}';
    common text[] := '{}';
    common_held bigint[] := '{}';
    ranked bigint := 0;
    by_words uuid[] := '{}';
    by_vector uuid[] := '{}';
begin
    select coalesce(sum(c.passages), 0) into total from indexed_containers c where c.container_id = any (readable);
    candidates := total;
    if since is not null or until is not null then
        select count(*) into candidates
          from (select from passages p
                 where p.container_id = any (readable) and p.posted_at >= at_least and p.posted_at < before
                 limit few + 1) counted;
    end if;

    select array_agg(f.stem order by f.passages, f.stem), array_agg(f.passages order by f.passages, f.stem)
      into stems, held
      from (select t.stem, sum(t.passages) as passages
              from passage_terms t
             where t.container_id = any (readable) and t.stem = any (tsvector_to_array(indexable(words)))
             group by t.stem
             order by 2, 1
             limit 8) f;
    select array_agg(one_of(array[s.stem]) order by s.ordinal),
           array_agg(ln(1 + (total - s.held + 0.5) / (s.held + 0.5))::real order by s.ordinal)
      into queries, weights
      from unnest(stems, held) with ordinality as s(stem, held, ordinal);
    queries := queries || array_fill(nothing, array[8 - coalesce(cardinality(stems), 0)]);
    weights := weights || array_fill(0::real, array[8 - coalesce(cardinality(stems), 0)]);

    -- Rare stems as long as they are affordable; of the rest two together; what every fourth message has tells nothing.
    for place in 1 .. coalesce(cardinality(stems), 0) loop
        if ranked + 3 * held[place] <= budget then
            ranked := ranked + 3 * held[place];
            rare := rare || stems[place];
        elsif 4 * held[place] < total and cardinality(common) < 5 then
            common := common || stems[place];
            common_held := common_held || held[place];
        end if;
    end loop;
    wanted := one_of(rare);
    for one in 1 .. cardinality(common) loop
        for other in one + 1 .. cardinality(common) loop
            if 9.0 * common_held[one] * common_held[other] / total <= budget / 4.0 then
                pair := one_of(common[one:one]) && one_of(common[other:other]);
                wanted := coalesce(wanted || pair, pair);
            end if;
        end loop;
    end loop;

    if wanted is not null then
        by_words := array(
            select p.message_id
              from passages p
             where p.search @@ wanted and p.container_id = any (readable) and p.posted_at >= at_least and p.posted_at < before
             order by passage_rank(p.search, queries, weights) * case when p.author_id = any (people) then 1.5 else 1 end desc,
                      p.posted_at desc, p.message_id
             limit most);
    elsif stems is not null or cardinality(people) > 0 or since is not null or until is not null then
        -- Nothing to tell by but words that are everywhere, who said it and when: the newest.
        by_words := array(
            select p.message_id
              from passages p
             where p.container_id = any (readable) and p.posted_at >= at_least and p.posted_at < before
               and (stems is null or p.search @@ queries[1])
               and (coalesce(cardinality(people), 0) = 0 or p.author_id = any (people))
             order by p.posted_at desc, p.message_id
             limit most);
    end if;

    if embedding is not null and candidates <= few then
        by_vector := array(
            select v.message_id
              from passage_vectors v
             where v.embedder = search_passages.embedder and v.dimension = vector_dims(search_passages.embedding)
               and v.container_id = any (readable) and v.posted_at >= at_least and v.posted_at < before
             order by v.embedding <=> search_passages.embedding, v.posted_at desc, v.message_id
             limit most / 3);
    elsif embedding is not null then
        -- The cast to so many dimensions is what the index is on: a number of ours, and no text.
        execute format(
            'select array(select v.message_id from passage_vectors v
                           where v.embedder = $1 and v.dimension = %1$s and v.container_id = any ($2)
                             and v.posted_at >= $3 and v.posted_at < $4
                           order by v.embedding::halfvec(%1$s) <=> $5::halfvec(%1$s) limit $6)', vector_dims(embedding))
           into by_vector using embedder, readable, at_least, before, embedding, most / 3;
    end if;

    -- Words count for up to one, likeness for up to a half.
    return query
    with scored as materialized (
        select p.message_id, p.posted_at,
               coalesce(passage_rank(p.search, queries, weights), 0)::real as lexical,
               (1 - (v.embedding <=> search_passages.embedding))::real as similarity,
               case when p.author_id = any (people) then 1.5 else 1 end as preferred
          from (select distinct n.message_id from unnest(by_words || by_vector) as n(message_id)) near
          join passages p using (message_id)
          left join passage_vectors v
                 on v.message_id = p.message_id and v.embedder = search_passages.embedder
                and v.dimension = vector_dims(search_passages.embedding)
         where not exists (select from answers a where a.question_message_id = p.message_id)
    )
    select s.message_id, s.lexical, s.similarity
      from scored s cross join (select nullif(max(lexical), 0) as lexical from scored) best
     order by s.preferred * (coalesce(s.lexical / best.lexical, 0) + coalesce(s.similarity, 0) / 2) desc, s.posted_at desc, s.message_id
     limit most;
end $$;

-- The second fence -----------------------------------------------------------------------------------------------------

do $$
declare
    name text;
begin
    foreach name in array array['passages', 'passage_terms', 'indexed_containers', 'passage_vectors'] loop
        execute format('alter table %I enable row level security', name);
        execute format('create policy reading on %I for select using (container_id = any ((select visible_containers())::uuid[]))', name);
        execute format('create policy adding on %I for insert with check (container_id = any ((select current_scribe())::uuid[]))', name);
        execute format('create policy changing on %I for update using (container_id = any ((select current_scribe())::uuid[]))', name);
        execute format('create policy removing on %I for delete using (container_id = any ((select current_scribe())::uuid[]))', name);
    end loop;
end $$;

grant select, insert, update, delete on passages, passage_terms, indexed_containers, passage_vectors to daybook_app;
revoke all on function open_vector_space(text, integer), count_new_passages(), discount_gone_passages(),
    containers_to_index(text, text, integer), count_words(text, uuid, text[]), count_passages(text, uuid),
    search_passages(text, uuid, text, uuid[], timestamptz, timestamptz, text, halfvec, integer, integer, integer) from public;
grant execute on all functions in schema public to daybook_app;

-- Messages that were there before are indexed when a worker next looks round.
insert into indexed_containers (container_id, team_id, stale)
select distinct container_id, team_id, true from messages;

drop function find_messages(text, uuid, text, integer);
drop index contents_search;
alter table contents drop column search;
