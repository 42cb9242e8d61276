-- Recordings that the owner of a project has kept. The content is a blob, so it may move to the object store as those of revisions do.
create table if not exists recordings (
    project_id uuid        not null references projects on delete cascade,
    hash       bytea       not null references blobs,
    size       integer     not null,
    width      integer     not null,
    height     integer     not null,
    millis     integer     not null,
    frames     integer     not null,
    created_at timestamptz not null default now(),
    primary key (project_id, hash)
);

create index if not exists recordings_hash on recordings (hash);

-- The recording that shows the game; null: none.
alter table projects add column if not exists recording bytea;

-- Recordings count in the quota of the owner.
create or replace function count_recording_bytes() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        update projects p set bytes = p.bytes + d.bytes
        from (select project_id, sum(size) as bytes from added group by project_id) d where p.id = d.project_id;
    else
        update projects p set bytes = p.bytes - d.bytes
        from (select project_id, sum(size) as bytes from removed group by project_id) d where p.id = d.project_id;
        -- Housekeeping removes the content a day later if nothing else needs it.
        insert into discarded_blobs (hash) select distinct hash from removed order by hash on conflict do nothing;
    end if;
    return null;
end
$$;

create or replace trigger recordings_added after insert on recordings
    referencing new table as added for each statement execute function count_recording_bytes();
create or replace trigger recordings_removed after delete on recordings
    referencing old table as removed for each statement execute function count_recording_bytes();
