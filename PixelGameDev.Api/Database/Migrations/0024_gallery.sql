-- The words by which people find a game. lower() of a database with the locale C knows no letters but those of English.
create or replace function gallery_words(title text, how_to_play text, tags text[]) returns tsvector
language sql immutable as $$
    select to_tsvector('simple', translate(
        lower(title || ' ' || how_to_play || ' ' || array_to_string(tags, ' ')),
        'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞ', 'àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ'))
$$;

-- Games in the gallery. Each has a link of its own, which opens it: nothing else does, and it goes with the link.
create table if not exists publications (
    -- Version 7, so the order of ids is that of publication.
    id           uuid        primary key,
    project_id   uuid        not null unique references projects on delete cascade,
    link_id      uuid        not null unique references links on delete cascade,
    -- The name of the project, for the search only; a trigger keeps it.
    title        text        not null,
    how_to_play  text        not null check (length(how_to_play) <= 500),
    tags         text[]      not null check (cardinality(tags) <= 5),
    published_at timestamptz not null default now(),
    words        tsvector    not null generated always as (gallery_words(title, how_to_play, tags)) stored
);

create index if not exists publications_words on publications using gin (words);

create or replace function rename_publication() returns trigger language plpgsql as $$
begin
    update publications set title = new.name where project_id = new.id;
    return null;
end
$$;

create or replace trigger projects_renamed after update of name on projects
    for each row when (old.name is distinct from new.name) execute function rename_publication();
