-- Who likes which published game.
create table if not exists likes (
    project_id uuid        not null references projects on delete cascade,
    account_id uuid        not null references accounts on delete cascade,
    liked_at   timestamptz not null default now(),
    primary key (project_id, account_id)
);

create index if not exists likes_account on likes (account_id);

-- The number of likes, for the order of the gallery. Triggers keep it.
alter table publications add column if not exists likes integer not null default 0;

create or replace function count_likes() returns trigger language plpgsql as $$
begin
    -- In one order, so two people whose likes go at once do not wait for each other.
    perform from publications where project_id in (select project_id from changed) order by id for no key update;
    update publications g set likes = (select count(*) from likes k where k.project_id = g.project_id)
    where g.project_id in (select project_id from changed);
    return null;
end
$$;

create or replace trigger likes_added after insert on likes
    referencing new table as changed for each statement execute function count_likes();

create or replace trigger likes_removed after delete on likes
    referencing old table as changed for each statement execute function count_likes();
