-- Small pictures (PNG) of how a game looked at the end of a run. A picture belongs to one project and goes with it.
create table if not exists pictures (
    project_id uuid  not null references projects on delete cascade,
    hash       bytea not null check (octet_length(hash) = 32),
    content    bytea not null check (octet_length(content) <= 300000),
    primary key (project_id, hash)
);

-- A PNG does not become smaller.
alter table pictures alter column content set storage external;

-- The picture of the last run of a revision, and the newest one of a project, which stays when its revision is thinned.
alter table revisions add column if not exists picture bytea;
alter table projects add column if not exists picture bytea;

-- The revision that a session runs, noted when it is recorded.
alter table sessions add column if not exists revision bigint;
