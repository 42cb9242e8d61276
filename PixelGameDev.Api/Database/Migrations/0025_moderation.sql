-- Games that staff have taken down: only their owner and admins still see them.
alter table projects add column if not exists taken_down_at timestamptz;
alter table projects add column if not exists taken_down_reason text;
alter table projects add column if not exists taken_down_note text;

-- What people report about games that somebody shows them.
create table if not exists reports (
    id          uuid        primary key,
    project_id  uuid        not null references projects on delete cascade,
    -- The link that was reported; null: its owner has revoked it.
    link_id     uuid        references links on delete set null,
    -- A keyed hash of the project and the person, so a second report of a person changes the first. It tells nobody who that is.
    reporter    bytea       not null check (octet_length(reporter) = 32),
    reason      text        not null check (length(reason) <= 20),
    details     text        not null check (length(details) <= 500),
    reported_at timestamptz not null default now(),
    -- Null: staff have not decided yet.
    settled_at  timestamptz,
    unique (project_id, reporter)
);

create index if not exists reports_open on reports (project_id) where settled_at is null;
create index if not exists reports_settled on reports (settled_at) where settled_at is not null;
create index if not exists reports_link on reports (link_id) where link_id is not null;

create or replace function is_admin(caller uuid) returns boolean
language sql stable as $$
    select exists (select from accounts where id = caller and role = 'admin' and not guest)
$$;

-- The policy for projects (script 0021), with games that were taken down: their links open nothing, except for admins, who decide
-- whether to give them back. The owner keeps the project.
create or replace function project_access(project projects, caller uuid, link links default null) returns access_level
language sql stable as $$
    select (case
        when project.owner_id is null then 'none'
        when project.owner_id = caller then 'edit'
        when project.taken_down_at is not null and not is_admin(caller) then 'none'
        when link.project_id = project.id and coalesce(link.ends_at > now(), true)
            then case when link.with_code then 'run' else 'play' end
        else 'none'
    end)::access_level
$$;
