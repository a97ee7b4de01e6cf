from typing import ClassVar

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# Words outlive no content: they go in the same moment, and none come afterwards.
GUARDS = """
CREATE FUNCTION petition_words_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM petitions_petitionwords WHERE petition_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER petition_words_go AFTER UPDATE OF erased_at ON petitions_petition
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL) EXECUTE FUNCTION petition_words_go();
CREATE FUNCTION petition_words_of_content() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM petitions_petition p WHERE p.id = NEW.petition_id AND p.erased_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an erased petition has no words' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER petition_words_of_content BEFORE INSERT OR UPDATE ON petitions_petitionwords
    FOR EACH ROW EXECUTE FUNCTION petition_words_of_content();
"""
GUARDS_DOWN = """
DROP TRIGGER petition_words_go ON petitions_petition;
DROP FUNCTION petition_words_go();
DROP TRIGGER petition_words_of_content ON petitions_petitionwords;
DROP FUNCTION petition_words_of_content();
"""

# The arrays lie outside the table's rows, where the planner does not see how much there is to read: left alone it would
# look at every row for a frequent word. Always the index, therefore.
FINDING = """
CREATE FUNCTION petitions_with(wanted bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 300
SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT w.petition_id FROM petitions_petitionwords w WHERE w.words @> wanted;
END $$;
"""
FINDING_DOWN = "DROP FUNCTION petitions_with(bigint[])"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('petitions', '0005_board_and_public_list'),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name='PetitionWords',
            fields=[
                ('petition', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='indexed', serialize=False, to='petitions.petition')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('seq', models.PositiveIntegerField()),
                ('recipe', models.BigIntegerField()),
            ],
            options={
                'verbose_name': '信访检索词',
                'indexes': [django.contrib.postgres.indexes.GinIndex(models.F('words'), fastupdate=False, name='petitionwords_by_word')],
            },
        ),
        migrations.RunSQL(GUARDS, GUARDS_DOWN),
        migrations.RunSQL(FINDING, FINDING_DOWN),
    ]
