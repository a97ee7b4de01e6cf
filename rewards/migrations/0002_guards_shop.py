from typing import ClassVar

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER move_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rewards_stockmove
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER redemption_never_deleted BEFORE DELETE OR TRUNCATE ON rewards_redemption
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stocktake_never_deleted BEFORE DELETE OR TRUNCATE ON rewards_stocktake
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stocktakeline_never_deleted BEFORE DELETE OR TRUNCATE ON rewards_stocktakeline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
APPEND_ONLY_DOWN = """
DROP TRIGGER move_append_only ON rewards_stockmove;
DROP TRIGGER redemption_never_deleted ON rewards_redemption;
DROP TRIGGER stocktake_never_deleted ON rewards_stocktake;
DROP TRIGGER stocktakeline_never_deleted ON rewards_stocktakeline;
"""

# What was redeemed by whom never changes; what became of it is written once, and only forward.
REDEMPTION = """
CREATE FUNCTION redemption_moves_forward() RETURNS trigger LANGUAGE plpgsql AS $$
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
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a redemption never changes what it is, and its state only moves forward'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER redemption_moves_forward BEFORE UPDATE ON rewards_redemption
    FOR EACH ROW EXECUTE FUNCTION redemption_moves_forward();
"""
REDEMPTION_DOWN = """
DROP TRIGGER redemption_moves_forward ON rewards_redemption;
DROP FUNCTION redemption_moves_forward();
"""

# What two people signed stays as they signed it.
STOCKTAKE = """
CREATE FUNCTION stocktake_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'rewards_stocktake' THEN
        IF OLD.state IN ('posted', 'cancelled') THEN
            RAISE EXCEPTION 'a closed stocktake never changes' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF EXISTS (SELECT FROM rewards_stocktake s WHERE s.id = NEW.stocktake_id AND s.state <> 'counting') THEN
        RAISE EXCEPTION 'the figures of a signed stocktake never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stocktake_is_closed BEFORE UPDATE ON rewards_stocktake
    FOR EACH ROW EXECUTE FUNCTION stocktake_is_closed();
CREATE TRIGGER stocktakeline_is_closed BEFORE INSERT OR UPDATE ON rewards_stocktakeline
    FOR EACH ROW EXECUTE FUNCTION stocktake_is_closed();
"""
STOCKTAKE_DOWN = """
DROP TRIGGER stocktake_is_closed ON rewards_stocktake;
DROP TRIGGER stocktakeline_is_closed ON rewards_stocktakeline;
DROP FUNCTION stocktake_is_closed();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rewards", "0001_initial"), ("households", "0002_append_only")]
    operations: ClassVar = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_DOWN),
        migrations.RunSQL(REDEMPTION, REDEMPTION_DOWN),
        migrations.RunSQL(STOCKTAKE, STOCKTAKE_DOWN),
    ]
