-- Fills a database that has the schema. No trigger runs, so this also writes what triggers keep. The words in braces are numbers.
-- step: functions
set session_replication_role = replica;
set synchronous_commit = off;
set maintenance_work_mem = '512MB';
set work_mem = '128MB';
set max_parallel_workers_per_gather = 0;
select setseed(0.5);

create function pg_temp.id(text) returns uuid immutable language sql
    return encode(substr(sha256(convert_to($1, 'UTF8')), 1, 16), 'hex')::uuid;

-- Code of about 3 kB: much of it is like that of others, and some is its own.
create function pg_temp.code(game int, kind text, version int) returns bytea immutable language sql as $code$
    select convert_to(
        E'import pygame\n\npygame.init()\nscreen = pygame.display.set_mode((800, 600))\n'
        || repeat(E'    screen.blit(player, (x, y))\n    x += speed * dt\n', 30 + game % 40)
        || (select string_agg(
                E'# ' || md5(kind || case when version <= 1 then game % 20 else game end || ' ' || version || ' ' || n), E'\n')
            from generate_series(1, 8) n),
        'UTF8')
$code$;

create function pg_temp.picture(n int) returns bytea immutable language sql as $picture$
    select decode(string_agg(md5(n || ' ' || part), ''), 'hex') from generate_series(1, 60 + (n * 37) % 600) part
$picture$;

-- step: people
insert into accounts (id, name, name_key, guest, role, password_hash, created_at)
select pg_temp.id('account ' || i), case when is_guest then 'Guest' else first || ' ' || i end,
    case when not is_guest then lower(first) || ' ' || i end, is_guest,
    case when is_guest then 'creator' when i % 2000 = 0 then 'admin' when i % 25 = 1 then 'teacher' else 'creator' end,
    case when not is_guest then '{hash}' end,
    now() - interval '1 hour' - random() * case when is_guest then interval '100 days' else interval '700 days' end
from (
    select i, i >= {people} as is_guest, (string_to_array('{names}', ','))[1 + i % 20] as first
    from generate_series(0, {people} + {guests} - 1) i) p;

-- step: browsers; one in ten guests has not been here for so long that it is removed
insert into sign_ins (token_hash, account_id, created_at, seen_at, expires_at)
select sha256(sha256(convert_to('browser ' || i || case when n = 1 then '' else ' at school' end, 'UTF8'))),
    pg_temp.id('account ' || i), now() - interval '100 days', now() - age, now() - age + interval '390 days'
from generate_series(0, {people} + {guests} - 1) i, generate_series(1, 1 + (i % 3 = 0)::int) n,
    lateral (
        select case when i >= {people} and i % 10 = 0 then interval '50 days' else i % 29 * interval '1 day' end as age) a;

-- step: expired browsers
insert into sign_ins (token_hash, account_id, created_at, seen_at, expires_at)
select sha256(convert_to('old ' || i, 'UTF8')), pg_temp.id('account ' || i), now() - interval '500 days', now() - interval '400 days',
    now() - interval '10 days'
from generate_series(0, {people} - 1) i;

-- step: attempts to sign in, sign-ins elsewhere, invitations
insert into sign_in_attempts (name_hash, attempts, since)
select sha256(convert_to('name ' || i, 'UTF8')), 2, now() - i * interval '10 seconds' from generate_series(1, {people} * 2) i;

insert into external_sign_ins (issuer, subject, account_id)
select 'https://school.example', 'pupil ' || i, pg_temp.id('account ' || i) from generate_series(0, {people} - 1, 2) i;

insert into invitations (id, code_hash, note, created_by, created_at, expires_at, max_uses, uses)
select pg_temp.id('invitation ' || i), sha256(convert_to('code ' || i, 'UTF8')), 'Class ' || i, pg_temp.id('account 0'),
    now() - i * interval '1 day', now() - i * interval '1 day' + interval '30 days', 30, i % 30
from generate_series(1, 1000) i;

-- step: the audit log
insert into audit_log (at, actor_id, action, target_id)
select now() - ({people} * 20 - i) * interval '400 days' / ({people} * 20), pg_temp.id('account 0'), 'reset_password',
    pg_temp.id('account ' || i % {people})
from generate_series(1, {people} * 20) i;

-- step: games
create temp table games as
select j, pg_temp.id('game ' || j) as id, owner, pg_temp.id('account ' || owner) as account, revisions,
    (j + j / 7) % 20 = 7 and j % 200 <> 0 and j < {people} * 10 as trashed, now() - random() * interval '300 days' as updated_at
from (
    select j,
        case when j < {busy} * 100 then j / 100
            when j < {people} * 10 then {busy} + (j - {busy} * 100) % ({people} - {busy})
            else {people} + j - {people} * 10 end as owner,
        case when j >= {people} * 10 then 1 when j % 200 = 0 then 500 else 1 + j % 14 end as revisions
    from generate_series(0, {people} * 10 + {guests} - 1) j) g;

insert into projects (id, owner_id, trashed_owner_id, deleted_at, name, entry, revision, created_at, updated_at)
select id, case when not trashed then account end, case when trashed then account end,
    case when trashed then now() - random() * interval '33 days' end, 'Game ' || j, 'main.py', revisions,
    updated_at - interval '200 days', updated_at
from games;

-- step: contents; revision r changes main.py, and each fourth one levels.py instead
create temp table pictures as
select n, picture as content, sha256(picture) as hash, octet_length(picture) as size
from (select n, pg_temp.picture(n) as picture from generate_series(0, 1999) n) p;

insert into blobs (hash, size, content) select hash, size, content from pictures;

insert into blobs (hash, size, content)
select sha256(content), octet_length(content), content
from (
    select pg_temp.code(j, case when r % 4 = 0 then 'levels' else 'main' end, r) as content
    from games, generate_series(0, revisions) r offset 0) c
on conflict do nothing;

-- step: hashes of contents
create temp table hashes as
select j, r, sha256(pg_temp.code(j, case when r % 4 = 0 then 'levels' else 'main' end, r)) as hash
from games, generate_series(0, revisions) r;

create unique index on hashes (j, r);
analyze hashes;

-- step: trees; the first picture is that of a template, which many games have, and the others are rarer
create temp table uses as
select j, array_agg('images/' || k || '.png' order by k) as paths, array_agg(p.hash order by k) as hashes,
    array_agg(true) as binaries, sum(p.size) as bytes
from games g cross join lateral generate_series(0, j % 4) k
join pictures p on p.n = case when k = 0 then g.j % 20 else 20 + (g.j * 31 + k * 7919) % 1980 end
group by j;

create unique index on uses (j);
analyze uses;

create temp table states as
select g.id, s.r, g.j, sha256(convert_to('tree ' || g.j || ' ' || s.r, 'UTF8')) as tree, main.hash as main, levels.hash as levels,
    g.updated_at - (g.revisions - s.r) * interval '5 hours' as at
from games g cross join lateral generate_series(1, g.revisions) s (r)
join hashes main on main.j = g.j and main.r = s.r - (s.r % 4 = 0)::int
join hashes levels on levels.j = g.j and levels.r = s.r - s.r % 4;

insert into trees (hash, entry, paths, blobs, binaries, bytes)
select s.tree, 'main.py', u.paths || array['levels.py', 'main.py'], u.hashes || array[s.levels, s.main],
    u.binaries || array[false, false], u.bytes + 6000
from states s join uses u using (j);

-- step: revisions
insert into revisions (project_id, number, reason, tree_hash, new_bytes, created_at)
select id, r, case when r = 1 then 'begin' when r % 3 = 0 then 'pause' else 'run' end, tree, 3000, at from states;

-- step: files
insert into files (project_id, path, content, is_binary, revision, updated_at, content_hash)
select g.id, path, content, false, g.revisions, g.updated_at, sha256(content)
from games g, lateral (values
    ('main.py', pg_temp.code(j, 'main', revisions - (revisions % 4 = 0)::int)),
    ('levels.py', pg_temp.code(j, 'levels', revisions - revisions % 4))) f (path, content);

insert into files (project_id, path, content, is_binary, revision, updated_at, content_hash)
select g.id, u.paths[k], p.content, true, 1, g.updated_at, p.hash
from games g join uses u using (j) cross join lateral generate_subscripts(u.paths, 1) k join pictures p on p.hash = u.hashes[k];

-- step: files in the trash, files of games
insert into trashed_files (id, project_id, path, content, is_binary, reason, deleted_at)
select pg_temp.id('trashed ' || j || ' ' || n), id, 'old_' || n || '.py', pg_temp.code(j, 'old', n), false, 'deleted',
    now() - random() * interval '33 days'
from games, generate_series(1, 3) n where j % 6 = 0;

insert into saved_files (account_id, project_id, path, content, session_at)
select account, id, 'save/score.json', convert_to(repeat('{"score": 12}', 20), 'UTF8'), updated_at
from games where j % 5 = 0 and not trashed;

-- step: sessions
insert into sessions (id, account_id, project_id, project_name, state, sandbox, warm, created_at, started_at, ended_at, end_reason,
    end_message, peak_viewers, frames, bytes, console_tail, executor, incarnation, project_revision)
select pg_temp.id('session ' || i), pg_temp.id('account ' || owner), pg_temp.id('game ' || game), 'Game ' || game, 'ended', 'docker',
    true, at, at, at + length, 'finished', 'The game is over.', 1, 1000 + i % 9000, 100000 + i,
    case when at > now() - interval '8 days' then repeat('Score: ' || i || E'\n', 10) end, 'executor:5001', 'one', 1
from (
    select i, owner, at, length,
        case when owner < {busy} then owner * 100 + floor(turn * 100)::int
            else {busy} * 100 + owner - {busy} + ({people} - {busy}) * floor(turn * 7)::int end as game
    from (
        select i, floor({people} * power(random(), 2))::int as owner, random() as turn, random() * interval '10 minutes' as length,
            now() - interval '20 minutes' - random() * interval '91 days' as at
        from generate_series(1, {people} * 500) i offset 0) a) s;

insert into sessions (id, account_id, project_name, state, sandbox, created_at, executor)
select pg_temp.id('running ' || i), pg_temp.id('account ' || i), 'Game', 'running', 'docker', now(), 'elsewhere:5001'
from generate_series(0, 149) i;

-- step: sizes
update projects p set bytes = f.bytes
from (
    select project_id, sum(bytes) as bytes
    from (
        select project_id, octet_length(content) as bytes from files
        union all select project_id, octet_length(content) from trashed_files) b
    group by project_id) f
where f.project_id = p.id;

update accounts a set bytes_used = p.bytes
from (
    select account, sum(bytes) as bytes
    from (
        select coalesce(owner_id, trashed_owner_id) as account, bytes from projects
        union all select account_id, octet_length(content) from saved_files) b
    group by account) p
where p.account = a.id;

drop table games, pictures, hashes, uses, states;
