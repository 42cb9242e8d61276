-- Who an account is for an OpenID Connect provider, for example a school's. A person may have several.
create table if not exists external_sign_ins (
    issuer     text        not null check (length(issuer) <= 500),
    subject    text        not null check (length(subject) <= 255),
    account_id uuid        not null references accounts on delete cascade,
    created_at timestamptz not null default now(),
    primary key (issuer, subject)
);

create index if not exists external_sign_ins_account on external_sign_ins (account_id);

-- False: the account has only been signed in by a provider, and its password_hash is one that no password has.
alter table accounts add column if not exists has_password boolean not null default true;
