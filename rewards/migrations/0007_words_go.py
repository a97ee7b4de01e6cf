"""Who fetched goods for an erased household, and why something was given up, may become the one word that says it is gone."""

from typing import ClassVar

from django.db import migrations

REDEMPTION = """
CREATE OR REPLACE FUNCTION redemption_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh rewards_redemption := NEW;
BEGIN
    IF (OLD.state, NEW.state) IN (('reserved', 'handed_over'), ('reserved', 'voided'), ('reserved', 'expired'),
                                  ('handed_over', 'reversed')) THEN
        fresh.state := OLD.state;
        IF OLD.handed_at IS NULL THEN
            fresh.handed_at := NULL; fresh.handed_by_id := NULL; fresh.proof := OLD.proof;
            fresh.signature_id := NULL; fresh.collected_by := OLD.collected_by; fresh.relation := OLD.relation;
            fresh.delivered_to_home := OLD.delivered_to_home;
        END IF;
        fresh.ended_at := NULL; fresh.ended_by_id := NULL; fresh.reason := OLD.reason;
    {words}END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a redemption never changes what it is, and its state only moves forward'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
WORDS = """ELSIF OLD.state <> 'reserved' AND household_is_erased(OLD.household_id)
          AND NEW.collected_by IN (OLD.collected_by, '（已清除）') AND NEW.relation IN (OLD.relation, '（已清除）')
          AND NEW.reason IN (OLD.reason, '（已清除）') THEN
        fresh.collected_by := OLD.collected_by; fresh.relation := OLD.relation; fresh.reason := OLD.reason;
    """


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("rewards", "0006_sealed_pictures"),
        ("households", "0024_words_go"),
    ]
    operations: ClassVar = [migrations.RunSQL(REDEMPTION.format(words=WORDS), REDEMPTION.format(words=""))]
