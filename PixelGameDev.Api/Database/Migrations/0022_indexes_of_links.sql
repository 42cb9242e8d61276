-- no-transaction
-- Built beside the running servers: nobody waits for it. An index that an interrupted build left invalid is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid = to_regclass('projects_copied')) then
        drop index projects_copied;
    end if;
end $$;

-- The copies of a project: read when it is deleted for good.
create index concurrently if not exists projects_copied on projects (copied_from) where copied_from is not null;
