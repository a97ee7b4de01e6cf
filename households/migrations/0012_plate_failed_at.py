from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0011_several_hands")]
    operations: ClassVar = [
        migrations.AddField(
            "plate", "failed_at", models.DateTimeField(blank=True, null=True, verbose_name="最近输错时间")
        ),
        migrations.RunSQL(
            "SELECT trail_watch('households_plate', '{failures,failed_at,locked_until,opened_at,opening_noted}')",
            migrations.RunSQL.noop,
        ),
    ]
