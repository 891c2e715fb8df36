-- When a message was composed that may have been handed over, so that it can be repeated byte for byte; empty for all others.
ALTER TABLE message ADD COLUMN rendered_at BIGINT;
