-- What a task is known by when its number changes: a short stand-in for what is to be done; empty until it is next seen.
ALTER TABLE plan_task ADD COLUMN remedy TEXT;
