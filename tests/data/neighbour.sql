-- Gives every school of a test a neighbour in the same tables, and lets whatever reads or changes a row of the neighbour fail: a
-- statement that forgets its school is found out. For a superuser, once a database of tests; by .ci/postgres.
--
-- The row-level policy is a function so dear that `organisation = $1` is looked at before it: a statement that names its school
-- never shows it a row of the neighbour.
CREATE SCHEMA neighbour;
GRANT USAGE ON SCHEMA neighbour TO PUBLIC;

CREATE FUNCTION neighbour.is_own(organisation TEXT) RETURNS BOOLEAN LANGUAGE plpgsql STABLE COST 1000000 AS $$
BEGIN
    IF organisation <> 'a neighbour' THEN
        RETURN TRUE;
    END IF;
    -- Tests look at what there is as other programs do.
    IF current_setting('nhacviec.test', TRUE) = 'on' THEN
        RETURN FALSE;
    END IF;
    RAISE EXCEPTION 'a statement has forgotten its school';
END $$;

CREATE FUNCTION neighbour.copy_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    -- Files are looked for by what they hold, whosever they are, and so is the question about one.
    IF TG_TABLE_NAME = 'message' THEN
        IF NEW.class = 'note' THEN
            RETURN NULL;
        END IF;
    ELSIF TG_TABLE_NAME = 'evidence' THEN
        NEW.hash := 'of a neighbour: ' || NEW.hash;
    END IF;
    NEW.organisation := 'a neighbour';
    EXECUTE format('INSERT INTO %I.%I SELECT ($1).* ON CONFLICT DO NOTHING', TG_TABLE_SCHEMA, TG_TABLE_NAME) USING NEW;
    RETURN NULL;
END $$;

CREATE FUNCTION neighbour.move_in() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    made RECORD;
BEGIN
    FOR made IN
        SELECT c.objid, c.object_identity AS name FROM pg_event_trigger_ddl_commands() c
        JOIN pg_attribute a ON a.attrelid = c.objid AND a.attname = 'organisation'
        WHERE c.object_type = 'table'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.name);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', made.name);
        EXECUTE format('CREATE POLICY own ON %s USING (neighbour.is_own(organisation)) WITH CHECK (TRUE)', made.name);
        EXECUTE format('CREATE TRIGGER neighbour AFTER INSERT ON %s FOR EACH ROW WHEN (NEW.organisation <> ''a neighbour'') '
            'EXECUTE FUNCTION neighbour.copy_row()', made.name);
    END LOOP;
END $$;

CREATE EVENT TRIGGER neighbour ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION neighbour.move_in();
