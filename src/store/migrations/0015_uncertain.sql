-- Messages that may have arrived are looked for like those that could not be delivered.
CREATE INDEX message_uncertain ON message (organisation, not_before) WHERE state = 'uncertain';
