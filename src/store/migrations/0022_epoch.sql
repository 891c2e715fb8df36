-- Who works for a school as its service, and how often that has changed: a transaction of an older epoch writes nothing.
ALTER TABLE organisation ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE organisation ADD COLUMN owner TEXT;
