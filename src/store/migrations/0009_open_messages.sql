-- Only messages that are not over are looked for by their state: the indexes hold these alone, so that one that was
-- sent costs them nothing any more.
DROP INDEX message_by_state;
DROP INDEX message_by_urgency;
CREATE INDEX message_queued ON message (organisation, urgency, created_at, number, not_before) WHERE state = 'queued';
CREATE INDEX message_sending ON message (organisation, lease_until) WHERE state = 'sending';
CREATE INDEX message_dead ON message (organisation, not_before) WHERE state = 'dead';
