-- A plan of which it is not noted what it says is taken down at the next look as if it were new.
UPDATE plan_version SET hash = '' WHERE EXISTS (
    SELECT 1 FROM plan_task WHERE plan_task.organisation = plan_version.organisation AND plan_task.plan = plan_version.plan
        AND plan_task.removed = 0 AND plan_task.said IS NULL
);
