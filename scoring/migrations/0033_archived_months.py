from django.db import migrations, models

# A month's file is known until the month is back: that is all that is ever added.
GUARDS = """
CREATE FUNCTION archived_month_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fresh scoring_archivedmonth := NEW;
BEGIN
    IF OLD.restored_at IS NOT NULL THEN
        RAISE EXCEPTION 'a month that is back is archived anew, by another row' USING ERRCODE = 'restrict_violation';
    END IF;
    fresh.restored_at := OLD.restored_at;
    IF fresh IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'what is known of a month''s file never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER archived_month_ends_once BEFORE UPDATE ON scoring_archivedmonth
    FOR EACH ROW EXECUTE FUNCTION archived_month_ends_once();
CREATE TRIGGER archived_month_never_deleted BEFORE DELETE OR TRUNCATE ON scoring_archivedmonth
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT trail_watch('scoring_archivedmonth');
"""
GUARDS_DOWN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM scoring_archivedmonth WHERE restored_at IS NULL) THEN
        RAISE EXCEPTION 'months are archived: bring them back by manage.py restore_months first';
    END IF;
END $$;
SELECT trail_unwatch('scoring_archivedmonth');
DROP TRIGGER archived_month_ends_once ON scoring_archivedmonth;
DROP TRIGGER archived_month_never_deleted ON scoring_archivedmonth;
DROP FUNCTION archived_month_ends_once();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0032_score_parts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchivedMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(db_collation='C', max_length=7, verbose_name='月份')),
                ('households', models.PositiveIntegerField(verbose_name='户数')),
                ('file', models.CharField(max_length=60, verbose_name='文件')),
                ('digest', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='存档时间')),
                ('restored_at', models.DateTimeField(null=True, verbose_name='取回时间')),
            ],
            options={
                'verbose_name': '存档的月份',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(models.F('month'), condition=models.Q(('restored_at__isnull', True)), name='archived_month_once'), models.CheckConstraint(condition=models.Q(('households__gt', 0)), name='archived_month_of_something'), models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='archived_month_is_sha256')],
            },
        ),
        migrations.RunSQL(GUARDS, GUARDS_DOWN),
    ]
