from typing import ClassVar

from django.db import migrations, models

# What no ranking covers by time alone, because clocks differed when it was frozen, stays open: freezing goes on there.
FILL = """
    UPDATE scoring_sheet s SET archived_in = (
        SELECT min(r.version) FROM scoring_rankingsnapshot r
        WHERE r.month = s.period_id AND r.within = left(s.village_id, 6) AND r.at >= s.frozen_at
    ) WHERE s.state = 'frozen'
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0010_trail")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="sheet",
            name="archived_in",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="首次存档的版本"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            "SELECT trail_watch('scoring_sheet', '{version}')",
            "SELECT trail_watch('scoring_sheet', '{version,archived_in}')",
        ),
    ]
