-- The folder in which its owner keeps a project on the page of all games; null: in none. It is no part of a revision.
alter table projects add column if not exists folder text check (char_length(folder) between 1 and 80);
