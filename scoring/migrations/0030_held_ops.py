from django.db import migrations, models

WATCH = "SELECT trail_watch('scoring_sheet', '{version,held}')"
UNWATCH = "SELECT trail_watch('scoring_sheet', '{version}')"


class Migration(migrations.Migration):
    """What came before the one it follows is held with its sheet. A sheet's trail says what stands, not what is on its way."""

    dependencies = [
        ('scoring', '0029_reminder_terms'),
    ]

    operations = [
        migrations.AddField(
            model_name='sheet',
            name='held',
            field=models.JSONField(db_default=models.Value([], output_field=models.JSONField()), default=list, verbose_name='先收着的'),
        ),
        migrations.RunSQL(WATCH, UNWATCH),
    ]
