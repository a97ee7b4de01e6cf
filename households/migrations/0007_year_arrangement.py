from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER year_arrangement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON households_yeararrangement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0006_own_pin")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="YearArrangement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("notice", models.CharField(max_length=60, verbose_name="文号")),
                ("text", models.TextField(max_length=3000, verbose_name="通知原文")),
                ("days", models.JSONField(verbose_name="日子")),
                ("moved", models.PositiveIntegerField(default=0, verbose_name="重新算过的到期日")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="录入时间")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "放假安排",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 2025), ("year__lte", 2100)), name="arrangement_of_a_year"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notice", ""), _negated=True), models.Q(("text", ""), _negated=True)
                        ),
                        name="arrangement_has_notice",
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER year_arrangement_append_only ON households_yeararrangement"),
    ]
