from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# What was asked stays what it was; a decision is added once.
ONCE = """
CREATE FUNCTION adjustment_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_adjustment := NEW;
BEGIN
    asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id; asked.decided_at := OLD.decided_at;
    asked.answer := OLD.answer; asked.version := OLD.version;
    IF OLD.clause_id IS NOT NULL THEN
        asked.event_id := OLD.event_id;
    END IF;
    IF OLD.state <> 'asked' OR asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'an adjustment is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER adjustment_decided_once BEFORE UPDATE ON scoring_adjustment
    FOR EACH ROW EXECUTE FUNCTION adjustment_decided_once();
CREATE TRIGGER adjustment_never_deleted BEFORE DELETE OR TRUNCATE ON scoring_adjustment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
ONCE_DOWN = """
DROP TRIGGER adjustment_never_deleted ON scoring_adjustment;
DROP TRIGGER adjustment_decided_once ON scoring_adjustment;
DROP FUNCTION adjustment_decided_once();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("scoring", "0005_roots"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="scoreevent",
            name="source",
            field=models.CharField(
                choices=[("sheet", "月度台账"), ("import", "县六零办导入"), ("adjustment", "锁定后调整")],
                default="sheet",
                max_length=10,
                verbose_name="来源",
            ),
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(db_collation="C", max_length=18, verbose_name="对象代码")),
                ("date", models.DateField(blank=True, null=True, verbose_name="发生日期")),
                ("document_no", models.CharField(blank=True, max_length=60, verbose_name="文书号")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("reason", models.CharField(max_length=200, verbose_name="申请原因")),
                (
                    "state",
                    models.CharField(
                        default="asked", max_length=10, verbose_name="状态"
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="不同意的原因")),
                ("version", models.PositiveIntegerField(blank=True, null=True, verbose_name="排名版本")),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clause",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.clause",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="scoring.scoreevent",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments",
                        to="scoring.period",
                    ),
                ),
            ],
            options={
                "verbose_name": "锁定后调整",
                "ordering": ["-id"],
                "indexes": [models.Index(models.F("period"), models.F("code"), name="adjustment_by_month_and_code")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "granted", "refused"])),
                        name="adjustment_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="adjustment_has_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clause__isnull", False), ("date__isnull", False)),
                            models.Q(
                                ("clause", None),
                                ("date", None),
                                ("document_no", ""),
                                ("event__isnull", False),
                                ("note", ""),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_adds_or_withdraws",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clause", None),
                            models.Q(("event__isnull", False), ("state", "granted")),
                            models.Q(
                                models.Q(("state", "granted"), _negated=True),
                                ("event", None),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_event_written_when_granted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "asked"),
                                ("answer", ""),
                                ("decided_at", None),
                                ("decided_by", None),
                                ("version", None),
                            ),
                            models.Q(
                                ("answer", ""),
                                ("state", "granted"),
                                ("version__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            models.Q(
                                ("state", "refused"),
                                ("version", None),
                                models.Q(("answer", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="adjustment_decision_complete",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="adjustment_needs_two_people",
                    ),
                    models.UniqueConstraint(
                        models.F("event"),
                        condition=models.Q(("state", "asked"), ("clause", None)),
                        name="adjustment_one_open_withdrawal",
                    ),
                    models.UniqueConstraint(
                        models.F("period"),
                        models.F("code"),
                        models.F("clause"),
                        models.F("date"),
                        condition=models.Q(("state", "asked")),
                        name="adjustment_one_open_addition",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ONCE, ONCE_DOWN),
    ]
