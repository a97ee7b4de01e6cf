"""What a reviewer wrote about an erased household may become the one word that says so, and nothing else."""

from typing import ClassVar

from django.db import migrations

WORDS = """
CREATE FUNCTION look_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept scoring_reviewlook := NEW;
BEGIN
    IF NEW.note = '（已清除）' AND household_is_erased(OLD.household) THEN
        kept.note := OLD.note;
    END IF;
    IF kept IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER look_append_only ON scoring_reviewlook;
CREATE TRIGGER look_append_only BEFORE DELETE OR TRUNCATE ON scoring_reviewlook
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER look_words_go BEFORE UPDATE ON scoring_reviewlook
    FOR EACH ROW EXECUTE FUNCTION look_words_go();
"""
WORDS_DOWN = """
DROP TRIGGER look_words_go ON scoring_reviewlook;
DROP TRIGGER look_append_only ON scoring_reviewlook;
CREATE TRIGGER look_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_reviewlook
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION look_words_go();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0021_objections"), ("households", "0024_words_go")]
    operations: ClassVar = [migrations.RunSQL(WORDS, WORDS_DOWN)]
