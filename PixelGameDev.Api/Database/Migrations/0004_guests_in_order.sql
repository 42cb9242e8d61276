-- no-transaction
-- recorded as 1e5ff179cb78153b790a43886978dadf5d5f85ffb3d7606dcf224b43925745fa
-- Its first text built the same index inside of a transaction, and nobody could write to accounts meanwhile. An index that an interrupted
-- build left invalid is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid = to_regclass('accounts_guests')) then
        drop index accounts_guests;
    end if;
end $$;

-- Housekeeping goes through the guests in the order in which they came, and goes on where it ended.
create index concurrently if not exists accounts_guests on accounts (created_at, id) where guest;
