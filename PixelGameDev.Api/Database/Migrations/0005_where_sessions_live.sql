-- Where a session lives, and which life of that Executor's process has it: computed from the session's id before, so that another Executor
-- beside it moved most sessions. Null on rows of version 1.0, which writes neither.
alter table sessions add column if not exists executor text;
alter table sessions add column if not exists incarnation text;

-- Its person has asked for its end before its Executor could be told.
alter table sessions add column if not exists stop_asked_at timestamptz;
