-- The hash of a head. The trigger keeps it, so it is right whichever server writes, the previous one too. Rows of before get theirs when
-- their project records its next revision: hashing every file of an installation here would take as long as reading it.
alter table files add column if not exists content_hash bytea;

create or replace function hash_content() returns trigger language plpgsql as $$
begin
    new.content_hash := sha256(new.content);
    return new;
end
$$;

create or replace trigger files_hashed before insert or update of content on files for each row execute function hash_content();

-- What revisions need, once for each content.
create table if not exists blobs (
    hash       bytea       primary key check (octet_length(hash) = 32),
    size       integer     not null,
    -- Null: another store has it.
    content    bytea,
    created_at timestamptz not null default now()
);

-- The files of a revision, in the order of their paths, once for each set of files. The hash is that of the entry, the paths and the blobs.
create table if not exists trees (
    hash     bytea     primary key check (octet_length(hash) = 32),
    entry    text      not null,
    paths    text[]    not null,
    blobs    bytea[]   not null,
    binaries boolean[] not null,
    bytes    bigint    not null
);

create index if not exists trees_blobs on trees using gin (blobs);

create table if not exists revisions (
    project_id uuid        not null references projects on delete cascade,
    -- The revision of the project that had these files.
    number     bigint      not null,
    reason     text        not null check (reason in ('begin', 'run', 'pause', 'before_replace', 'before_restore', 'restore')),
    tree_hash  bytea       not null references trees,
    -- Bytes of the blobs that this revision was the first to need.
    new_bytes  bigint      not null default 0,
    -- Of a restore: the number that was restored, and the file if it was only one.
    restored   bigint,
    path       text,
    created_at timestamptz not null default now(),
    primary key (project_id, number)
);

create index if not exists revisions_tree on revisions (tree_hash);
create index if not exists revisions_created on revisions (created_at);

-- Trees that a removed revision needed, and blobs that a removed tree needed. Housekeeping looks at these only, a day later, and removes
-- those that nothing needs any more. So its work grows with what was removed, not with what is kept.
create table if not exists discarded_trees (hash bytea primary key, discarded_at timestamptz not null default now());
create table if not exists discarded_blobs (hash bytea primary key, discarded_at timestamptz not null default now());

create or replace function discard_trees() returns trigger language plpgsql as $$
begin
    insert into discarded_trees (hash) select distinct tree_hash from removed order by tree_hash on conflict do nothing;
    return null;
end
$$;

create or replace function discard_blobs() returns trigger language plpgsql as $$
begin
    insert into discarded_blobs (hash) select distinct unnest(blobs) as hash from removed order by hash on conflict do nothing;
    return null;
end
$$;

create or replace trigger revisions_removed after delete on revisions
    referencing old table as removed for each statement execute function discard_trees();
create or replace trigger trees_removed after delete on trees
    referencing old table as removed for each statement execute function discard_blobs();
