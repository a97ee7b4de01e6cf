from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PUBLISHED_STANDS = """
CREATE TRIGGER village_root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_villageroot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER daily_root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_dailyroot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
PUBLISHED_STANDS_DOWN = """
DROP TRIGGER village_root_append_only ON scoring_villageroot;
DROP TRIGGER daily_root_append_only ON scoring_dailyroot;
"""

# What was asked stays what it was; a decision is added once.
DECIDED_ONCE = """
CREATE FUNCTION point_adjustment_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_pointadjustment := NEW;
BEGIN
    asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id;
    asked.decided_at := OLD.decided_at; asked.answer := OLD.answer;
    IF OLD.state <> 'asked' OR asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an adjustment of points is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER point_adjustment_decided_once BEFORE UPDATE ON scoring_pointadjustment
    FOR EACH ROW EXECUTE FUNCTION point_adjustment_decided_once();
CREATE TRIGGER point_adjustment_never_deleted BEFORE DELETE OR TRUNCATE ON scoring_pointadjustment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
DECIDED_ONCE_DOWN = """
DROP TRIGGER point_adjustment_never_deleted ON scoring_pointadjustment;
DROP TRIGGER point_adjustment_decided_once ON scoring_pointadjustment;
DROP FUNCTION point_adjustment_decided_once();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("scoring", "0004_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="VillageRoot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.CharField(db_collation="C", max_length=40, verbose_name="链")),
                ("size", models.BigIntegerField(verbose_name="行数")),
                ("head", models.CharField(max_length=64, verbose_name="末行指纹")),
                ("root", models.CharField(max_length=64, verbose_name="根指纹")),
                ("peaks", models.BinaryField()),
                ("day", models.DateField(verbose_name="公布日期")),
            ],
            options={
                "verbose_name": "积分链的根",
                "ordering": ["chain", "size"],
                "constraints": [models.UniqueConstraint(models.F("chain"), models.F("size"), name="village_root_once_per_size"), models.CheckConstraint(condition=models.Q(("size__gt", 0), models.Q(("chain", ""), _negated=True)), name="village_root_of_something"), models.CheckConstraint(condition=models.Q(("head__regex", "^[0-9a-f]{64}$"), ("root__regex", "^[0-9a-f]{64}$")), name="village_root_is_sha256")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="DailyRoot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("county", models.CharField(db_collation="C", max_length=6, verbose_name="县级代码")),
                ("day", models.DateField(verbose_name="日期")),
                ("root", models.CharField(max_length=64, verbose_name="全县根指纹")),
                ("entries", models.BigIntegerField(verbose_name="积分行数")),
                ("lines", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name="各链的根")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="公布时间")),
            ],
            options={
                "verbose_name": "积分日榜",
                "ordering": ["county", "-day"],
                "constraints": [models.UniqueConstraint(models.F("county"), models.F("day"), name="daily_root_once_per_day"), models.CheckConstraint(condition=models.Q(("entries__gt", 0)), name="daily_root_of_something"), models.CheckConstraint(condition=models.Q(("root__regex", "^[0-9a-f]{64}$")), name="daily_root_is_sha256")],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PointAdjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_kind", models.CharField(choices=[("household", "户"), ("division", "组、村、乡镇"), ("department", "县直部门")], max_length=10)),
                ("owner", models.CharField(db_collation="C", max_length=20, verbose_name="代码")),
                ("points", models.IntegerField(verbose_name="积分")),
                ("reason", models.CharField(max_length=100, verbose_name="原因")),
                ("state", models.CharField(choices=[("asked", "待批准"), ("granted", "已批准"), ("refused", "未批准")], default="asked", max_length=10, verbose_name="状态")),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="申请时间")),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("answer", models.CharField(blank=True, max_length=100, verbose_name="答复")),
            ],
            options={
                "verbose_name": "积分人工调整",
                "ordering": ["-id"],
                "indexes": [models.Index(models.F("state"), models.F("owner"), name="point_adjustment_by_state")],
                "constraints": [models.CheckConstraint(condition=models.Q(("points", 0), _negated=True), name="point_adjustment_moves_something"), models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="point_adjustment_has_reason"), models.CheckConstraint(condition=models.Q(models.Q(("decided_at__isnull", True), ("decided_by__isnull", True), ("state", "asked")), models.Q(("decided_at__isnull", False), ("decided_by__isnull", False), ("state", "granted")), models.Q(("decided_at__isnull", False), ("decided_by__isnull", False), ("state", "refused"), models.Q(("answer", ""), _negated=True)), _connector="OR"), name="point_adjustment_decided_with_state"), models.CheckConstraint(condition=models.Q(("decided_by", models.F("asked_by")), _negated=True), name="point_adjustment_by_two"), models.UniqueConstraint(models.F("owner"), models.F("owner_kind"), condition=models.Q(("state", "asked")), name="point_adjustment_one_waiting")],
            },
        ),
        migrations.RunSQL(PUBLISHED_STANDS, PUBLISHED_STANDS_DOWN),
        migrations.RunSQL(DECIDED_ONCE, DECIDED_ONCE_DOWN),
    ]
