-- no-transaction
-- Built beside the running servers: nobody waits for it. An index that an interrupted build left invalid is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid = to_regclass('sessions_open_account')) then
        drop index sessions_open_account;
    end if;
end $$;

-- The games of a person that run: without it, all sessions of the person are read.
create index concurrently if not exists sessions_open_account on sessions (account_id, created_at desc) where ended_at is null;
