-- Two programs that begin together open the same space. Who waited for the lock may still not see the other's table: what
-- a session has looked up of the catalogue is not renewed by an advisory lock. That it is there says enough.
create or replace function open_vector_space(embedder text, dimension integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    name text := 'passage_vectors_' || left(md5(embedder), 12) || '_' || dimension;
begin
    if to_regclass(name) is not null then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtextextended('passage_vectors', 0));
    begin
        execute format('create table %I (like passage_vectors including all)', name);
    exception when duplicate_table then
        return;
    end;
    -- What has more dimensions than HNSW takes is searched exactly.
    if dimension <= 4000 then
        execute format('create index on %I using hnsw ((embedding::halfvec(%s)) halfvec_cosine_ops)', name, dimension);
    end if;
    execute format('alter table passage_vectors attach partition %I for values from (%L, %s) to (%L, %s)',
                   name, embedder, dimension, embedder, dimension + 1);
end $$;
