-- From here on every notice that a look considers is written down. What an earlier program passed over it did not write down:
-- up to the date through which it looked nothing is considered again, unless a change of the plan waits to be decided.
INSERT INTO mark (organisation, plan, name, value)
SELECT m.organisation, m.plan, 'settled_through', m.value FROM mark m WHERE m.name = 'reminded_through'
AND NOT EXISTS (SELECT 1 FROM plan_task t WHERE t.organisation = m.organisation AND t.plan = m.plan AND t.removed = 0 AND t.decided = 0);

-- A review made in the first half of a month was named by that month, and now by the month before, which it covers; so are the
-- questions before it.
UPDATE notice SET
    subject = CASE WHEN substr(subject, 6, 2) = '01' THEN CAST(CAST(substr(subject, 1, 4) AS INTEGER) - 1 AS TEXT) ELSE substr(subject, 1, 4) END
        || '-' || substr('120102030405060708091011', CAST(substr(subject, 6, 2) AS INTEGER) * 2 - 1, 2),
    kind = 'review:' || CASE WHEN substr(subject, 6, 2) = '01' THEN CAST(CAST(substr(subject, 1, 4) AS INTEGER) - 1 AS TEXT) ELSE substr(subject, 1, 4) END
        || '-' || substr('120102030405060708091011', CAST(substr(subject, 6, 2) AS INTEGER) * 2 - 1, 2)
WHERE kind LIKE 'review:____-__' AND substr(subject, 1, 4) <> 'term' AND substr(day, 9, 2) < '16';
UPDATE notice SET
    kind = 'self_check:' || CASE WHEN substr(kind, 17, 2) = '01' THEN CAST(CAST(substr(kind, 12, 4) AS INTEGER) - 1 AS TEXT) ELSE substr(kind, 12, 4) END
        || '-' || substr('120102030405060708091011', CAST(substr(kind, 17, 2) AS INTEGER) * 2 - 1, 2)
WHERE kind LIKE 'self_check:____-__' AND substr(kind, 12, 4) <> 'term'
AND (substr(day, 9, 2) < '16' OR substr(day, 1, 7) <> substr(kind, 12, 7));

-- A review is made once and keeps its period, its day and its moment, whatever is configured later. The period of those made
-- by an earlier program was not noted.
CREATE TABLE review (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    review TEXT NOT NULL,
    first_day TEXT,
    last_day TEXT,
    day TEXT NOT NULL,
    on_date TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organisation, plan, review)
);
INSERT INTO review (organisation, plan, review, day, on_date, at)
SELECT organisation, plan, subject, MIN(day), MIN(on_date), MIN(decided_at) FROM notice
WHERE kind LIKE 'review:%' AND state <> 'skipped' GROUP BY organisation, plan, subject;

-- A request for time ends when its task is done, cancelled or gone; those that waited since are ended.
UPDATE time_request SET outcome = 'ended', ended_at = COALESCE(
    (SELECT MAX(p.at) FROM progress p WHERE p.organisation = time_request.organisation AND p.plan = time_request.plan AND p.task = time_request.task),
    time_request.at)
WHERE outcome = 'open' AND (
    EXISTS (SELECT 1 FROM progress p WHERE p.organisation = time_request.organisation AND p.plan = time_request.plan
        AND p.task = time_request.task AND p.status IN ('done', 'cancelled') AND p.number = (
            SELECT MAX(q.number) FROM progress q WHERE q.organisation = p.organisation AND q.plan = p.plan AND q.task = p.task))
    OR EXISTS (SELECT 1 FROM plan_task t WHERE t.organisation = time_request.organisation AND t.plan = time_request.plan
        AND t.task = time_request.task AND t.removed = 1));

-- What was told of recurring work, by period; `lead` is empty where it was told for all who lead it, or all of them have told.
CREATE TABLE attestation (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    period TEXT NOT NULL,
    lead TEXT NOT NULL,
    at BIGINT NOT NULL,
    reporter TEXT,
    how TEXT NOT NULL,
    PRIMARY KEY (organisation, plan, task, period, lead)
);
