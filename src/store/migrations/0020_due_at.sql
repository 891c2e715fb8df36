-- When a message was to go out first, however often it was put off since; empty for messages of before.
ALTER TABLE message ADD COLUMN due_at BIGINT;
