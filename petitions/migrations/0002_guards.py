from typing import ClassVar

from django.db import migrations

# Histories, judgements, accusations and ties are never changed. The one thing that may go is the text of an event, when
# the law has the petition's content erased: to nothing, and only after the petition says that it is erased.
APPEND_ONLY = """
CREATE FUNCTION petition_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh petitions_petitionevent := NEW;
BEGIN
    IF NEW.told IS NULL AND NEW.note IS NULL
       AND EXISTS (SELECT FROM petitions_petition p WHERE p.id = OLD.petition_id AND p.erased_at IS NOT NULL) THEN
        fresh.told := OLD.told; fresh.note := OLD.note;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'the history of a petition is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER petition_history_stays BEFORE UPDATE ON petitions_petitionevent
    FOR EACH ROW EXECUTE FUNCTION petition_history_stays();
CREATE TRIGGER petition_history_kept BEFORE DELETE OR TRUNCATE ON petitions_petitionevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER petition_kept BEFORE DELETE OR TRUNCATE ON petitions_petition
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER assignment_kept BEFORE DELETE OR TRUNCATE ON petitions_assignment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER tie_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON petitions_tie
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_kept BEFORE DELETE OR TRUNCATE ON petitions_rating
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION rating_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh petitions_rating := NEW;
BEGIN
    IF NEW.comment IS NULL
       AND EXISTS (SELECT FROM petitions_petition p WHERE p.id = OLD.petition_id AND p.erased_at IS NOT NULL) THEN
        fresh.comment := OLD.comment;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a rating never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rating_stays BEFORE UPDATE ON petitions_rating FOR EACH ROW EXECUTE FUNCTION rating_stays();
"""
APPEND_ONLY_DOWN = """
DROP TRIGGER petition_history_stays ON petitions_petitionevent;
DROP TRIGGER petition_history_kept ON petitions_petitionevent;
DROP TRIGGER petition_kept ON petitions_petition;
DROP TRIGGER assignment_kept ON petitions_assignment;
DROP TRIGGER tie_append_only ON petitions_tie;
DROP TRIGGER rating_kept ON petitions_rating;
DROP TRIGGER rating_stays ON petitions_rating;
DROP FUNCTION petition_history_stays();
DROP FUNCTION rating_stays();
"""

# What was filed stays as it was filed; the state is what the last event says; nobody is told a due date while it is paused.
PETITION = """
CREATE FUNCTION petition_follows_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.number, NEW.follow_digest, NEW.channel, NEW.way, NEW.place_id, NEW.filed_at, NEW.filed_by_id, NEW.people)
       IS DISTINCT FROM
       (OLD.number, OLD.follow_digest, OLD.channel, OLD.way, OLD.place_id, OLD.filed_at, OLD.filed_by_id, OLD.people)
       OR OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at
       OR NEW.erased_at IS NULL AND (NEW.title, NEW.text, NEW.filer_name, NEW.filer_phone, NEW.filer_key,
           NEW.enterprise, NEW.household_id, NEW.external_no, NEW.external_link)
       IS DISTINCT FROM (OLD.title, OLD.text, OLD.filer_name, OLD.filer_phone, OLD.filer_key,
           OLD.enterprise, OLD.household_id, OLD.external_no, OLD.external_link) THEN
        RAISE EXCEPTION 'what was filed never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.state, NEW.seq) IS DISTINCT FROM (OLD.state, OLD.seq) AND NOT EXISTS (
        SELECT FROM petitions_petitionevent e
        WHERE e.petition_id = NEW.id AND e.seq = NEW.seq AND e.state = NEW.state AND NEW.seq = OLD.seq + 1
    ) THEN
        RAISE EXCEPTION 'the state of a petition follows its history' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER petition_follows_history BEFORE UPDATE ON petitions_petition
    FOR EACH ROW EXECUTE FUNCTION petition_follows_history();
CREATE FUNCTION assignment_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh petitions_assignment := NEW;
BEGIN
    IF OLD.ended_at IS NULL THEN
        fresh.ended_at := NULL;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an assignment never changes, it ends once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_only_ends BEFORE UPDATE ON petitions_assignment
    FOR EACH ROW EXECUTE FUNCTION assignment_only_ends();
"""
PETITION_DOWN = """
DROP TRIGGER petition_follows_history ON petitions_petition;
DROP TRIGGER assignment_only_ends ON petitions_assignment;
DROP FUNCTION petition_follows_history();
DROP FUNCTION assignment_only_ends();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("petitions", "0001_initial"), ("households", "0002_append_only")]
    operations: ClassVar = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_DOWN),
        migrations.RunSQL(PETITION, PETITION_DOWN),
    ]
