-- no-transaction
-- Built beside the running servers: nobody waits for them. An index that an interrupted build left invalid is dropped first.
do $$ begin
    if exists (select from pg_index where not indisvalid and indexrelid in (to_regclass('accounts_people'), to_regclass('accounts_admins')))
    then
        drop index if exists accounts_people, accounts_admins;
    end if;
end $$;

-- People in the order of their names, for the list of an admin and its search.
create index concurrently if not exists accounts_people on accounts (name_key collate "C") where not guest;

-- Whether there is an admin, and whether another one would remain.
create index concurrently if not exists accounts_admins on accounts (id) where role = 'admin' and not guest;
