-- The newest invitation of each project: the next Run of its owner takes it over. With the invitation its row here is deleted.
create table if not exists project_invitations (
    project_id uuid   primary key references projects on delete cascade,
    number     bigint not null unique references watch_invitations on delete cascade
);
