-- What the newest version says of a task beside its time, as JSON, and its place in the plan: to tell what the next version
-- changes. Empty for tasks that were last seen before.
ALTER TABLE plan_task ADD COLUMN said TEXT;
ALTER TABLE plan_task ADD COLUMN place BIGINT;
ALTER TABLE plan_version DROP COLUMN tasks;
