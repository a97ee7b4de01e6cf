from typing import ClassVar

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Whoever writes a household, through the doors or past them: what it is found by is made anew. New rows of a large import
# cost one short line each here, and their words are made afterwards.
MARKING = """
CREATE FUNCTION households_mark_words() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO households_wordsmark (household) SELECT code FROM new_rows;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO households_wordsmark (household)
        SELECT n.code FROM new_rows n JOIN old_rows o USING (code)
        WHERE n.head_name <> o.head_name OR n.phone IS DISTINCT FROM o.phone;
    ELSE
        DELETE FROM households_householdwords w USING old_rows o WHERE w.household_id = o.code;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER words_of_new AFTER INSERT ON households_household
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION households_mark_words();
CREATE TRIGGER words_of_changed AFTER UPDATE ON households_household
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION households_mark_words();
CREATE TRIGGER words_of_gone AFTER DELETE ON households_household
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION households_mark_words();
"""
MARKING_DOWN = """
DROP TRIGGER words_of_new ON households_household;
DROP TRIGGER words_of_changed ON households_household;
DROP TRIGGER words_of_gone ON households_household;
DROP FUNCTION households_mark_words();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0016_contacts")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="HouseholdWords",
            fields=[
                (
                    "household",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="households.household",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("tail", models.BigIntegerField(null=True, verbose_name="电话后四位的指纹")),
            ],
            options={
                "verbose_name": "户的检索词",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        "words", fastupdate=False, name="household_by_words"
                    ),
                    models.Index("tail", condition=models.Q(("tail__isnull", False)), name="household_by_tail"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WordsMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("household", models.CharField(db_collation="C", db_index=True, max_length=18)),
            ],
            options={"verbose_name": "待建检索词的户"},
        ),
        migrations.RunSQL(MARKING, MARKING_DOWN),
    ]
