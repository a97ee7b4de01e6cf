from typing import ClassVar

from django.db import migrations

WATCH = """
SELECT trail_watch('petitions_case');
SELECT trail_watch('petitions_petition');
SELECT trail_watch('petitions_numberseries');
SELECT trail_watch('petitions_accused');
SELECT trail_watch('petitions_tie');
SELECT trail_watch('petitions_assignment');
SELECT trail_watch('petitions_attachment');
SELECT trail_watch('petitions_petitionevent');
SELECT trail_watch('petitions_rating');
SELECT trail_watch('petitions_reception');
SELECT trail_watch('petitions_receptionstep');
SELECT trail_watch('petitions_receptionitem');
SELECT trail_watch('petitions_receptionrecord');
SELECT trail_watch('petitions_attendance');
SELECT trail_watch('petitions_promise');
SELECT trail_watch('petitions_publication');
SELECT trail_watch('petitions_publicwish');
"""
WATCH_DOWN = """
SELECT trail_unwatch('petitions_case');
SELECT trail_unwatch('petitions_petition');
SELECT trail_unwatch('petitions_numberseries');
SELECT trail_unwatch('petitions_accused');
SELECT trail_unwatch('petitions_tie');
SELECT trail_unwatch('petitions_assignment');
SELECT trail_unwatch('petitions_attachment');
SELECT trail_unwatch('petitions_petitionevent');
SELECT trail_unwatch('petitions_rating');
SELECT trail_unwatch('petitions_reception');
SELECT trail_unwatch('petitions_receptionstep');
SELECT trail_unwatch('petitions_receptionitem');
SELECT trail_unwatch('petitions_receptionrecord');
SELECT trail_unwatch('petitions_attendance');
SELECT trail_unwatch('petitions_promise');
SELECT trail_unwatch('petitions_publication');
SELECT trail_unwatch('petitions_publicwish');
"""
# Who is accused changes by one step alone, which stands in the history of the same transaction: whoever is struck off would
# see the matter.
ACCUSED = """
CREATE FUNCTION accused_goes_with_a_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM petitions_petitionevent e WHERE e.petition_id = OLD.petition_id AND e.kind = 'classify'
                   AND age(e.xmin) <= age(pg_current_xact_id()::xid)) THEN
        RAISE EXCEPTION 'who is accused changes by a step of the petition' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accused_goes_with_a_step AFTER UPDATE OR DELETE ON petitions_accused
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accused_goes_with_a_step();
"""
ACCUSED_DOWN = """
DROP TRIGGER accused_goes_with_a_step ON petitions_accused;
DROP FUNCTION accused_goes_with_a_step();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0011_against_office"), ("households", "0009_trail")]
    operations: ClassVar = [
        migrations.RunSQL(ACCUSED, ACCUSED_DOWN),
        migrations.RunSQL(WATCH, WATCH_DOWN),
    ]
