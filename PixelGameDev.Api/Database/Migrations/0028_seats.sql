-- What the players 2 to 4 of a project press in the game; null: the page's own choice.
alter table projects add column if not exists seats jsonb;
