-- The processes that can work for the schools of this store, with the last heartbeat of each. `organisation.owner` is the
-- one that does.
CREATE TABLE worker (
    id TEXT NOT NULL PRIMARY KEY,
    node TEXT NOT NULL,
    version TEXT NOT NULL,
    seen BIGINT NOT NULL
);
