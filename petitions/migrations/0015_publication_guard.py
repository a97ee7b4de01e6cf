from typing import ClassVar

from django.db import migrations

# The guard of public copies was made stricter in the place where it stood: whoever had it by then kept the old one.
GUARD = """
CREATE OR REPLACE FUNCTION publication_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh petitions_publication := NEW;
BEGIN
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL THEN
        fresh.withdrawn_at := NULL; fresh.withdrawn_by_id := NULL; fresh.reason := OLD.reason;
        fresh.title := OLD.title; fresh.text := OLD.text; fresh.answer := OLD.answer;
    END IF;
    IF NEW.reason IS NULL
       AND EXISTS (SELECT FROM petitions_petition p WHERE p.id = OLD.petition_id AND p.erased_at IS NOT NULL) THEN
        fresh.reason := OLD.reason;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a publication is only ever withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER publication_only_withdrawn BEFORE UPDATE ON petitions_publication
    FOR EACH ROW EXECUTE FUNCTION publication_only_withdrawn();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0014_sealed_titles")]

    operations: ClassVar = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
