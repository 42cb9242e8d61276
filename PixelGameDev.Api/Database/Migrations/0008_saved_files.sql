-- Files that games have written, for each player of each project. content null: the game has deleted the file, or has written what the
-- project has; the row remains so that a late message of an older session does not bring the file back.
create table if not exists saved_files (
    account_id uuid        not null references accounts on delete cascade,
    project_id uuid        not null references projects on delete cascade,
    path       text        collate "C" not null check (length(path) between 1 and 120),
    content    bytea,
    -- SHA-256 of the project's file that it was saved over; null: the project had none. It is used while the project's file is that one.
    over_hash  bytea,
    -- When the session that wrote it was started: the file of the newest session counts.
    session_at timestamptz not null,
    saved_at   timestamptz not null default now(),
    primary key (account_id, project_id, path)
);

alter table saved_files alter column content set storage external;
create index if not exists saved_files_project on saved_files (project_id);

-- The project as the session got it, and how many changes of its files are stored. Null on rows of the previous version.
alter table sessions add column if not exists project_revision bigint;
alter table sessions add column if not exists saved_changes bigint not null default 0;

-- They count in the quota of their player, who need not own the project.
create or replace function count_saved_bytes() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        update accounts a set bytes_used = a.bytes_used - d.bytes
        from (select account_id, sum(octet_length(content)) as bytes from removed group by account_id) d
        where a.id = d.account_id and d.bytes <> 0;
    end if;
    if tg_op <> 'DELETE' then
        update accounts a set bytes_used = a.bytes_used + d.bytes
        from (select account_id, sum(octet_length(content)) as bytes from added group by account_id) d
        where a.id = d.account_id and d.bytes <> 0;
    end if;
    return null;
end
$$;

create or replace trigger saved_files_added after insert on saved_files
    referencing new table as added for each statement execute function count_saved_bytes();
create or replace trigger saved_files_changed after update on saved_files
    referencing new table as added old table as removed for each statement execute function count_saved_bytes();
create or replace trigger saved_files_removed after delete on saved_files
    referencing old table as removed for each statement execute function count_saved_bytes();
