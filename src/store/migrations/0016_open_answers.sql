-- Answers that a person must read, until they are settled. `message` is the message of ours that began the conversation;
-- `tasks` is a JSON list of the tasks that it was about.
CREATE TABLE open_answer (
    organisation TEXT NOT NULL,
    id TEXT NOT NULL,
    plan TEXT NOT NULL,
    at BIGINT NOT NULL,
    writer TEXT NOT NULL,
    message TEXT NOT NULL,
    tasks TEXT NOT NULL,
    words TEXT NOT NULL,
    why TEXT NOT NULL,
    settled_at BIGINT,
    settled_by TEXT,
    PRIMARY KEY (organisation, id)
);
CREATE INDEX open_answer_by_end ON open_answer (organisation, settled_at, at);
