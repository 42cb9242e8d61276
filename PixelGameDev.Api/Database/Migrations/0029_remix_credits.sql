-- What a remix says of its original when that is deleted: the title at the time of the copy. Copies of before have no row here.
create table if not exists remix_credits (
    project_id  uuid primary key references projects on delete cascade,
    -- No reference: the original may be deleted.
    original_id uuid not null,
    -- Who made the original; the name is looked up. Nothing of a deleted account stays here.
    maker_id    uuid not null references accounts on delete cascade,
    title       text not null
);

create index if not exists remix_credits_original on remix_credits (original_id);
create index if not exists remix_credits_maker on remix_credits (maker_id);

-- Nothing of a game that was taken down stays here either, once it is deleted. While it exists, it may be given back.
create or replace function forget_remix_credits() returns trigger language plpgsql as $$
begin
    delete from remix_credits where original_id = old.id;
    return null;
end
$$;

create or replace trigger projects_forgotten after delete on projects
    for each row when (old.taken_down_at is not null) execute function forget_remix_credits();
