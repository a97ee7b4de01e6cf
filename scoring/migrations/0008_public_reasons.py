from typing import ClassVar

from django.db import migrations, models

RESTATED = [
    ("reviewed", "复核后更正"),
    ("wrong_place", "登记对象有误"),
    ("wrong_clause", "适用条款有误"),
    ("twice", "重复登记"),
    ("left_out", "当月漏记"),
    ("new_document", "依据生效文书补记"),
    ("document_revoked", "原依据已撤销或变更"),
]
BY_HAND = [
    ("other", "经核定的零星调整"),
    ("duty", "值守、出工等公益服务"),
    ("activity", "参加集体活动"),
    ("left_out", "以前漏记"),
    ("wrong", "以前记错"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("scoring", "0007_ship_scheme_2026")]

    operations: ClassVar = [
        migrations.AddField(
            "adjustment",
            "public_reason",
            models.CharField(choices=RESTATED, default="reviewed", max_length=20, verbose_name="公开的原因"),
        ),
        migrations.AddField(
            "pointadjustment",
            "public_reason",
            models.CharField(choices=BY_HAND, default="other", max_length=20, verbose_name="公开的原因"),
        ),
        migrations.AddConstraint(
            "adjustment",
            models.CheckConstraint(
                condition=models.Q(("public_reason__in", [code for code, _ in RESTATED])),
                name="adjustment_public_reason_listed",
            ),
        ),
        migrations.AddConstraint(
            "pointadjustment",
            models.CheckConstraint(
                condition=models.Q(("public_reason__in", [code for code, _ in BY_HAND])),
                name="point_adjustment_public_reason_listed",
            ),
        ),
    ]
