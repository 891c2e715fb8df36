-- Links issued to a person before an instant are void; those of everybody where no person is named.
CREATE TABLE link_revocation (
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    issued_before BIGINT NOT NULL,
    PRIMARY KEY (organisation, person)
);

-- Forms that were taken, by the name that each page gave its own, so that one that is sent twice counts once; `what` is
-- what the thank-you page tells.
CREATE TABLE form (
    organisation TEXT NOT NULL,
    name TEXT NOT NULL,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (organisation, name)
);
