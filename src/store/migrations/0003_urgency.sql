-- The order in which messages go out.
CREATE INDEX message_by_urgency ON message (organisation, state, urgency, created_at, number);
