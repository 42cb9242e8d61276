-- The key of a content that is in the object store; its column content is null then. Each upload has a key of its own. So removing the
-- object of a removed row never touches that of a row that has the same hash again.
alter table blobs add column if not exists object text;

-- Keys that no blob has. A key is written here before its upload begins, and taken out in the statement that gives it to a blob; so what a
-- server leaves behind when it dies is found. The removal claims a key first: a claimed key is never given to a blob.
create table if not exists unneeded_objects (
    key     text        primary key,
    since   timestamptz not null default now(),
    claimed boolean     not null default false
);

create index if not exists unneeded_objects_since on unneeded_objects (since);

-- Whichever server removes a blob, the one of the version before too.
create or replace function discard_objects() returns trigger language plpgsql as $$
begin
    insert into unneeded_objects (key) select object from removed where object is not null on conflict do nothing;
    return null;
end
$$;

create or replace trigger blobs_removed after delete on blobs
    referencing old table as removed for each statement execute function discard_objects();
