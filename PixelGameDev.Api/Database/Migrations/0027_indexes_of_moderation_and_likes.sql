-- no-transaction
-- Built beside the running servers: nobody waits for it. An index that an interrupted build left invalid is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid = to_regclass('projects_taken_down')) then
        drop index projects_taken_down;
    end if;
    if exists (select from pg_index where not indisvalid and indexrelid = to_regclass('publications_liked')) then
        drop index publications_liked;
    end if;
end $$;

-- The games that are taken down, for the list of the admins.
create index concurrently if not exists projects_taken_down on projects (taken_down_at) where taken_down_at is not null;

-- The most liked games.
create index concurrently if not exists publications_liked on publications (likes desc, id desc);
