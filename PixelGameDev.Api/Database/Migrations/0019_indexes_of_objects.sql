-- no-transaction
-- Built beside the running servers: nobody waits for them. An index that an interrupted build left invalid is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid in (to_regclass('blobs_large'), to_regclass('blobs_moved')))
    then
        drop index if exists blobs_large, blobs_moved;
    end if;
end $$;

-- Contents that are large enough for the object store and still here.
create index concurrently if not exists blobs_large on blobs (hash) where content is not null and size >= 16384;

-- Contents that are there: read when the store is switched off again.
create index concurrently if not exists blobs_moved on blobs (hash) where object is not null;
