"""What was written about a household goes once it is erased: the database lets its words become nothing, and nothing else."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations

# Only a household that left the register is erased; that row then opens the one way in which words may change.
ERASED = """
CREATE FUNCTION household_is_erased(code text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM households_householderasure e WHERE e.household_id = code)
$$;
CREATE FUNCTION erasure_of_one_that_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM households_household h WHERE h.code = NEW.household_id AND h.valid_to <= current_date) THEN
        RAISE EXCEPTION 'only a household that left the register is erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erasure_of_one_that_left BEFORE INSERT ON households_householderasure
    FOR EACH ROW EXECUTE FUNCTION erasure_of_one_that_left();
"""
ERASED_DOWN = """
DROP TRIGGER erasure_of_one_that_left ON households_householderasure;
DROP FUNCTION erasure_of_one_that_left();
DROP FUNCTION household_is_erased(text);
"""
CHANGES = """
CREATE FUNCTION change_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept households_householdchange := NEW;
BEGIN
    IF NEW.before IS NULL AND household_is_erased(OLD.household_id) THEN
        kept.before := OLD.before;
    END IF;
    IF NEW.note IS NULL AND (household_is_erased(OLD.household_id) OR household_is_erased(OLD.other_id)) THEN
        kept.note := OLD.note;
    END IF;
    IF kept IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER household_change_append_only ON households_householdchange;
CREATE TRIGGER household_change_append_only BEFORE DELETE OR TRUNCATE ON households_householdchange
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER household_change_words_go BEFORE UPDATE ON households_householdchange
    FOR EACH ROW EXECUTE FUNCTION change_words_go();
"""
CHANGES_DOWN = """
DROP TRIGGER household_change_words_go ON households_householdchange;
DROP TRIGGER household_change_append_only ON households_householdchange;
CREATE TRIGGER household_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON households_householdchange
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION change_words_go();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0023_not_invented"),
    ]

    operations = [
        migrations.RunSQL(ERASED, ERASED_DOWN),
        migrations.RunSQL(CHANGES, CHANGES_DOWN),
        migrations.AddIndex("operation", BrinIndex(fields=["at"], name="operation_by_time")),
    ]
