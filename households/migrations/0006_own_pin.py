from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0005_opened_at")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="plate",
            name="own_pin_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="自己的 PIN 启用时间"),
        ),
        migrations.AddField(
            model_name="plate",
            name="pin_epoch",
            field=models.PositiveIntegerField(default=0, verbose_name="第几个 PIN"),
        ),
        migrations.AddConstraint(
            model_name="plate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("own_pin_at", None),
                    models.Q(("own_pin_at__gte", models.F("pin_set_at")), ("pin_epoch__gt", 0)),
                    _connector="OR",
                ),
                name="plate_own_pin_after_paper",
            ),
        ),
        migrations.CreateModel(
            name="PlateDevice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(db_collation="C", max_length=40, unique=True, verbose_name="摘要")),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="连续输错次数")),
                (
                    "plate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to="households.plate",
                    ),
                ),
            ],
            options={"verbose_name": "记住的手机"},
        ),
    ]
