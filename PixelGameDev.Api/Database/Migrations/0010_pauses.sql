-- no-transaction
-- Projects that nobody has changed for some minutes. An index that an interrupted build left invalid is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid = to_regclass('projects_updated')) then
        drop index projects_updated;
    end if;
end $$;

create index concurrently if not exists projects_updated on projects (updated_at) where owner_id is not null;
