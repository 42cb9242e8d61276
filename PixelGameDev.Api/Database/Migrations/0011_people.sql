-- A password that somebody else has set is good for one thing: its person chooses a new one with it, until this time. Null: the person's own.
alter table accounts add column if not exists one_time_until timestamptz;

-- What staff did to accounts, sessions and invitations. Only ids: names are looked up when it is read, so that nothing of a deleted account
-- stays here. There is no foreign key for the same reason, and because an entry outlives what it is about.
create table if not exists audit_log (
    id        bigint      generated always as identity primary key,
    at        timestamptz not null default now(),
    actor_id  uuid,
    action    text        not null,
    target_id uuid,
    -- Never a secret: a role, a count.
    detail    text
);

create index if not exists audit_log_at on audit_log (at);

-- Codes with which people may register where registration is by invitation. Only the SHA-256 of a code is kept.
create table if not exists invitations (
    id         uuid        primary key,
    code_hash  bytea       not null unique check (octet_length(code_hash) = 32),
    note       text        not null check (length(note) <= 100),
    created_by uuid        references accounts on delete set null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    max_uses   integer     not null check (max_uses between 1 and 1000),
    uses       integer     not null default 0,
    revoked_at timestamptz
);

create index if not exists invitations_created on invitations (created_at desc, id desc);
create index if not exists invitations_author on invitations (created_by);
