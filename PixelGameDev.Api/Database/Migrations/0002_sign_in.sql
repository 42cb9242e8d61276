-- The name as it is compared: lower case, compatible forms made one. lower(name) alone depends on the cluster's locale.
alter table accounts add column if not exists name_key text;
create unique index if not exists accounts_name_key on accounts (name_key) where name_key is not null;

-- Access tokens carry the number they were made under; a new password raises it, and the older tokens are worth nothing.
alter table accounts add column if not exists token_generation integer not null default 0;

-- Attempts to sign in, by a hash of the name that was typed, whether or not anybody has it: a lock must not tell who exists.
-- (accounts.failed_sign_ins and accounts.locked_until would, and are not used.)
create table if not exists sign_in_attempts (
    name_hash bytea       primary key check (octet_length(name_hash) = 32),
    attempts  integer     not null,
    since     timestamptz not null
);

create index if not exists sign_in_attempts_since on sign_in_attempts (since);
