-- Housekeeping goes through the guests in the order in which they came, and goes on where it ended.
create index if not exists accounts_guests on accounts (created_at, id) where guest;
