-- What a caller may do with a project or a session. Each level includes those before it.
do $$ begin
    if to_regtype('access_level') is null then
        create type access_level as enum ('none', 'view', 'play', 'run', 'edit');
    end if;
end $$;

-- Links with which an owner shows a project. A link that is revoked is deleted, so the server answers for it as for one that never was.
create table if not exists links (
    id         uuid        primary key,
    project_id uuid        not null references projects on delete cascade,
    -- The owner copies it again from the list. Requests are looked up by its SHA-256.
    code       text        not null check (length(code) between 1 and 64),
    code_hash  bytea       not null unique check (octet_length(code_hash) = 32),
    with_code  boolean     not null,
    -- The revision that the link shows; null: the newest one. Thinning keeps a revision that a link shows.
    revision   bigint,
    created_at timestamptz not null default now(),
    ends_at    timestamptz
);

create index if not exists links_project on links (project_id, created_at);

-- A session that was started with a link runs the files of a revision (sessions.revision), not those that its owner edits.
alter table sessions add column if not exists by_link boolean not null default false;

-- What a copy was made of. The name of its maker is looked up, so nothing of a deleted account stays here.
alter table projects add column if not exists copied_from uuid references projects on delete set null;

-- The policy for projects, in one place. Statements ask it in their condition (project_access(p, $2) >= 'edit'), so what they read or
-- change is what was allowed. It looks at rows only, so a statement that has waited for a lock asks it again with the changed row.
--
--   none   the project does not exist for the caller: it is deleted, or is another account's and no link opens it
--   view   the caller sees that the game exists: its title, who made it, a picture
--   play   the caller starts sessions. They are the caller's own, and so is what they save. A link to play gives this
--   run    the caller also reads the code that runs, and may copy it. A link with code gives this
--   edit   the caller changes the project, sees its history and its links. Only its owner has this
--
-- Why code is above play: whoever may read the code may copy the game and play the copy. The reverse is not so: "to play only" hides code.
-- A link raises a level, and never lowers that of the owner.
create or replace function project_access(project projects, caller uuid, link links default null) returns access_level
language sql stable as $$
    select (case
        when project.owner_id is null then 'none'
        when project.owner_id = caller then 'edit'
        when link.project_id = project.id and coalesce(link.ends_at > now(), true)
            then case when link.with_code then 'run' else 'play' end
        else 'none'
    end)::access_level
$$;

-- The policy for sessions: a session is its player's, whoever made the game.
create or replace function session_access(session sessions, caller uuid) returns access_level
language sql stable as $$
    select (case when session.account_id = caller then 'edit' else 'none' end)::access_level
$$;
