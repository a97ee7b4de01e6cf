import django.db.models.deletion
from django.db import migrations, models

WATCH = "SELECT trail_watch('scoring_declaration')"


class Migration(migrations.Migration):
    """A sheet that was taken back and signed again draws no other households. Signatures of before draw by themselves, as they did."""

    dependencies = [
        ("scoring", "0030_held_ops"),
    ]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="drawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.declaration"
            ),
        ),
        migrations.RunSQL(WATCH, migrations.RunSQL.noop),
    ]
