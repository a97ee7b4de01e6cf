"""A sheet says whether it was frozen before its time; of older ones the log knows that somebody forced it."""

from django.db import migrations, models

# The log has a line for each freezing, which says whether it was forced.
KNOWN = """
UPDATE scoring_sheet s SET forced = true
FROM households_auditevent a
WHERE a.action = 'sheet.freeze' AND a.place = s.village_id AND a.subject = s.period_id
  AND a.detail ->> 'forced' = 'true' AND s.state = 'frozen';
"""
WATCH = "SELECT trail_watch('scoring_sheet', '{version}');"


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0023_event_photos'),
    ]

    operations = [
        migrations.AddField(
            model_name='sheet',
            name='forced',
            field=models.BooleanField(db_default=False, default=False, help_text='日历没有到，两个人或命令提前锁定的', verbose_name='提前锁定'),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.RunSQL(WATCH, migrations.RunSQL.noop),
    ]
