-- The storage quota of one account, set by an admin. Null: the installation's.
alter table accounts add column if not exists storage_quota bigint check (storage_quota > 0);
