-- How Daybook behaves in a channel, and whether it could read it.
alter table containers
    add column follow_ups boolean not null default true,      -- answered in a thread without a new mention
    -- Work, as `history_read_until` is: no event tells of it.
    add column reading_failed_at timestamptz;                 -- since when reading it back has failed

-- Looked up with every answer, and nearly always empty.
create index containers_unreadable on containers (reading_failed_at) where reading_failed_at is not null;
