-- Invitations to watch a session while it runs. One that is taken back is deleted, so the server answers for it as for one that never was.
create table if not exists watch_invitations (
    -- The Executor lets nobody in by numbers up to the last one that was taken back.
    number     bigint      primary key generated always as identity,
    session_id uuid        not null unique references sessions on delete cascade,
    -- The owner copies it again. Requests are looked up by its SHA-256.
    code       text        not null check (length(code) between 1 and 64),
    code_hash  bytea       not null unique check (octet_length(code_hash) = 32),
    created_at timestamptz not null default now()
);

-- The policy for sessions, with invitations.
--
--   none   the session does not exist for the caller
--   view   the caller sees its picture and hears its sound while it runs. Whoever has an invitation to it has this
--   edit   the caller plays, stops it, and invites people. Only the account that started it has this
create or replace function session_access(session sessions, caller uuid, invitation watch_invitations) returns access_level
language sql stable as $$
    select (case
        when session.account_id = caller then 'edit'
        when invitation.session_id = session.id and session.ended_at is null then 'view'
        else 'none'
    end)::access_level
$$;

create or replace function session_access(session sessions, caller uuid) returns access_level
language sql stable as $$
    select session_access(session, caller, null::watch_invitations)
$$;
