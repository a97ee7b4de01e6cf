from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

REASONS = [
    ("reviewed", "复核后更正"),
    ("wrong_place", "登记对象有误"),
    ("wrong_clause", "适用条款有误"),
    ("twice", "重复登记"),
    ("left_out", "当月漏记"),
    ("new_document", "依据生效文书补记"),
    ("document_revoked", "原依据已撤销或变更"),
    ("other", "经核定的零星调整"),
    ("duty", "值守、出工等公益服务"),
    ("activity", "参加集体活动"),
    ("wrong", "以前记错"),
]
GROUNDS = [
    ("erasure", "个人信息保护法第四十七条：应当删除的个人信息"),
    ("sensitive", "个人信息保护法第二十八条：敏感个人信息"),
    ("privacy", "政府信息公开条例第十五条：个人隐私"),
    ("informer", "信访工作条例：检举、控告的情况不得透露"),
    ("sealed", "治安管理处罚法第一百三十六条：应当封存的记录"),
]
# One change of a row that is written for ever: its words, by a granted withholding that holds the digest of the old ones.
GUARDS = """
CREATE FUNCTION withheld_words_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before scoring_pointentry := NEW;
BEGIN
    before.text := OLD.text;
    IF before IS NOT DISTINCT FROM OLD AND EXISTS (
        SELECT 1 FROM scoring_withholding w JOIN scoring_account a ON a.id = OLD.account_id
        WHERE w.entry_id = OLD.id AND w.state = 'granted' AND w.shown = NEW.text
          AND w.digest = ledger_leaf(OLD.chain, OLD.seq, a.owner_kind, a.owner, OLD.kind, OLD.month, OLD.year, OLD.amount,
                                     OLD.held, OLD.owed, OLD.source_key, OLD.text, OLD.at, OLD.salt)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION withheld_reason_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before scoring_rankingsnapshot := NEW;
BEGIN
    before.reason := OLD.reason;
    IF before IS NOT DISTINCT FROM OLD AND EXISTS (
        SELECT 1 FROM scoring_withholding w
        WHERE w.ranking_id = OLD.id AND w.state = 'granted' AND w.shown = NEW.reason
          AND w.digest = sha256(convert_to(OLD.reason, 'UTF8'))) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER entry_append_only ON scoring_pointentry;
DROP TRIGGER snapshot_append_only ON scoring_rankingsnapshot;
CREATE TRIGGER entry_append_only BEFORE DELETE OR TRUNCATE ON scoring_pointentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entry_words_withheld BEFORE UPDATE ON scoring_pointentry
    FOR EACH ROW EXECUTE FUNCTION withheld_words_only();
CREATE TRIGGER snapshot_append_only BEFORE DELETE OR TRUNCATE ON scoring_rankingsnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_reason_withheld BEFORE UPDATE ON scoring_rankingsnapshot
    FOR EACH ROW EXECUTE FUNCTION withheld_reason_only();
CREATE FUNCTION withholding_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked scoring_withholding := NEW;
BEGIN
    asked.state := OLD.state; asked.decided_by_id := OLD.decided_by_id; asked.decided_at := OLD.decided_at;
    asked.answer := OLD.answer;
    IF OLD.state <> 'asked' OR asked IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'a withholding is decided once, never edited' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER withholding_decided_once BEFORE UPDATE ON scoring_withholding
    FOR EACH ROW EXECUTE FUNCTION withholding_decided_once();
CREATE TRIGGER withholding_never_deleted BEFORE DELETE OR TRUNCATE ON scoring_withholding
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
GUARDS_DOWN = """
DROP TRIGGER withholding_never_deleted ON scoring_withholding;
DROP TRIGGER withholding_decided_once ON scoring_withholding;
DROP FUNCTION withholding_decided_once();
DROP TRIGGER snapshot_reason_withheld ON scoring_rankingsnapshot;
DROP TRIGGER snapshot_append_only ON scoring_rankingsnapshot;
DROP TRIGGER entry_words_withheld ON scoring_pointentry;
DROP TRIGGER entry_append_only ON scoring_pointentry;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_pointentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_rankingsnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
DROP FUNCTION withheld_reason_only();
DROP FUNCTION withheld_words_only();
"""
OPEN_OR_DONE = Q(state__in=["asked", "granted"])


def person(**more: bool) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=django.db.models.deletion.PROTECT, related_name="+", db_index=False, **more
    )


def text_of(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        model, on_delete=django.db.models.deletion.PROTECT, null=True, blank=True, related_name="+"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("scoring", "0008_public_reasons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Withholding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry", text_of("scoring.pointentry")),
                ("ranking", text_of("scoring.rankingsnapshot")),
                (
                    "place",
                    models.CharField(blank=True, db_collation="C", max_length=20, verbose_name="所在地代码"),
                ),
                ("digest", models.BinaryField(max_length=32, verbose_name="原文指纹")),
                (
                    "after",
                    models.BinaryField(blank=True, max_length=32, null=True, verbose_name="替换后的行指纹"),
                ),
                ("shown", models.CharField(max_length=200, verbose_name="替换的文字")),
                ("public_reason", models.CharField(choices=REASONS, max_length=20, verbose_name="公开的原因")),
                ("ground", models.CharField(choices=GROUNDS, max_length=20, verbose_name="法律依据")),
                ("why", models.CharField(max_length=200, verbose_name="为什么")),
                ("state", models.CharField(default="asked", max_length=10, verbose_name="状态")),
                ("asked_by", person()),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("decided_by", person(null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="不同意的原因")),
            ],
            options={
                "ordering": ["-id"],
                "verbose_name": "依法不再公开",
                "constraints": [
                    models.CheckConstraint(condition=Q(entry=None) ^ Q(ranking=None), name="withholding_of_one_text"),
                    models.CheckConstraint(
                        condition=Q(state__in=["asked", "granted", "refused"]), name="withholding_state_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(ground__in=[code for code, _ in GROUNDS]), name="withholding_ground_known"
                    ),
                    models.CheckConstraint(
                        condition=Q(public_reason__in=[code for code, _ in REASONS]), name="withholding_reason_listed"
                    ),
                    models.CheckConstraint(condition=~Q(why=""), name="withholding_says_why"),
                    models.CheckConstraint(
                        condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                        name="withholding_needs_two_people",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="asked", decided_by=None, decided_at=None, answer="")
                        | Q(state="granted", decided_by__isnull=False, decided_at__isnull=False, answer="")
                        | Q(state="refused", decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""),
                        name="withholding_decision_complete",
                    ),
                    models.UniqueConstraint("entry", condition=OPEN_OR_DONE, name="withholding_once_of_an_entry"),
                    models.UniqueConstraint("ranking", condition=OPEN_OR_DONE, name="withholding_once_of_a_ranking"),
                ],
            },
        ),
        migrations.AddIndex(
            "pointentry",
            models.Index("id", condition=Q(kind__in=["restate", "adjust"]), name="entry_put_right"),
        ),
        migrations.RunSQL(GUARDS, GUARDS_DOWN),
    ]
