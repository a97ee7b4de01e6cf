from typing import ClassVar

from django.db import migrations, models

# Plates from before: openings were not noted. One is proved by what the household did in its own session, which the audit
# log has as a villager's line at the household; a lock is written there too, but by whoever stood at the door.
BACKFILL = """
UPDATE households_plate p
SET opened_at = proved.at
FROM (
    SELECT known.id, min(a.at) AS at
    FROM households_plate known
    JOIN households_auditevent a ON a.place = known.household_id AND a.at >= known.issued_at
        AND (known.revoked_at IS NULL OR a.at < known.revoked_at)
    WHERE a.role = 'villager' AND a.action <> 'plate.lock'
    GROUP BY known.id
) proved
WHERE proved.id = p.id
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0004_pin_set_at")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="plate",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="首次打开时间"),
        ),
        # False for the plates that are there, true for every later one.
        migrations.AddField(
            model_name="plate",
            name="opening_noted",
            field=models.BooleanField(default=False, verbose_name="发牌起就记打开"),
        ),
        migrations.AlterField(
            model_name="plate",
            name="opening_noted",
            field=models.BooleanField(default=True, verbose_name="发牌起就记打开"),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
