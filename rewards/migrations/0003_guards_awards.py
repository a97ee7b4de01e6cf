from typing import ClassVar

from django.db import migrations

APPEND_ONLY = ["fundsource", "ruleband", "rulegoal", "awardline", "awarddecision", "gradeband", "performancecredit"]
NEVER_DELETED = ["fund", "awardrule", "awardrun", "award", "awardreview"]


def _refuse(tables: list[str], what: str) -> str:
    return "".join(
        f"CREATE TRIGGER {table}_kept BEFORE {what} OR TRUNCATE ON rewards_{table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
        for table in tables
    )


KEPT = _refuse(APPEND_ONLY, "UPDATE OR DELETE") + _refuse(NEVER_DELETED, "DELETE")
KEPT_DOWN = "".join(f"DROP TRIGGER {table}_kept ON rewards_{table};\n" for table in APPEND_ONLY + NEVER_DELETED)

# What may change after a row was written; everything else of it stands.
CHANGES = """
CREATE FUNCTION fund_row_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh rewards_fund := NEW;
BEGIN
    fresh.total_fen := OLD.total_fen; fresh.allocated_fen := OLD.allocated_fen;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a fund never changes its year, county or name' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_row_stands BEFORE UPDATE ON rewards_fund FOR EACH ROW EXECUTE FUNCTION fund_row_stands();

CREATE FUNCTION rule_row_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh rewards_awardrule := NEW;
BEGIN
    IF OLD.replaced_at IS NULL THEN
        fresh.replaced_at := NULL;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a rule is replaced once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM rewards_awardrun r WHERE r.rule_id = OLD.id AND r.state = 'confirmed') THEN
        RAISE EXCEPTION 'a rule that gave confirmed awards stands' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rule_row_stands BEFORE UPDATE ON rewards_awardrule FOR EACH ROW EXECUTE FUNCTION rule_row_stands();

CREATE FUNCTION run_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh rewards_awardrun := NEW;
BEGIN
    IF OLD.state = 'previewed' THEN
        fresh.state := OLD.state; fresh.confirmed_by_id := NULL; fresh.confirmed_at := NULL;
        fresh.discarded_by_id := NULL; fresh.discarded_at := NULL; fresh.discard_reason := OLD.discard_reason;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a run is confirmed or discarded once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'confirmed' AND EXISTS (
        SELECT FROM rewards_awardrun r WHERE r.fund_id = NEW.fund_id AND r.kind = NEW.kind AND r.state = 'confirmed'
        AND r.id <> NEW.id AND r.months && NEW.months
    ) THEN
        RAISE EXCEPTION 'a month is awarded once per fund and kind' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER run_ends_once BEFORE UPDATE ON rewards_awardrun FOR EACH ROW EXECUTE FUNCTION run_ends_once();

CREATE FUNCTION award_row_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh rewards_award := NEW;
BEGIN
    fresh.committed_fen := OLD.committed_fen;
    IF NEW.withdrawn_fen >= OLD.withdrawn_fen THEN
        fresh.withdrawn_fen := OLD.withdrawn_fen;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a confirmed award never changes its amount' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER award_row_stands BEFORE UPDATE ON rewards_award FOR EACH ROW EXECUTE FUNCTION award_row_stands();

CREATE FUNCTION review_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh rewards_awardreview := NEW;
BEGIN
    IF OLD.state = 'previewed' THEN
        fresh.state := OLD.state; fresh.ended_by_id := NULL; fresh.ended_at := NULL;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a review is confirmed or discarded once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_ends_once BEFORE UPDATE ON rewards_awardreview
    FOR EACH ROW EXECUTE FUNCTION review_ends_once();
"""
CHANGES_DOWN = "".join(
    f"DROP TRIGGER {name} ON rewards_{table};\nDROP FUNCTION {name}();\n"
    for name, table in (
        ("fund_row_stands", "fund"),
        ("rule_row_stands", "awardrule"),
        ("run_ends_once", "awardrun"),
        ("award_row_stands", "award"),
        ("review_ends_once", "awardreview"),
    )
)

# What may be added to what: bands and goals before the first run, lines before the confirmation, awards only by it.
ADDITIONS = """
CREATE FUNCTION rule_part_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rewards_awardrun r WHERE r.rule_id = NEW.rule_id) THEN
        RAISE EXCEPTION 'a rule that was run stands' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM FROM rewards_awardrule WHERE id = NEW.rule_id FOR UPDATE;
    IF TG_TABLE_NAME = 'rewards_ruleband' THEN
        IF EXISTS (SELECT FROM rewards_ruleband b WHERE b.rule_id = NEW.rule_id
                   AND b.from_rank <= NEW.to_rank AND b.to_rank >= NEW.from_rank) THEN
            RAISE EXCEPTION 'bands of a rule never overlap' USING ERRCODE = 'exclusion_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER band_fits BEFORE INSERT ON rewards_ruleband FOR EACH ROW EXECUTE FUNCTION rule_part_fits();
CREATE TRIGGER goal_fits BEFORE INSERT ON rewards_rulegoal FOR EACH ROW EXECUTE FUNCTION rule_part_fits();

CREATE FUNCTION line_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM rewards_awardrun r WHERE r.id = NEW.run_id AND r.state = 'previewed') THEN
        RAISE EXCEPTION 'an ended run takes no more lines' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER line_fits BEFORE INSERT ON rewards_awardline FOR EACH ROW EXECUTE FUNCTION line_fits();

CREATE FUNCTION award_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM rewards_awardline l JOIN rewards_awardrun r ON r.id = l.run_id
        WHERE l.id = NEW.line_id AND r.id = NEW.run_id AND r.state = 'confirmed' AND r.fund_id = NEW.fund_id
        AND r.kind = NEW.kind AND l.division_id = NEW.division_id AND l.amount_fen = NEW.amount_fen
        AND l.points = NEW.points
    ) THEN
        RAISE EXCEPTION 'an award is a line of a confirmed run' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER award_fits BEFORE INSERT ON rewards_award FOR EACH ROW EXECUTE FUNCTION award_fits();
"""
ADDITIONS_DOWN = """
DROP TRIGGER band_fits ON rewards_ruleband;
DROP TRIGGER goal_fits ON rewards_rulegoal;
DROP FUNCTION rule_part_fits();
DROP TRIGGER line_fits ON rewards_awardline;
DROP FUNCTION line_fits();
DROP TRIGGER award_fits ON rewards_award;
DROP FUNCTION award_fits();
"""

# The two sums a fund keeps are those of its rows, looked at when the transaction ends.
SUMS = """
CREATE FUNCTION fund_sums_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fund bigint;
BEGIN
    IF TG_TABLE_NAME = 'rewards_fund' THEN fund := NEW.id; ELSE fund := NEW.fund_id; END IF;
    IF EXISTS (
        SELECT FROM rewards_fund f WHERE f.id = fund AND (
            f.total_fen <> (SELECT coalesce(sum(s.amount_fen), 0) FROM rewards_fundsource s WHERE s.fund_id = f.id)
            OR f.allocated_fen <> (SELECT coalesce(sum(a.amount_fen - a.withdrawn_fen), 0) FROM rewards_award a
                                   WHERE a.fund_id = f.id))
    ) THEN
        RAISE EXCEPTION 'fund % does not equal its sources and awards', fund USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_sums_hold AFTER INSERT OR UPDATE ON rewards_fund
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_sums_hold();
CREATE CONSTRAINT TRIGGER source_sums_hold AFTER INSERT ON rewards_fundsource
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_sums_hold();
CREATE CONSTRAINT TRIGGER award_sums_hold AFTER INSERT OR UPDATE OF withdrawn_fen ON rewards_award
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fund_sums_hold();
"""
SUMS_DOWN = """
DROP TRIGGER fund_sums_hold ON rewards_fund;
DROP TRIGGER source_sums_hold ON rewards_fundsource;
DROP TRIGGER award_sums_hold ON rewards_award;
DROP FUNCTION fund_sums_hold();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rewards", "0002_guards_shop")]
    operations: ClassVar = [
        migrations.RunSQL(KEPT, KEPT_DOWN),
        migrations.RunSQL(CHANGES, CHANGES_DOWN),
        migrations.RunSQL(ADDITIONS, ADDITIONS_DOWN),
        migrations.RunSQL(SUMS, SUMS_DOWN),
    ]
