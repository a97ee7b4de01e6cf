from typing import ClassVar

from django.db import migrations

_WRITTEN_ONCE = ("projectstep", "allocation", "payment", "acceptance", "voiceentry", "ballotoption")
_NEVER_DELETED = ("project", "ballot", "voice", "slip")
APPEND_ONLY = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rewards_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in _WRITTEN_ONCE
) + "".join(
    f"""
CREATE TRIGGER {table}_never_deleted BEFORE DELETE OR TRUNCATE ON rewards_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in _NEVER_DELETED
)
APPEND_ONLY_DOWN = "".join(f"DROP TRIGGER {table}_append_only ON rewards_{table};" for table in _WRITTEN_ONCE) + "".join(
    f"DROP TRIGGER {table}_never_deleted ON rewards_{table};" for table in _NEVER_DELETED
)

# What a project and an award say they hold equals their rows whenever a transaction commits, whoever wrote it.
SUMS = """
CREATE FUNCTION project_sums_equal_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    project bigint;
BEGIN
    IF TG_TABLE_NAME = 'rewards_project' THEN project := NEW.id; ELSE project := NEW.project_id; END IF;
    IF EXISTS (
        SELECT FROM rewards_project p WHERE p.id = project
        AND (p.allocated_fen <> (SELECT coalesce(sum(fen), 0) FROM rewards_allocation a WHERE a.project_id = p.id)
             OR p.paid_fen <> (SELECT coalesce(sum(fen), 0) FROM rewards_payment y WHERE y.project_id = p.id))
    ) THEN
        RAISE EXCEPTION 'money of project % differs from its rows', project USING ERRCODE = 'check_violation';
    END IF;
    IF TG_TABLE_NAME = 'rewards_allocation' THEN
        IF EXISTS (
            SELECT FROM rewards_award w WHERE w.id = NEW.award_id
            AND w.committed_fen <> (SELECT coalesce(sum(fen), 0) FROM rewards_allocation a WHERE a.award_id = w.id)
        ) THEN
            RAISE EXCEPTION 'money of award % differs from its rows', NEW.award_id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER allocation_in_sums AFTER INSERT ON rewards_allocation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION project_sums_equal_rows();
CREATE CONSTRAINT TRIGGER payment_in_sums AFTER INSERT ON rewards_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION project_sums_equal_rows();
CREATE CONSTRAINT TRIGGER project_sums AFTER INSERT OR UPDATE OF allocated_fen, paid_fen ON rewards_project
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION project_sums_equal_rows();
"""
SUMS_DOWN = """
DROP TRIGGER allocation_in_sums ON rewards_allocation;
DROP TRIGGER payment_in_sums ON rewards_payment;
DROP TRIGGER project_sums ON rewards_project;
DROP FUNCTION project_sums_equal_rows();
"""

# A ballot's question never changes, and once it has ended nothing of it does.
BALLOT = """
CREATE FUNCTION ballot_keeps_its_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.settled_at IS NOT NULL OR OLD.called_off_at IS NOT NULL
       OR (NEW.village_id, NEW.title, NEW.picks, NEW.places, NEW.households)
          IS DISTINCT FROM (OLD.village_id, OLD.title, OLD.picks, OLD.places, OLD.households) THEN
        RAISE EXCEPTION 'a ballot never changes its question, and nothing once it has ended'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ballot_keeps_its_question BEFORE UPDATE ON rewards_ballot
    FOR EACH ROW EXECUTE FUNCTION ballot_keeps_its_question();

CREATE FUNCTION voice_fits_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ballot rewards_ballot;
BEGIN
    SELECT * INTO ballot FROM rewards_ballot b WHERE b.id = NEW.ballot_id;
    IF ballot.settled_at IS NOT NULL OR ballot.called_off_at IS NOT NULL THEN
        RAISE EXCEPTION 'ballot % has ended', ballot.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF cardinality(NEW.picks) > ballot.picks OR NOT NEW.picks <@
       (SELECT coalesce(array_agg(o.project_id), '{}') FROM rewards_ballotoption o WHERE o.ballot_id = ballot.id) THEN
        RAISE EXCEPTION 'picks do not fit ballot %', ballot.id USING ERRCODE = 'check_violation';
    END IF;
    IF TG_TABLE_NAME = 'rewards_voice' THEN
        IF NOT NEW.household_id = ANY (ballot.households) THEN
            RAISE EXCEPTION 'household is not of record in ballot %', ballot.id USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND (NEW.ballot_id, NEW.household_id, NEW.channel)
                            IS DISTINCT FROM (OLD.ballot_id, OLD.household_id, OLD.channel) THEN
            RAISE EXCEPTION 'a voice stays the voice of its household' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF (NEW.ballot_id, NEW.number, NEW.picks, NEW.keyed_by_id)
           IS DISTINCT FROM (OLD.ballot_id, OLD.number, OLD.picks, OLD.keyed_by_id) THEN
            RAISE EXCEPTION 'a slip is struck and keyed anew, never edited' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER voice_fits_ballot BEFORE INSERT OR UPDATE ON rewards_voice
    FOR EACH ROW EXECUTE FUNCTION voice_fits_ballot();
CREATE TRIGGER slip_fits_ballot BEFORE INSERT OR UPDATE ON rewards_slip
    FOR EACH ROW EXECUTE FUNCTION voice_fits_ballot();
"""
BALLOT_DOWN = """
DROP TRIGGER voice_fits_ballot ON rewards_voice;
DROP TRIGGER slip_fits_ballot ON rewards_slip;
DROP FUNCTION voice_fits_ballot();
DROP TRIGGER ballot_keeps_its_question ON rewards_ballot;
DROP FUNCTION ballot_keeps_its_question();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rewards", "0003_guards_awards"), ("households", "0002_append_only")]
    operations: ClassVar = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_DOWN),
        migrations.RunSQL(SUMS, SUMS_DOWN),
        migrations.RunSQL(BALLOT, BALLOT_DOWN),
    ]
