-- What a report changes: whose parts of the task, or the whole. Empty for reports of before, each of which counted for the
-- whole task. `leads` is a JSON list of names.
ALTER TABLE progress ADD COLUMN effect TEXT;
ALTER TABLE progress ADD COLUMN leads TEXT;
ALTER TABLE progress ADD COLUMN done_on TEXT;
-- How often a mail could not be read, by its number, until it is: what a mailbox refuses once it may give later.
CREATE TABLE unread_mail (
    organisation TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    uid BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    tried_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    told BIGINT NOT NULL,
    PRIMARY KEY (organisation, mailbox, uid)
);
