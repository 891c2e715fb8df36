-- The ways by which something comes are a closed set from here on. Words that no version has written stand for an entry by hand.
UPDATE progress SET how = 'command' WHERE how NOT IN ('command', 'link', 'mail', 'document', 'rehearsal');
UPDATE evidence SET how = 'command' WHERE how NOT IN ('command', 'link', 'mail', 'document', 'rehearsal');
UPDATE time_request SET how = 'command' WHERE how NOT IN ('command', 'link', 'mail', 'document', 'rehearsal');
