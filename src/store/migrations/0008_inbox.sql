-- Mails that were read, each dealt with once. `message` is the message of ours that began the conversation; `asked` is 1
-- where a question went back.
CREATE TABLE mail (
    organisation TEXT NOT NULL,
    key TEXT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    message TEXT,
    asked BIGINT NOT NULL,
    PRIMARY KEY (organisation, key)
);
CREATE INDEX mail_by_message ON mail (organisation, message);

-- Addresses that take no mail, by what came back.
CREATE TABLE failing_address (
    organisation TEXT NOT NULL,
    address TEXT NOT NULL,
    recipient TEXT NOT NULL,
    since BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (organisation, address)
);
