from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models

# A PIN is as old as its plate, or as the last line of the audit log that says it was renewed.
BACKFILL = """
UPDATE households_plate p
SET pin_set_at = greatest(p.issued_at, (
    SELECT max(a.at) FROM households_auditevent a
    WHERE a.action = 'plate.new_pin' AND a.place = p.household_id AND a.subject = 'plate ' || p.id
))
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0003_place_never_missing")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="plate",
            name="pin_set_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="PIN 设定时间"),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
