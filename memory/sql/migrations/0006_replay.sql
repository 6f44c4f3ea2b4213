-- A replay folds the log into temporary tables of the same names, which come before ours wherever a statement names one.
-- For the owner alone: it sees every row.

create function open_replay(names text[]) returns void language plpgsql as $$
declare
    name text;
begin
    foreach name in array names loop
        execute format('create temporary table %I (like public.%I including defaults including constraints including indexes)'
                       ' on commit drop', name, name);
    end loop;
end $$;

create function analyze_replay(names text[]) returns void language plpgsql as $$
declare
    name text;
begin
    -- Nobody else gathers statistics of a temporary table, and without them the planner reads all of it each time.
    foreach name in array names loop
        execute format('analyze pg_temp.%I', name);
    end loop;
end $$;

-- `ignored` are columns that no event tells of: words of the directory, and how far a source was read.
create function summarise_replay(name text, ignored text[])
returns table (live_rows bigint, live_hash text, rebuilt_rows bigint, rebuilt_hash text) language plpgsql as $$
begin
    return query execute format(
        'with live as (select md5((to_jsonb(t) - $1)::text) as digest from public.%I t),
              rebuilt as (select md5((to_jsonb(t) - $1)::text) as digest from pg_temp.%I t)
         select (select count(*) from live), (select md5(coalesce(string_agg(digest, '''' order by digest), '''')) from live),
                (select count(*) from rebuilt), (select md5(coalesce(string_agg(digest, '''' order by digest), '''')) from rebuilt)',
        name, name) using ignored;
end $$;

create function compare_replay(name text, keys text[], ignored text[], most integer)
returns table (row_key jsonb, standing text, columns text[]) language plpgsql as $$
declare
    joined text := (select string_agg(format('l.%1$I = r.%1$I', key), ' and ') from unnest(keys) as key);
begin
    return query execute format(
        'select (select jsonb_object_agg(key, coalesce(to_jsonb(l), to_jsonb(r)) -> key) from unnest($1) as key),
                case when l is null then ''missing'' when r is null then ''untold'' else ''different'' end,
                case when not (l is null) and not (r is null) then
                    array(select n.key from jsonb_each(to_jsonb(r) - $2) as n
                           where n.value is distinct from (to_jsonb(l) -> n.key) order by 1) end
           from public.%1$I l full join pg_temp.%1$I r on %2$s
          where l is null or r is null or (to_jsonb(l) - $2) <> (to_jsonb(r) - $2)
          order by 1 limit $3', name, joined) using keys, ignored, most;
end $$;

-- Puts what was rebuilt in the place of what differs from it.
create function adopt_replay(name text, keys text[], ignored text[]) returns bigint language plpgsql as $$
declare
    joined text := (select string_agg(format('l.%1$I = r.%1$I', key), ' and ') from unnest(keys) as key);
    told text[] := (select array_agg(attname::text order by attnum) from pg_attribute
                     where attrelid = format('public.%I', name)::regclass and attnum > 0 and not attisdropped);
    changes text := (select string_agg(format('%1$I = excluded.%1$I', each), ', ') from unnest(told) as each
                      where each <> all (keys) and each <> all (ignored));
    removed bigint;
    written bigint;
begin
    execute format('delete from public.%1$I l where not exists (select from pg_temp.%1$I r where %2$s)', name, joined);
    get diagnostics removed = row_count;
    execute format(
        'insert into public.%1$I select r.* from pg_temp.%1$I r
          where not exists (select from public.%1$I l where %2$s and (to_jsonb(l) - $1) = (to_jsonb(r) - $1))
         on conflict (%3$s) do %4$s',
        name, joined, (select string_agg(quote_ident(key), ', ') from unnest(keys) as key),
        coalesce('update set ' || changes, 'nothing')) using ignored;
    get diagnostics written = row_count;
    return removed + written;
end $$;

create function lock_for_replay(names text[]) returns void language plpgsql as $$
declare
    name text;
begin
    foreach name in array names loop
        execute format('lock table public.%I in share row exclusive mode', name);
    end loop;
end $$;

revoke all on function open_replay(text[]), analyze_replay(text[]), summarise_replay(text, text[]),
    compare_replay(text, text[], text[], integer), adopt_replay(text, text[], text[]), lock_for_replay(text[]) from public;
