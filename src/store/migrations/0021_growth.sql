-- A look reads the reviews and self-checks of all times and the notices of late; by these it finds them without reading the others.
CREATE INDEX notice_of_review ON notice (organisation, plan, kind) WHERE kind >= 'review:' AND kind < 'review;';
CREATE INDEX notice_of_self_check ON notice (organisation, plan, kind) WHERE kind >= 'self_check:' AND kind < 'self_check;';
-- Few tasks of a plan ever move.
CREATE INDEX plan_task_moved ON plan_task (organisation, plan) WHERE revision > 0;
