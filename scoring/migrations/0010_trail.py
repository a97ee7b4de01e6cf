from typing import ClassVar

from django.db import migrations, models

WATCH = """
SELECT trail_watch('scoring_scheme');
SELECT trail_watch('scoring_indicator');
SELECT trail_watch('scoring_clause');
SELECT trail_watch('scoring_period');
SELECT trail_watch('scoring_sheet', '{version}');
SELECT trail_watch('scoring_declaration');
SELECT trail_watch('scoring_review');
SELECT trail_watch('scoring_scoreevent');
SELECT trail_watch('scoring_adjustment');
SELECT trail_watch('scoring_pointadjustment');
SELECT trail_watch('scoring_rankingsnapshot');
SELECT trail_watch('scoring_villageroot');
SELECT trail_watch('scoring_dailyroot');
SELECT trail_watch('scoring_withholding');
"""
WATCH_DOWN = """
SELECT trail_unwatch('scoring_scheme');
SELECT trail_unwatch('scoring_indicator');
SELECT trail_unwatch('scoring_clause');
SELECT trail_unwatch('scoring_period');
SELECT trail_unwatch('scoring_sheet');
SELECT trail_unwatch('scoring_declaration');
SELECT trail_unwatch('scoring_review');
SELECT trail_unwatch('scoring_scoreevent');
SELECT trail_unwatch('scoring_adjustment');
SELECT trail_unwatch('scoring_pointadjustment');
SELECT trail_unwatch('scoring_rankingsnapshot');
SELECT trail_unwatch('scoring_villageroot');
SELECT trail_unwatch('scoring_dailyroot');
SELECT trail_unwatch('scoring_withholding');
"""
# A declaration stands as it was signed; it is withdrawn once, and never goes.
DECLARATION = """
CREATE FUNCTION declaration_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh scoring_declaration := NEW;
BEGIN
    IF OLD.withdrawn_at IS NULL THEN
        fresh.withdrawn_at := NULL; fresh.withdraw_reason := OLD.withdraw_reason;
    END IF;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a declaration never changes, it is withdrawn once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER declaration_stands BEFORE UPDATE ON scoring_declaration
    FOR EACH ROW EXECUTE FUNCTION declaration_stands();
CREATE TRIGGER declaration_never_deleted BEFORE DELETE ON scoring_declaration
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DECLARATION_DOWN = """
DROP TRIGGER declaration_stands ON scoring_declaration;
DROP TRIGGER declaration_never_deleted ON scoring_declaration;
DROP FUNCTION declaration_stands();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0009_withholdings"), ("households", "0009_trail")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="dailyroot", name="seal", field=models.BigIntegerField(null=True, verbose_name="留痕封号")
        ),
        migrations.AddField(
            model_name="dailyroot", name="sealed", field=models.BigIntegerField(null=True, verbose_name="留痕条数")
        ),
        migrations.AddField(
            model_name="dailyroot",
            name="sealed_head",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="留痕指纹"),
        ),
        migrations.RunSQL(DECLARATION, DECLARATION_DOWN),
        migrations.RunSQL(WATCH, WATCH_DOWN),
    ]
