-- A project in the trash has no owner_id but a trashed_owner_id: every statement that asks for a person's projects, those of the
-- previous server among them, passes over it without knowing of the trash.
alter table projects alter column owner_id drop not null;
alter table projects add column if not exists trashed_owner_id uuid references accounts on delete cascade;
alter table projects add column if not exists deleted_at timestamptz
    check ((owner_id is null) = (trashed_owner_id is not null) and (trashed_owner_id is null) = (deleted_at is null));

create index if not exists projects_trash on projects (trashed_owner_id, deleted_at) where trashed_owner_id is not null;
create index if not exists projects_deleted on projects (deleted_at) where deleted_at is not null;

-- Files that were deleted, and those that an upload replaced.
create table if not exists trashed_files (
    id         uuid        primary key,
    project_id uuid        not null references projects on delete cascade,
    path       text        collate "C" not null check (length(path) between 1 and 120),
    content    bytea       not null,
    is_binary  boolean     not null,
    reason     text        not null check (reason in ('deleted', 'replaced')),
    deleted_at timestamptz not null default now()
);

alter table trashed_files alter column content set storage external;
create index if not exists trashed_files_project on trashed_files (project_id, deleted_at);
create index if not exists trashed_files_deleted on trashed_files (deleted_at);

-- Bytes of all files of a project and of an account, the trash included. Triggers keep them in the transaction of the write, so
-- they are right whichever server writes, the previous one too.
alter table projects add column if not exists bytes bigint not null default 0;
alter table accounts add column if not exists bytes_used bigint not null default 0;

create or replace function count_file_bytes() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update projects p set bytes = p.bytes + d.bytes
        from (select project_id, sum(octet_length(content)) as bytes from added group by project_id) d
        where p.id = d.project_id and d.bytes <> 0;
    elsif tg_op = 'DELETE' then
        update projects p set bytes = p.bytes - d.bytes
        from (select project_id, sum(octet_length(content)) as bytes from removed group by project_id) d
        where p.id = d.project_id and d.bytes <> 0;
    else
        update projects p set bytes = p.bytes + d.bytes
        from (
            select project_id, sum(bytes) as bytes
            from (
                select project_id, octet_length(content) as bytes from added
                union all
                select project_id, -octet_length(content) from removed) changes
            group by project_id) d
        where p.id = d.project_id and d.bytes <> 0;
    end if;
    return null;
end
$$;

create or replace trigger files_added after insert on files
    referencing new table as added for each statement execute function count_file_bytes();
create or replace trigger files_changed after update on files
    referencing new table as added old table as removed for each statement execute function count_file_bytes();
create or replace trigger files_removed after delete on files
    referencing old table as removed for each statement execute function count_file_bytes();
create or replace trigger trashed_files_added after insert on trashed_files
    referencing new table as added for each statement execute function count_file_bytes();
create or replace trigger trashed_files_changed after update on trashed_files
    referencing new table as added old table as removed for each statement execute function count_file_bytes();
create or replace trigger trashed_files_removed after delete on trashed_files
    referencing old table as removed for each statement execute function count_file_bytes();

create or replace function count_project_bytes() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and coalesce(old.owner_id, old.trashed_owner_id) = coalesce(new.owner_id, new.trashed_owner_id) then
        if new.bytes <> old.bytes then
            update accounts set bytes_used = bytes_used + new.bytes - old.bytes where id = coalesce(new.owner_id, new.trashed_owner_id);
        end if;
        return null;
    end if;
    if tg_op <> 'INSERT' and old.bytes <> 0 then
        update accounts set bytes_used = bytes_used - old.bytes where id = coalesce(old.owner_id, old.trashed_owner_id);
    end if;
    if tg_op <> 'DELETE' and new.bytes <> 0 then
        update accounts set bytes_used = bytes_used + new.bytes where id = coalesce(new.owner_id, new.trashed_owner_id);
    end if;
    return null;
end
$$;

create or replace trigger projects_counted after insert or delete or update of bytes, owner_id, trashed_owner_id on projects
    for each row execute function count_project_bytes();

-- What is there already. The triggers above lock both tables until the end of this transaction, so nothing is missed.
update projects p set bytes = f.bytes
from (select project_id, sum(octet_length(content)) as bytes from files group by project_id) f
where f.project_id = p.id and p.bytes = 0 and f.bytes <> 0;
