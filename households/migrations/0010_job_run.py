from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

OUTCOMES = [
    ("done", "正常"),
    ("held", "等待确认时间"),
    ("refused", "没有办"),
    ("drift", "核对出不符"),
    ("failed", "出错"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0009_trail")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="事项")),
                ("begun_at", models.DateTimeField(verbose_name="开始")),
                ("ended_at", models.DateTimeField(verbose_name="结束")),
                ("outcome", models.CharField(choices=OUTCOMES, max_length=10, verbose_name="结果")),
                ("figures", models.JSONField(default=dict, verbose_name="数字")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="知悉时间")),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="知悉人",
                    ),
                ),
            ],
            options={
                "verbose_name": "定时任务记录",
                "ordering": ["-id"],
                "indexes": [models.Index(F("name"), F("id"), name="job_run_by_name")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(outcome__in=[value for value, _ in OUTCOMES]), name="job_outcome_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(seen_by__isnull=True, seen_at__isnull=True)
                        | Q(seen_by__isnull=False, seen_at__isnull=False),
                        name="job_seen_by_and_at",
                    ),
                ],
            },
        ),
    ]
