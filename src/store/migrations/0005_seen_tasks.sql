-- The tasks of a version as JSON, to tell what the next one changes; empty for versions of before.
ALTER TABLE plan_version ADD COLUMN tasks TEXT;
