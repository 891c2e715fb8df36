-- What owners hand in to prove their reports. A file is kept beside the store under its hash, a link as it was given.
CREATE TABLE evidence (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    code TEXT NOT NULL,
    shelf TEXT NOT NULL,
    number BIGINT NOT NULL,
    task TEXT NOT NULL,
    at BIGINT NOT NULL,
    reporter TEXT,
    how TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT,
    media_type TEXT,
    size BIGINT,
    PRIMARY KEY (organisation, plan, code)
);
CREATE INDEX evidence_by_task ON evidence (organisation, plan, task);
CREATE INDEX evidence_by_shelf ON evidence (organisation, plan, shelf, number);

-- Proposals of another due date. `outcome` is open, accepted, refused or replaced.
CREATE TABLE time_request (
    organisation TEXT NOT NULL,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    reporter TEXT,
    how TEXT NOT NULL,
    old_due TEXT,
    due TEXT NOT NULL,
    why TEXT NOT NULL,
    outcome TEXT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    ended_note TEXT,
    PRIMARY KEY (organisation, plan, task, number)
);
