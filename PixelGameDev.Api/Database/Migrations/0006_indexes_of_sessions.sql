-- no-transaction
-- Built beside the running servers: nobody waits for them, however large the tables are. An index that an interrupted build left invalid
-- is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid in (
        to_regclass('sessions_project'), to_regclass('sessions_ended'), to_regclass('sessions_tail'))) then
        drop index if exists sessions_project, sessions_ended, sessions_tail;
    end if;
end $$;

-- Deleting a project or a guest looks for its sessions (on delete set null).
create index concurrently if not exists sessions_project on sessions (project_id);

-- Records that have grown old, and tails of the console that have.
create index concurrently if not exists sessions_ended on sessions (ended_at, id) where ended_at is not null;
create index concurrently if not exists sessions_tail on sessions (ended_at, id) where console_tail is not null;
