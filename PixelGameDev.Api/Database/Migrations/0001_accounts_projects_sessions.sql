-- Rules of these scripts: numbered, never edited once released, safe to run twice, and safe for the previous and the new
-- server running side by side (add, never rename or drop what the previous one reads).

create table if not exists accounts (
    id              uuid        primary key,
    name            text        not null check (length(name) between 1 and 60),
    guest           boolean     not null default true,
    role            text        not null default 'creator' check (role in ('creator', 'teacher', 'admin')),
    password_hash   text,
    failed_sign_ins integer     not null default 0,
    locked_until    timestamptz,
    created_at      timestamptz not null default now(),
    check (guest or password_hash is not null)
);

-- Guests may share a name; people who sign in may not, whatever the case of its letters.
create unique index if not exists accounts_name on accounts (lower(name)) where not guest;

-- One row for each browser that is signed in (as a guest or with a password). The cookie holds a random token; only its
-- SHA-256 is kept here, so that a stolen backup opens nobody's account.
create table if not exists sign_ins (
    token_hash bytea       primary key check (octet_length(token_hash) = 32),
    account_id uuid        not null references accounts on delete cascade,
    created_at timestamptz not null default now(),
    seen_at    timestamptz not null default now(),
    expires_at timestamptz not null
);

create index if not exists sign_ins_account on sign_ins (account_id);
create index if not exists sign_ins_expires on sign_ins (expires_at);

create table if not exists projects (
    id         uuid        primary key,
    owner_id   uuid        not null references accounts on delete cascade,
    name       text        not null check (length(name) between 1 and 80),
    entry      text        not null,
    -- Grows by one with every change of the project or of one of its files.
    revision   bigint      not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create index if not exists projects_owner on projects (owner_id, updated_at desc);

create table if not exists files (
    project_id uuid        not null references projects on delete cascade,
    -- Relative, with '/', compared byte by byte.
    path       text        collate "C" not null check (length(path) between 1 and 120),
    content    bytea       not null,
    is_binary  boolean     not null,
    -- The project's revision at which this file was last saved.
    revision   bigint      not null,
    updated_at timestamptz not null default now(),
    primary key (project_id, path)
);

-- Pictures and sounds are compressed already: storing them as they are makes reads for a Run cheaper.
alter table files alter column content set storage external;

create table if not exists sessions (
    id           uuid        primary key,
    account_id   uuid        not null references accounts on delete cascade,
    project_id   uuid        references projects on delete set null,
    project_name text        not null,
    state        text        not null,
    sandbox      text,
    warm         boolean     not null default false,
    created_at   timestamptz not null default now(),
    started_at   timestamptz,
    ended_at     timestamptz,
    end_reason   text,
    end_message  text,
    end_detail   text,
    peak_viewers integer     not null default 0,
    frames       bigint      not null default 0,
    bytes        bigint      not null default 0,
    console_tail text
);

create index if not exists sessions_account on sessions (account_id, created_at desc);
create index if not exists sessions_open on sessions (created_at) where ended_at is null;
