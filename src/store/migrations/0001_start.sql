-- Instants are milliseconds since 1970 in UTC, civil dates are ISO text, and the organisation is part of every key.

CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL
);

CREATE TABLE plan_version (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    hash TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, plan, version)
);

-- The tasks as the newest version has them. `revision` counts the changes of a task's timeframe; `decided` is 0
-- until a look has decided what a new or changed task makes.
CREATE TABLE plan_task (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    revision BIGINT NOT NULL,
    start_on TEXT,
    due_on TEXT,
    wording TEXT NOT NULL,
    removed BIGINT NOT NULL,
    decided BIGINT NOT NULL,
    PRIMARY KEY (organisation, plan, task)
);

CREATE TABLE plan_change (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    version BIGINT NOT NULL,
    task TEXT NOT NULL,
    at BIGINT NOT NULL,
    change TEXT NOT NULL,
    old_start TEXT,
    old_due TEXT,
    new_start TEXT,
    new_due TEXT,
    PRIMARY KEY (organisation, plan, version, task)
);

-- `subject` is the task, or the review where `kind` is one.
CREATE TABLE notice (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    day TEXT NOT NULL,
    on_date TEXT NOT NULL,
    state TEXT NOT NULL,
    message TEXT,
    position BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (organisation, plan, subject, kind, recipient, day)
);
CREATE INDEX notice_by_date ON notice (organisation, plan, on_date);
CREATE INDEX notice_by_message ON notice (organisation, message);

CREATE TABLE message (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    plan TEXT NOT NULL,
    class TEXT NOT NULL,
    recipient TEXT NOT NULL,
    alert TEXT,
    urgency BIGINT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    lease_until BIGINT,
    tries BIGINT NOT NULL,
    channel_index BIGINT NOT NULL,
    reason TEXT,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX message_by_state ON message (organisation, state, not_before);

CREATE TABLE delivery (
    organisation TEXT NOT NULL,
    message TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    address TEXT,
    outcome TEXT NOT NULL,
    answer TEXT NOT NULL,
    subject TEXT,
    payload BLOB,
    PRIMARY KEY (organisation, message, attempt)
);
CREATE INDEX delivery_by_time ON delivery (organisation, at);

CREATE TABLE progress (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    status TEXT NOT NULL,
    percent BIGINT,
    note TEXT,
    evidence TEXT NOT NULL,
    reporter TEXT,
    how TEXT NOT NULL,
    PRIMARY KEY (organisation, plan, task, number)
);

CREATE TABLE mark (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (organisation, plan, name)
);
