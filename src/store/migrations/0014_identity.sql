-- A task's key is its identity for life; what a version of the plan calls it is noted beside it, with the time since when.
-- Until now the key was the name: rows were given other keys when the plan was renumbered.
ALTER TABLE plan_task ADD COLUMN name TEXT;
CREATE TABLE task_name (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    since BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (organisation, plan, task, since)
);
