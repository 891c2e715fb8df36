-- Who has claimed a message that is being sent: the name of a process while it has the store open. Empty for messages that
-- nobody has claimed.
ALTER TABLE message ADD COLUMN holder TEXT;
