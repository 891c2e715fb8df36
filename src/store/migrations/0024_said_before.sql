-- What a plan said of a task before a change, as JSON: a review that is caught up tells who led the task then. Empty for changes
-- that were seen before, and for tasks that were new.
ALTER TABLE plan_change ADD COLUMN said_before TEXT;
