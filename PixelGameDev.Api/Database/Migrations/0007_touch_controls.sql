-- Which keys the touch controls of a project press; null: the page chooses them from the code.
alter table projects add column if not exists controls jsonb;
